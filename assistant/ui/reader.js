// From a number in an answer to the words it rests on and back, without a request: every cited article is already in the page.
// One listener in the capture phase, so that Gradio's own link handling never sees these clicks.
(() => {
  const SOURCE = 'a[href^="#src-"], a[href^="#art-"]';
  const CITATION = '#turns a.cite[href^="#src-"]';
  const reader = () => document.getElementById("reader");
  let current = null; // the citation that the reader shows, by its address: it outlives a redrawn conversation
  const judgements = new Map(); // by a citation's address: what a reader made of it, once that is kept
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
    const lead = target === article ? 60 : Math.max(130, box.clientHeight * 0.3);
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
    if (link.matches(CITATION)) current = link.hash;
    drawBar();
  }

  // ── the bar: which citation this is, and what a reader makes of it ────────────────────────────────────────────────
  // One link for each place, in reading order.
  function places() {
    const seen = new Map();
    for (const link of document.querySelectorAll(CITATION)) if (!seen.has(link.hash)) seen.set(link.hash, link);
    return [...seen.values()];
  }

  function drawBar() {
    const all = places();
    const at = all.findIndex((link) => link.hash === current);
    for (const link of document.querySelectorAll(CITATION)) link.classList.toggle("current", link.hash === current);
    const bar = document.querySelector("#reader .reader-bar");
    if (!bar) return;
    const said = at < 0 ? `${all.length} citation${all.length === 1 ? "" : "s"}` : `${at + 1} of ${all.length}`;
    if (bar.querySelector("[data-at]").textContent !== said) bar.querySelector("[data-at]").textContent = said;
    bar.querySelector(".judge").hidden = at < 0;
    for (const button of bar.querySelectorAll("[data-judge]")) {
      if (judgements.get(current) === button.dataset.judge) button.setAttribute("aria-pressed", "true");
      else button.removeAttribute("aria-pressed");
    }
  }

  // From the citation that is shown to its neighbour; to the first of the last answer where none is.
  function step(by) {
    const all = places();
    const at = all.findIndex((link) => link.hash === current);
    const ofLast = all.findIndex((link) => link.hash.startsWith(all.at(-1)?.hash.replace(/\d+$/, "")));
    const next = at < 0 ? all[ofLast] : all[(at + by + all.length) % all.length];
    if (!next) return;
    follow(next);
    assistant.bringUp(document.getElementById("talk"), next, 120);
  }

  function judge(button) {
    const [, turn, marker] = current?.match(/^#src-(\d+)-(\d+)$/) ?? [];
    if (!turn) return;
    assistant.send("ask-channel", { do: "judge", turn: Number(turn), marker: Number(marker), judgement: button.dataset.judge });
  }

  assistant.listen("ask-messages", ({ judged = {}, cleared, opened }) => {
    if (cleared || opened) judgements.clear();
    for (const [id, judgement] of Object.entries(judged)) judgements.set(`#${id}`, judgement);
    drawBar();
  });

  // ── from the words to what rests on them ──────────────────────────────────────────────────────────────────────────
  function lightUp(mark) {
    const resting = document.querySelectorAll(`#turns .stated[data-rests~="${mark.dataset.src}"]`);
    for (const one of document.querySelectorAll("#turns .stated.lit")) one.classList.remove("lit");
    for (const one of resting) one.classList.add("lit");
    current = "#" + mark.dataset.src;
    drawBar();
    if (!resting.length) return;
    if (assistant.phone.matches) goBack();
    assistant.bringUp(document.getElementById("talk"), resting[0], 80);
  }

  document.addEventListener(
    "click",
    (event) => {
      const at = event.target;
      if (at.closest?.("[data-back]")) return goBack();
      const steps = at.closest?.("#reader [data-step]");
      if (steps) return step(Number(steps.dataset.step));
      const judged = at.closest?.("#reader [data-judge]");
      if (judged) return judge(judged);
      const mark = at.closest?.("#reader mark.src");
      if (mark && getSelection().isCollapsed) return lightUp(mark); // whoever selects words is not asking
      const link = at.closest?.(SOURCE);
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      follow(link);
    },
    true,
  );
  window.addEventListener("popstate", closeSheet);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const inReader = document.activeElement?.matches?.("#reader mark.src");
    if (event.key === "Escape" && document.body.classList.contains("reading")) goBack();
    else if (event.key === "Escape" && inReader) document.querySelector(`${CITATION}.current`)?.focus();
    else if (event.key === "Enter" && inReader) lightUp(document.activeElement);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const elsewhere = assistant.typing() || document.activeElement?.closest?.('[role="tablist"], .scroll, summary');
      if (elsewhere || !document.getElementById("turns")?.offsetParent) return;
      event.preventDefault();
      step(event.key === "ArrowRight" ? 1 : -1);
    }
  });

  // The sources of a new answer open at their first mark; what was shown stays shown when the conversation is redrawn.
  let lastTurn = "";
  new MutationObserver(() => {
    if (!reader()) return;
    drawBar();
    const panes = document.querySelectorAll("#reader .pane");
    const newest = panes[panes.length - 1]?.dataset.turn ?? "";
    if (newest === lastTurn) return;
    lastTurn = newest;
    current = null;
    const pane = document.querySelector("#reader .pane:not([hidden])");
    const mark = !assistant.phone.matches && pane?.querySelector("article:not([hidden]) mark.src");
    if (mark) show(mark, false);
    drawBar();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
