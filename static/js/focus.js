// The error summary takes the focus when the page opens, so that it is read first.
(() => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
