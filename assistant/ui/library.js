// The tab of the library: what its buttons ask for, the article beside the table (on a phone a sheet over it), its dialogs.
(() => {
  const find = (selector) => document.querySelector(selector);
  const isOpen = () => document.body.classList.contains("previewing");
  const openerOf = (id) => find(`#table [data-id="${CSS.escape(id)}"]`);
  const shownId = () => find("#preview .sheet")?.dataset.id ?? "";
  let cameFrom = ""; // the article from whose row the preview was opened: where focus returns

  function openPreview(id) {
    if (!isOpen()) {
      document.body.classList.add("previewing");
      if (assistant.phone.matches) history.pushState({ previewing: true }, ""); // the phone's back button closes the sheet
    }
    if (openerOf(id)) cameFrom = id;
  }

  function closePreview() {
    if (!isOpen()) return;
    document.body.classList.remove("previewing");
    markRow();
    (openerOf(cameFrom) ?? find("#search textarea, #search input"))?.focus();
  }

  const goBack = () => (history.state?.previewing ? history.back() : closePreview());

  // The table and the preview come apart from each other: the row of what is open is marked here.
  function markRow() {
    const row = isOpen() && shownId() ? openerOf(shownId())?.closest("tr") : null;
    for (const other of document.querySelectorAll("#table tr[aria-current]")) {
      if (other !== row) other.removeAttribute("aria-current");
    }
    if (!row || row.hasAttribute("aria-current")) return;
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
  }

  // A changed table may have lost the button that had the focus: it goes to the one that stands for it, or to the first
  // of the further rows that were asked for.
  let focused = "";
  let rowsBefore = 0;
  document.addEventListener("focusin", ({ target }) => {
    const button = target.closest?.("#table [data-do]");
    const key = button && (button.dataset.id ? "id" : button.dataset.by ? "by" : "do");
    focused = key ? `#table [data-${key}="${CSS.escape(button.dataset[key])}"]` : "";
  });
  function keepFocus() {
    const rows = document.querySelectorAll("#table .open");
    const further = rowsBefore ? rows[rowsBefore] : null;
    if (further) rowsBefore = 0;
    const lost = focused && document.activeElement === document.body;
    const next = further ?? (lost ? find(focused) ?? find("#search textarea, #search input") : null);
    next?.focus({ preventScroll: true });
  }

  function ask(button) {
    const { channel, ...command } = button.dataset;
    if (command.do === "open") openPreview(command.id);
    if (command.do === "more") rowsBefore = document.querySelectorAll("#table .open").length;
    if (channel === "rebuild-commands") find("#rebuilt").scrollIntoView({ block: "nearest" });
    button.closest("dialog")?.close();
    assistant.send(channel, command);
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("#library button");
    if (!button) return;
    if (button.dataset.channel) ask(button);
    else if (button.dataset.dialog) document.getElementById(button.dataset.dialog).showModal();
    else if ("dismiss" in button.dataset) button.closest("dialog").close();
    else if ("close" in button.dataset) goBack();
  });
  window.addEventListener("popstate", closePreview);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen() && !find("dialog[open]") && find("#preview").checkVisibility()) goBack();
  });

  // Another window may have changed the library: it is looked at again when this one comes back, and when the tab is opened.
  const look = () => find("#library")?.checkVisibility() && assistant.send("look-commands", {});
  window.addEventListener("focus", look);
  document.addEventListener("click", ({ target }) => target.closest?.('[role="tab"]') && setTimeout(look));

  // Gradio changes what is there into what comes, so that an element may stay and be another article's.
  const stateOf = (sheet) => (sheet ? `${sheet.className} ${sheet.dataset.id ?? ""}` : "");
  let lastState = "";
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.closest("#table"))) keepFocus();
    const sheet = find("#preview .sheet");
    if (stateOf(sheet) !== lastState && sheet?.hasAttribute("data-id") && isOpen()) {
      find("#preview").scrollTo({ top: 0 });
      sheet.querySelector("h2").focus({ preventScroll: true });
    }
    lastState = stateOf(sheet);
    markRow();
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-current", "data-id"] });
})();
