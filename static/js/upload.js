// form[data-upload]: shows how much of the file has left. The form is sent as it would be without this script, and the
// page that answers takes the place of this one; if anything fails, the plain form is sent instead. The words stand in
// data-* of the form.
(() => {
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  const progressOf = (form) => {
    const box = form.querySelector("[data-progress]") || form.appendChild(document.createElement("div"));
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    const words = Object.assign(document.createElement("p"), { className: "hint num" });
    bar.setAttribute("aria-label", form.dataset.sending);
    words.setAttribute("role", "status");
    box.replaceChildren(bar, words);
    return (done, total) => {
      bar.value = total ? (100 * done) / total : 0;
      words.textContent = done < total ? form.dataset.sent.replace("{done}", megabytes(done)).replace("{all}", megabytes(total)) : form.dataset.judging;
    };
  };

  const plain = (form, submitter) => {
    form.removeAttribute("data-upload");
    if (submitter) submitter.disabled = false;
    form.requestSubmit();
  };

  const send = (form, submitter) => {
    const request = new XMLHttpRequest();
    const show = progressOf(form);
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => show(event.loaded, event.total));
    request.addEventListener("error", () => plain(form, submitter));
    request.addEventListener("load", () => {
      const redirected = request.responseURL && request.responseURL !== form.action;
      if (request.status < 400 && redirected) location.assign(request.responseURL);
      else showAnswer(request.responseText);
    });
    request.send(new FormData(form, submitter));
    if (submitter) submitter.disabled = true;
  };

  // A refused file answers with the page and its error summary: its main part takes the place of ours.
  const showAnswer = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const main = answer.querySelector("main");
    if (!main) return location.reload();
    document.title = answer.title;
    document.querySelector("main").replaceWith(main);
    document.querySelectorAll("form[data-upload]").forEach(watch);
    if (window.htmx) window.htmx.process(main);
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  const watch = (form) => {
    form.addEventListener("submit", (event) => {
      const chosen = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
      if (!form.hasAttribute("data-upload") || !chosen) return;
      event.preventDefault();
      send(form, event.submitter);
    });
  };

  document.querySelectorAll("form[data-upload]").forEach(watch);
})();
