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
    for (const row of document.querySelectorAll("#table tr[aria-current]")) row.removeAttribute("aria-current");
    const row = isOpen() && shownId() ? openerOf(shownId())?.closest("tr") : null;
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  // A new table or a new report has new buttons: the focus goes to the one that stands for the one that had it.
  let focused = "";
  let rowsBefore = 0; // of a table that was asked for more
  document.addEventListener("focusin", ({ target }) => {
    const button = target.closest?.("#table [data-do]");
    const key = button && (button.dataset.id ? "id" : button.dataset.by ? "by" : "do");
    focused = key ? `#table [data-${key}="${CSS.escape(button.dataset[key])}"]` : "";
  });
  function keepFocus() {
    if (document.activeElement !== document.body || !focused) return;
    const next = rowsBefore ? document.querySelectorAll("#table .open")[rowsBefore] : null;
    rowsBefore = 0;
    (next ?? find(focused) ?? find("#search textarea, #search input")).focus({ preventScroll: true });
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

  let sheet = null;
  let listing = null;
  new MutationObserver(() => {
    const [newSheet, newListing] = [find("#preview .sheet"), find("#table table")];
    if (newListing !== listing) keepFocus();
    if (newSheet !== sheet && newSheet?.matches("[data-id]") && isOpen()) {
      find("#preview").scrollTo({ top: 0 });
      newSheet.querySelector("h2").focus({ preventScroll: true });
    }
    if (newSheet !== sheet || newListing !== listing) markRow();
    [sheet, listing] = [newSheet, newListing];
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
