// The tab of checking: from a claim in the marked text to its card and back, and to the top of a verdict that has come.
(() => {
  const CLAIM = '#checked a[href^="#claim-"], #checked a[href^="#said-"]';

  // The focus goes along.
  function goTo(link) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (assistant.phone.matches) return target.scrollIntoView();
    const box = document.getElementById("check-result"); // it alone scrolls: scrollIntoView would move the page as well
    box.scrollTo({ top: target.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 20 });
  }

  // A check that starts or ends is seen from its top; on a phone it stands below the form.
  function bringUpResult() {
    const result = document.getElementById("check-result");
    result.scrollTo({ top: 0 });
    if (assistant.phone.matches) result.scrollIntoView();
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.(CLAIM);
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      goTo(link);
    },
    true,
  );

  let lastVerdict = "";
  new MutationObserver(() => {
    const verdict = document.querySelector("#verdict :is(.progress, .error, .verdict)")?.className ?? "";
    if (verdict && verdict !== lastVerdict) bringUpResult();
    lastVerdict = verdict;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
