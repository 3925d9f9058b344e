// Conversations, kept in this browser: the server keeps none. A reload or a click in the list sends one back, and the server
// looks every quotation up again before it is shown.
(() => {
  const INDEX = "assistant.conversations"; // [{id, title, changed, turns}], newest first
  const CURRENT = "assistant.current"; // of this window: two windows may hold two conversations
  const FULL = "This browser has no room for more conversations: save some and delete them under History.";
  const { element } = assistant;
  const keyOf = (id) => `assistant.conversation.${id}`;
  let current = null; // {id, changed, turns: [...]}

  // ── storage ───────────────────────────────────────────────────────────────────────────────────────────────────────
  function read(key, missing) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? missing;
    } catch {
      return missing; // storage that is switched off, or somebody else's data
    }
  }

  const index = () => read(INDEX, []).filter((one) => typeof one?.id === "string");

  // Whether there was room for it.
  function save(conversation) {
    const { id, turns } = conversation;
    conversation.changed = new Date().toISOString();
    const entry = { id, title: turns[0].question, changed: conversation.changed, turns: turns.length };
    try {
      localStorage.setItem(keyOf(id), JSON.stringify(conversation));
      localStorage.setItem(INDEX, JSON.stringify([entry, ...index().filter((one) => one.id !== id)]));
      return true;
    } catch {
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

  const started = (turns) => ({ id: crypto.randomUUID?.() ?? String(Math.random()).slice(2), turns });

  // A new answer: after the turns `before`, in place of those `dropped`.
  function keep({ turn, before, dropped }) {
    const known = current?.turns ?? [];
    const numbers = (turns) => turns.map((one) => one.turn).join();
    const goesOn = numbers(known) === [...before, ...dropped].join();
    const elsewhere = current && read(keyOf(current.id), null)?.changed !== current.changed; // another window wrote it
    const kept = goesOn ? known.slice(0, before.length) : [];
    // What a retry drops is no loss: the conversation as it was stays, the new one is another.
    const branches = !goesOn || elsewhere || dropped.length > 1;
    const next = branches || !current ? started([...kept, turn]) : { ...current, turns: [...kept, turn] };
    hold(next);
    document.body.classList.add("talking");
    if (!save(next)) say(FULL);
  }

  function open(id) {
    const conversation = read(keyOf(id), null);
    if (!Array.isArray(conversation?.turns) || !conversation.turns.length) return hold(null);
    hold(conversation);
    document.body.classList.add("talking");
    assistant.send("ask-channel", { do: "open", conversation: conversation.turns });
  }

  // ── what the server says ──────────────────────────────────────────────────────────────────────────────────────────
  function say(text) {
    let line = document.getElementById("said");
    if (!line) document.body.append((line = element("p", { id: "said", role: "status" })));
    line.textContent = text;
    line.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => (line.hidden = true), 8000);
  }

  function download({ name, type, text }) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  assistant.listen("ask-messages", (message) => {
    if (message.turn) keep(message);
    if (message.cleared || message.failed) {
      hold(null);
      document.body.classList.remove("talking");
    }
    if (message.file) download(message.file);
    if (message.said) say(message.said);
  });

  // ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────
  function row({ id, title, changed, turns }) {
    const day = new Date(changed);
    const when = Number.isNaN(day.getTime()) ? "" : day.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const many = `${Number(turns) || 0} question${Number(turns) === 1 ? "" : "s"}`;
    const opener = element(
      "button",
      { type: "button", className: "open" },
      element("span", { className: "title", textContent: String(title), dir: "auto" }),
      element("span", { className: "facts", textContent: [when, many].filter(Boolean).join(" · ") }),
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
      for (const { dataset } of dialog.querySelectorAll("[data-gone]")) {
        remove(dataset.gone);
        if (dataset.gone === current?.id) current.changed = ""; // goes on as another one
      }
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
