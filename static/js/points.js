// [data-remaining]: how many of the form's radio groups [data-point] have no answer, as they are answered. Words: data-one,
// data-more with {} for the number, data-none once each has its answer.
(() => {
  const line = document.querySelector("[data-remaining]");
  const form = line && line.closest("form");
  if (!form) return;

  const whole = new Intl.NumberFormat(document.documentElement.lang);
  const { one, more, none } = line.dataset;
  const show = () => {
    const points = [...form.querySelectorAll("[data-point]")];
    const left = points.filter((point) => !point.querySelector("input:checked")).length;
    line.textContent = left ? (left < 2 ? one : more).replace("{}", whole.format(left)) : none;
  };
  form.addEventListener("change", show);
  show(); // A page that comes back from the history shows what was chosen meanwhile.
})();
