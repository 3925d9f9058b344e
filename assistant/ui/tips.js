// A short explanation beside whatever has one: of a citation its source and its words, of anything else its `data-tip`.
(() => {
  const WITH_TIP = "a.cite[href], [data-tip]";
  const DELAY_MS = 120;
  let tip = null;
  let owner = null;
  let timer = 0;

  // Title, facts and marked words stand in the reader already; all of it is copied as text.
  function ofCitation(link) {
    const mark = document.getElementById(link.hash.slice(1));
    if (!mark) return null;
    const article = mark.closest("article");
    const entry = mark.closest(".pane")?.querySelector(`.sources a[href="#${article?.id}"]`);
    const quote = [...document.querySelectorAll(`#reader [data-src="${mark.id}"]`)].map((one) => one.textContent).join("");
    const part = (className, text) => assistant.element("span", { className, textContent: text, dir: "auto" });
    return [
      part("tip-title", entry?.querySelector(".title")?.textContent ?? ""),
      part("tip-facts", entry?.querySelector(".facts")?.textContent ?? ""),
      part("tip-quote", `“${quote}”`),
      part("tip-found", mark.dataset.found ?? ""),
    ].filter((one) => one.textContent);
  }

  function show(target) {
    const content = target.dataset.tip ? [target.dataset.tip] : ofCitation(target);
    if (!content) return;
    hide();
    owner = target;
    tip = assistant.element("div", { id: "tip", role: "tooltip" }, ...content);
    document.body.append(tip);
    target.setAttribute("aria-describedby", "tip");
    const box = target.getClientRects()[0] ?? target.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left), innerWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 6;
    const below = Math.min(box.bottom + 6, innerHeight - tip.offsetHeight - 8);
    tip.style.left = `${left}px`;
    tip.style.top = `${above < 8 ? below : above}px`;
  }

  function hide() {
    clearTimeout(timer);
    tip?.remove();
    owner?.removeAttribute("aria-describedby");
    tip = owner = null;
  }

  document.addEventListener("mouseover", (event) => {
    const target = event.target.closest?.(WITH_TIP);
    if (target === owner) return;
    hide();
    if (target) timer = setTimeout(show, DELAY_MS, target);
  });
  document.addEventListener("focusin", (event) => {
    const target = event.target.closest?.(WITH_TIP);
    if (target?.matches(":focus-visible")) show(target);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("button.state-word[data-tip]"); // for a finger, which hovers over nothing
    if (target) show(target);
    else hide();
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide(), true);
})();
