// The conversation: a question asked again or in other words, suggested questions, the keys of this tab.
(() => {
  const ONE_AT_A_TIME = "This question is being answered. Stop ends it.";
  const DRAFT = "assistant.draft"; // of this window: the words that no answer has kept when it is left or loaded again
  const composer = () => document.querySelector("#question textarea");
  let editing = null; // {turn, was, words}: the question that is being edited, which a new answer takes off the page

  // Whether the question is on its way.
  function ask(command) {
    const free = !assistant.answering();
    if (free) assistant.send("asking-channel", { do: "ask", ...command });
    else assistant.say(ONE_AT_A_TIME);
    return free;
  }

  const wordsOf = (asked) => [...asked.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");

  // In place of the question a field with its words; the turns after it go once it is asked.
  function edit(turn, words) {
    const asked = turn.querySelector(".asked");
    if (!asked || turn.querySelector(".editing")) return;
    editing = { turn: turn.id, was: wordsOf(asked), words: words ?? wordsOf(asked) };
    const field = assistant.element("textarea", { value: editing.words, rows: Math.min(6, 1 + Math.ceil(editing.words.length / 60)), dir: "auto" });
    field.setAttribute("aria-label", "Your question, in other words");
    const later = turn.nextElementSibling ? " What was asked after it stays in the history." : "";
    const form = assistant.element(
      "form",
      { className: "editing" },
      field,
      assistant.element("p", { className: "hint", textContent: `It is asked again with the filters as they are set now.${later}` }),
      assistant.element("button", { type: "submit", className: "main", textContent: "Ask" }),
      assistant.element("button", { type: "button", textContent: "Cancel" }),
    );
    const close = () => {
      editing = null;
      form.remove();
      asked.hidden = false;
      turn.querySelector('[data-do="edit"]')?.focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim() || ask({ question: field.value, from: Number(turn.dataset.turn) })) close();
    });
    field.addEventListener("input", () => (editing.words = field.value));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && event.target === field) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.lastElementChild.addEventListener("click", close);
    asked.hidden = true;
    asked.after(form);
    field.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#talk [data-do], #talk [data-ask]");
    if (!button) return;
    const turn = button.closest(".turn");
    if (button.dataset.ask) ask({ question: button.dataset.ask });
    else if (button.dataset.do === "edit") edit(turn);
    else if (button.dataset.do === "again") ask({ from: Number(turn.dataset.turn) });
    else if (button.dataset.do === "check" && document.querySelector("#verdict .progress")) assistant.say("Another text is being checked. Stop under Check ends it.");
    else if (button.dataset.do === "check") assistant.send("check-channel", { do: "check", text: button.dataset.text, as_of: button.dataset.asOf });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === composer() && assistant.answering()) assistant.say(ONE_AT_A_TIME);
    if (event.key === "Escape" && event.target === composer()) composer().blur(); // the arrows step through the citations again
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || assistant.typing()) return;
    if (!composer()?.offsetParent || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    composer().focus();
  });

  // A question that came to no answer goes back into its field, unless another one is being written there.
  function giveBack(question) {
    if (!question || composer().value.trim()) return;
    composer().value = question;
    composer().dispatchEvent(new Event("input", { bubbles: true }));
  }
  assistant.listen("ask-messages", ({ unanswered }) => giveBack(unanswered));

  // So does one that was being written, or answered, when the page was loaded again.
  let draft = "";
  try {
    draft = sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    // storage that is switched off
  }
  addEventListener("pagehide", () => {
    const asked = document.querySelector("#live .turn.pending .asked");
    const words = composer()?.value.trim() || (asked ? wordsOf(asked) : "");
    try {
      if (words) sessionStorage.setItem(DRAFT, words);
      else sessionStorage.removeItem(DRAFT);
    } catch {
      // storage that is switched off, or full
    }
  });

  // A question that is being answered comes into view, and its answer when it is there.
  let wasLive = false;
  new MutationObserver(() => {
    if (draft && composer()) {
      const words = draft;
      draft = "";
      setTimeout(() => giveBack(words)); // once Gradio has put its own value in
    }
    const talk = document.getElementById("talk");
    const live = document.querySelector("#live .turn");
    if (live && !wasLive) assistant.bringUp(talk, live);
    if (!live && wasLive) assistant.bringUp(talk, document.querySelector("#turns .turn:last-of-type"));
    const suggested = document.querySelector("#follow-ups nav");
    const last = document.querySelector("#turns .turn:last-of-type .asked");
    const late = !last || wordsOf(last) !== suggested?.dataset.asked.trim(); // its conversation has gone on, or is gone
    if (suggested) suggested.hidden = late || !suggested.querySelector("li");
    if (editing && !document.querySelector("#turns .editing")) {
      const turn = document.getElementById(editing.turn);
      if (turn && wordsOf(turn.querySelector(".asked")) === editing.was) edit(turn, editing.words);
      else editing = null;
    }
    wasLive = Boolean(live);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
