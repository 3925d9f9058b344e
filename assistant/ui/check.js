// The tab of checking, all of it without a request: from a claim in the marked text to its card and back, from a sentence of
// evidence to its article and back, and to the top of a verdict that has come.
(() => {
  const CLAIM = '#checked :is(a[href^="#claim-"], a[href^="#said-"])';
  const PLACE = '#checked a[href^="#place-"]';
  const result = () => document.getElementById("check-result");
  const reader = () => document.getElementById("check-reader");
  const isReading = () => document.body.classList.contains("reading-source");
  let current = -1; // the claim that was gone to last, counted from 0
  let cameFrom = null; // the link to the article that is open

  // On a phone the whole page scrolls, elsewhere the verdict alone.
  function bringUp(target, above = 20) {
    if (assistant.phone.matches) target.scrollIntoView();
    else assistant.bringUp(result(), target, above);
  }

  // ── claims ────────────────────────────────────────────────────────────────────────────────────────────────────────
  // The focus goes along.
  function goTo(target) {
    if (!target) return;
    current = Number(target.id.match(/\d+$/)) - 1;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    bringUp(target);
  }

  function step(by) {
    const cards = document.querySelectorAll('#checked .card[id^="claim-"]');
    if (!cards.length) return false;
    goTo(cards[current < 0 && by < 0 ? cards.length - 1 : (current + by + cards.length) % cards.length]);
    return true;
  }

  // ── the article behind a sentence ─────────────────────────────────────────────────────────────────────────────────
  // The columns change their widths; what was clicked stays where it is.
  function setReading(reading, link) {
    const top = link?.getBoundingClientRect().top;
    document.body.classList.toggle("reading-source", reading);
    if (link && !assistant.phone.matches) result().scrollBy(0, link.getBoundingClientRect().top - top);
  }

  function open(link) {
    const mark = document.getElementById(link.hash.slice(1));
    if (!mark) return;
    for (const article of reader().querySelectorAll("article")) article.hidden = !article.contains(mark);
    reader().querySelector("[data-of]").textContent = mark.closest("article").dataset.title;
    setCurrent(link);
    if (!isReading() && assistant.phone.matches) history.pushState({ source: true }, ""); // its back button closes the sheet
    setReading(true, link);
    assistant.bringUp(reader(), mark, Math.max(130, reader().clientHeight * 0.3));
    for (const piece of reader().querySelectorAll(`[data-src="${mark.id}"]`)) {
      piece.classList.remove("flash");
      void piece.offsetWidth; // restarts the animation
      piece.classList.add("flash");
    }
    mark.focus({ preventScroll: true });
  }

  function setCurrent(link) {
    cameFrom?.removeAttribute("aria-current");
    cameFrom = link;
    cameFrom?.setAttribute("aria-current", "true");
  }

  function close() {
    if (!isReading()) return;
    const link = cameFrom;
    setReading(false, link);
    setCurrent(null);
    link?.focus({ preventScroll: true });
  }

  const goBack = () => (history.state?.source ? history.back() : close());

  // From marked words to the evidence that they are.
  function toEvidence(mark) {
    const link = document.querySelector(`#checked a[href="#${mark.dataset.src}"]`);
    if (!link) return;
    setCurrent(link);
    if (assistant.phone.matches) return goBack();
    bringUp(link.closest("figure"), 60);
    link.focus({ preventScroll: true });
  }

  // ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener(
    "click",
    (event) => {
      const at = event.target;
      if (at.closest?.("[data-close-source]")) return goBack();
      const mark = at.closest?.("#check-reader mark.place");
      if (mark && getSelection().isCollapsed) return toEvidence(mark); // whoever selects words is not asking
      const link = at.closest?.(`${CLAIM}, ${PLACE}`);
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (link.matches(PLACE)) open(link);
      else goTo(document.getElementById(link.hash.slice(1)));
    },
    true,
  );
  window.addEventListener("popstate", close);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("checker")?.offsetParent) return;
    if (event.key === "Escape" && isReading()) return goBack();
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || assistant.typing() || document.activeElement?.closest?.('[role="tablist"], summary')) return;
    if (step(by)) event.preventDefault();
  });

  // A check that starts or ends is seen from its top; on a phone it stands below the form.
  let lastVerdict = "";
  new MutationObserver(() => {
    const verdict = document.querySelector("#verdict :is(.progress, .error, .verdict, .stopped)")?.className ?? "";
    if (isReading() && !reader().querySelector("article:not([hidden])")) setReading(false, null); // it was of another text
    if (verdict && verdict !== lastVerdict) {
      current = -1;
      result().scrollTo({ top: 0 });
      if (assistant.phone.matches) result().scrollIntoView();
    }
    lastVerdict = verdict;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
