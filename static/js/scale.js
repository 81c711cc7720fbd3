// form[data-scales]: each fieldset[data-weight] holds the radio buttons of one mark. A digit chooses a mark while one of
// them has the focus; a comma or a point and a second digit, typed within a second, choose what lies between. The weighted
// mean of what is marked stands in [data-mean], how many are marked in [data-marked]. [data-characters=ID] counts a text. Words: data-one, data-more.
(() => {
  const PATIENCE = 1000;
  const form = document.querySelector("form[data-scales]");
  if (!form) return;

  const mean = form.querySelector("[data-mean]");
  const marked = form.querySelector("[data-marked]");
  const two = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const whole = new Intl.NumberFormat(document.documentElement.lang);
  const plural = (count, { one, more }) => (count < 2 ? one : more).replace("{}", whole.format(count));

  const showTotal = () => {
    let sum = 0, weights = 0, count = 0;
    form.querySelectorAll("fieldset[data-weight]").forEach((scale) => {
      const chosen = scale.querySelector("input:checked");
      if (!chosen) return;
      sum += Number(chosen.value) * Number(scale.dataset.weight);
      weights += Number(scale.dataset.weight);
      count += 1;
    });
    mean.textContent = count ? two.format(Math.round((sum / weights) * 1e9) / 1e9) : "—";
    marked.textContent = plural(count, marked.dataset);
  };

  let typed = "", since = 0, last = null;
  const choose = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9.,]$/.test(event.key)) return;
    const scale = event.target.type === "radio" && event.target.closest(".scale");
    if (!scale) return;
    event.preventDefault();
    const before = scale === last && event.timeStamp - since < PATIENCE ? typed : "";
    const radios = [...scale.querySelectorAll("input")];
    const named = (text) => radios.find((one) => Number(one.value) === Number(text.replace(",", ".")));
    const found = [before + event.key, event.key].find((text) => /[0-9]/.test(text) && named(text));
    typed = found || "";
    [since, last] = [event.timeStamp, scale];
    if (!found) return;
    named(found).focus();
    named(found).click();
  };

  form.querySelectorAll("[data-characters]").forEach((line) => {
    const field = document.getElementById(line.dataset.characters);
    const show = () => { line.textContent = plural(globalThis.typedText.length(field.value), line.dataset); };
    field.addEventListener("input", show);
    show();
  });
  form.addEventListener("change", showTotal);
  form.addEventListener("keydown", choose);
  showTotal();
})();
