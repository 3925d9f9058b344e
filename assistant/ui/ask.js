// The conversation: a question asked again or in other words, suggested questions, the keys of this tab.
(() => {
  const ask = (command) => assistant.send("asking-channel", { do: "ask", ...command });
  const composer = () => document.querySelector("#question textarea");

  // In place of the question a field with its words; the turns after it go once it is asked.
  function edit(turn) {
    const asked = turn.querySelector(".asked");
    if (!asked || turn.querySelector(".editing")) return;
    const words = [...asked.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");
    const field = assistant.element("textarea", { value: words, rows: Math.min(6, 1 + Math.ceil(words.length / 60)), dir: "auto" });
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
      form.remove();
      asked.hidden = false;
      turn.querySelector('[data-do="edit"]')?.focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) ask({ question: field.value, from: Number(turn.dataset.turn) });
      close();
    });
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
    else if (button.dataset.do === "check") assistant.send("check-channel", { do: "check", text: button.dataset.text, as_of: button.dataset.asOf });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || assistant.typing()) return;
    if (!composer()?.offsetParent || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    composer().focus();
  });

  // A question that is being answered comes into view, and its answer when it is there.
  let wasLive = false;
  new MutationObserver(() => {
    const talk = document.getElementById("talk");
    const live = document.querySelector("#live .turn");
    if (live && !wasLive) assistant.bringUp(talk, live);
    if (!live && wasLive) assistant.bringUp(talk, document.querySelector("#turns .turn:last-of-type"));
    wasLive = Boolean(live);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
