// Characters left under a text: [data-count=FIELD_ID][data-limit], in the words of data-left and data-over.
// Counts as the server does (text.js); never cuts.
(() => {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const strong = (text) => Object.assign(document.createElement("strong"), { textContent: text });

  document.querySelectorAll("[data-count]").forEach((line) => {
    const field = document.getElementById(line.dataset.count);
    const place = line.querySelector("[data-count-left]");
    if (!field || !place) return;
    const limit = Number(line.dataset.limit);
    const show = () => {
      const used = globalThis.typedText.length(field.value);
      const [before, after] = (used > limit ? place.dataset.over : place.dataset.left).split("{}");
      place.replaceChildren(before, strong(number.format(used > limit ? used : limit - used)), after);
    };
    field.addEventListener("input", show);
    show();
  });
})();
