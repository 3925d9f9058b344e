// Conversations, kept in this browser: the server keeps none. A reload or a click in the list sends one back, and the server
// looks every quotation up again before it is shown.
(() => {
  const INDEX = "assistant.conversations"; // [{id, title, last, changed, turns}], newest first
  const CURRENT = "assistant.current"; // of this window: two windows may hold two conversations
  const FULL = "This browser has no room for more conversations: save some and delete them under History.";
  const { element } = assistant;
  const keyOf = (id) => `assistant.conversation.${id}`;
  let current = null; // {id, changed, turns: [...], token}: what this window shows, and the server's token of it

  // ── storage ───────────────────────────────────────────────────────────────────────────────────────────────────────
  function read(key, missing) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? missing;
    } catch {
      return missing; // storage that is switched off, or somebody else's data
    }
  }

  function index() {
    const all = read(INDEX, []);
    return Array.isArray(all) ? all.filter((one) => typeof one?.id === "string") : [];
  }

  // Whether there was room for it.
  function save(conversation) {
    const { id, turns } = conversation;
    const changed = (conversation.changed = new Date().toISOString());
    const others = index().filter((one) => one.id !== id);
    const isNew = others.length === index().length;
    try {
      localStorage.setItem(keyOf(id), JSON.stringify({ id, changed, turns }));
      const [title, last] = [turns[0].question, turns.at(-1).question];
      localStorage.setItem(INDEX, JSON.stringify([{ id, title, last, changed, turns: turns.length }, ...others]));
      return true;
    } catch {
      if (isNew) localStorage.removeItem(keyOf(id)); // or nothing would lead to it
      return false;
    }
  }

  function remove(id) {
    localStorage.removeItem(keyOf(id));
    localStorage.setItem(INDEX, JSON.stringify(index().filter((one) => one.id !== id)));
  }

  function hold(conversation) {
    current = conversation;
    try {
      if (conversation) sessionStorage.setItem(CURRENT, conversation.id);
      else sessionStorage.removeItem(CURRENT);
    } catch {
      // nothing is kept then, and nothing is lost that was
    }
  }

  // The conversation after an answer, all of it: what is kept is what is shown.
  function keep({ token, turns, dropped }) {
    const untouched = () => read(keyOf(current.id), null)?.changed === current.changed; // by another window, or the list
    // What a retry drops is no loss: the conversation as it was stays, the new one is another.
    const goesOn = current?.token === token && dropped < 2 && untouched();
    const id = goesOn ? current.id : (crypto.randomUUID?.() ?? String(Math.random()).slice(2));
    const next = { id, token, turns };
    if (!save(next)) assistant.say(FULL);
    else if (dropped > 1) assistant.say("What was asked after it stays in the history.");
    hold(next);
  }

  // An answer that is coming is stopped first: it belongs to the conversation that is left.
  async function open(id) {
    const { turns } = read(keyOf(id), null) ?? {};
    if (!Array.isArray(turns) || !turns.length) return;
    if (assistant.answering()) document.getElementById("stop-button").click();
    while (assistant.answering()) await new Promise((resolve) => setTimeout(resolve, 50));
    assistant.send("ask-channel", { do: "open", name: id, conversation: turns });
  }

  // ── what the server says ──────────────────────────────────────────────────────────────────────────────────────────
  function download({ name, type, text }) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  assistant.listen("ask-messages", (message) => {
    if (message.turns) keep(message);
    if (message.opened) hold({ ...read(keyOf(message.opened), null), id: message.opened, token: message.token });
    if (message.cleared) hold(null);
    document.body.classList.toggle("talking", Boolean(current));
    if (message.file) download(message.file);
    if (message.said) assistant.say(message.said);
  });

  // ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────
  function row({ id, title, last, changed, turns }) {
    const day = new Date(changed);
    const when = Number.isNaN(day.getTime()) ? "" : day.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const many = `${Number(turns) || 0} question${Number(turns) === 1 ? "" : "s"}`;
    const opener = element(
      "button",
      { type: "button", className: "open" },
      element("span", { className: "title", textContent: String(title), dir: "auto" }),
      element("span", { className: "facts", textContent: [when, many].filter(Boolean).join(" · ") }),
      ...(last && turns > 1 ? [element("span", { className: "facts", textContent: `Last: ${last}`, dir: "auto" })] : []),
    );
    if (id === current?.id) opener.setAttribute("aria-current", "true");
    const remover = element("button", { type: "button", className: "remove", textContent: "Delete" });
    remover.setAttribute("aria-label", `Delete: ${title}`);
    const item = element("li", {}, opener, remover);
    opener.addEventListener("click", () => {
      item.closest("dialog").close();
      open(id);
    });
    remover.addEventListener("click", () => forget(item, id));
    return item;
  }

  // Deleted once the list closes: until then it can be taken back.
  function forget(item, id) {
    const gone = element("button", { type: "button", textContent: "Undo" });
    const former = [...item.children];
    item.dataset.gone = id;
    item.replaceChildren(element("span", { className: "facts", textContent: "Deleted." }), gone);
    gone.addEventListener("click", () => {
      delete item.dataset.gone;
      item.replaceChildren(...former);
      former.at(-1).focus();
    });
    gone.focus();
  }

  function showList() {
    const rows = index().map(row);
    const none = element("p", { className: "facts", textContent: "None yet. A conversation is kept as soon as it has an answer." });
    const close = element("button", { type: "button", textContent: "Close" });
    const dialog = element(
      "dialog",
      { id: "history" },
      element("h2", { textContent: "Conversations", id: "history-title" }),
      element("p", { className: "facts", textContent: "Kept in this browser only. Opened again, every quotation is looked up anew." }),
      rows.length ? element("ol", {}, ...rows) : none,
      close,
    );
    dialog.setAttribute("aria-labelledby", "history-title");
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      for (const { dataset } of dialog.querySelectorAll("[data-gone]")) remove(dataset.gone);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#talk-bar [data-history]")) showList();
    const format = event.target.closest?.("#talk-bar [data-save]")?.dataset.save;
    if (format) assistant.send("ask-channel", { do: "save", format });
  });

  // After a reload this window's conversation comes back.
  try {
    const id = sessionStorage.getItem(CURRENT);
    if (id) open(id);
  } catch {
    // storage is switched off
  }
})();
