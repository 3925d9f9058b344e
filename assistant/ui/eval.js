// The tab of evaluation: brings a report to life when it has come (showReport is report.js's), and shows where it begins.
(() => {
  new MutationObserver(() => {
    const report = document.querySelector("#eval-report .report:not(.alive)");
    if (!report?.querySelector("#data")) return;
    report.classList.add("alive");
    showReport(report);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
