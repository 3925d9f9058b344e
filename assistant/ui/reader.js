// From a number in an answer to the words it rests on, without a request: every cited article is already in the page.
// One listener in the capture phase, so that Gradio's own link handling never sees these clicks.
(() => {
  const SOURCE = 'a[href^="#src-"], a[href^="#art-"]';
  const reader = () => document.getElementById("reader");
  let cameFrom = null; // where focus returns when the sheet closes

  function only(shown, all) {
    for (const element of all) element.hidden = element !== shown;
  }

  // Opens the article that holds `target` (a mark or the article itself) and brings `target` into view.
  function show(target, flash) {
    const article = target.closest("article");
    const pane = target.closest(".pane");
    only(pane, reader().querySelectorAll(".pane"));
    only(article, pane.querySelectorAll("article"));
    for (const entry of pane.querySelectorAll(".sources a")) {
      if (entry.hash === "#" + article.id) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
    const box = reader();
    const top = target.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    const lead = target === article ? 12 : Math.max(90, box.clientHeight * 0.3);
    box.scrollTo({ top: top < box.clientHeight * 0.7 ? 0 : top - lead }); // the list of sources stays, if it can
    if (!flash) return;
    for (const piece of reader().querySelectorAll(`[data-src="${target.id}"]`)) {
      piece.classList.remove("flash");
      void piece.offsetWidth; // restarts the animation
      piece.classList.add("flash");
    }
  }

  function openSheet(link) {
    if (!assistant.phone.matches || document.body.classList.contains("reading")) return;
    cameFrom = link;
    document.body.classList.add("reading");
    history.pushState({ reading: true }, ""); // the phone's back button closes the sheet, not the conversation
  }

  function closeSheet() {
    if (!document.body.classList.contains("reading")) return;
    document.body.classList.remove("reading");
    cameFrom?.focus();
  }

  const goBack = () => (history.state?.reading ? history.back() : closeSheet());

  function follow(link) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    openSheet(link);
    show(target, link.hash.startsWith("#src-"));
    if (target.matches("mark")) target.focus({ preventScroll: true });
    for (const other of document.querySelectorAll("a.cite.current")) other.classList.remove("current");
    if (link.matches(".cite")) link.classList.add("current");
  }

  // Scrolls the conversation only: scrollIntoView would move the page under the header as well.
  function bringUp(turn) {
    if (!turn) return;
    const talk = document.getElementById("talk");
    talk.scrollTo({ top: turn.getBoundingClientRect().top - talk.getBoundingClientRect().top + talk.scrollTop - 20 });
  }

  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest?.("[data-back]")) return goBack();
      const link = event.target.closest?.(SOURCE);
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      follow(link);
    },
    true,
  );
  window.addEventListener("popstate", closeSheet);
  document.addEventListener("keydown", (event) => event.key === "Escape" && document.body.classList.contains("reading") && goBack());

  // A question that is being answered comes into view; the sources of a new answer open at their first mark.
  let lastTurn = "";
  let wasLive = false;
  new MutationObserver(() => {
    const live = document.querySelector("#live .turn");
    if (live && !wasLive) bringUp(live);
    if (!live && wasLive) bringUp(document.querySelector("#turns .turn:last-of-type"));
    wasLive = Boolean(live);
    const pane = document.querySelector("#reader .pane:not([hidden])");
    const turn = pane?.dataset.turn ?? "";
    const panes = document.querySelectorAll("#reader .pane");
    const newest = panes[panes.length - 1]?.dataset.turn ?? "";
    if (newest === lastTurn) return;
    lastTurn = newest;
    const mark = turn && !assistant.phone.matches && pane.querySelector("article:not([hidden]) mark.src");
    if (mark) show(mark, false);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
