// The tab of evaluation: brings a report to life when it has come (showReport is report.js's), and ends the one before it.
// Gradio turns the elements of a shown report into those of the next one: only the class `alive` tells them apart.
(() => {
  let end = null; // of the report that is alive
  new MutationObserver(() => {
    const report = document.querySelector("#eval-report .report");
    if (report?.classList.contains("alive")) return;
    end?.();
    end = null;
    if (!report?.querySelector("#data")) return;
    report.classList.add("alive");
    report.querySelector("form.filters")?.reset(); // what was typed for the former one
    end = showReport(report);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
