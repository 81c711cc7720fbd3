// [data-key="n"] is clicked by that key, as long as nothing is being typed and no other key is held.
(() => {
  const typing = (element) => element.closest("input, select, textarea, button, summary, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!target || target.disabled) return;
    event.preventDefault();
    target.click();
  });
})();
