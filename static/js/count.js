// Characters left under a text: [data-count=FIELD_ID][data-limit]. Counts as the server does (text.js); never cuts.
(() => {
  const number = new Intl.NumberFormat("fr-FR");
  const strong = (text) => Object.assign(document.createElement("strong"), { textContent: text });

  document.querySelectorAll("[data-count]").forEach((line) => {
    const field = document.getElementById(line.dataset.count);
    const place = line.querySelector("[data-count-left]");
    if (!field || !place) return;
    const limit = Number(line.dataset.limit);
    const show = () => {
      const used = globalThis.typedText.length(field.value);
      if (used > limit) place.replaceChildren(strong(number.format(used)), ` sur ${number.format(limit)}`);
      else place.replaceChildren("Il en reste ", strong(number.format(limit - used)));
    };
    field.addEventListener("input", show);
    show();
  });
})();
