// form[data-upload]: says at once what the server would refuse of the chosen file, and shows how much of it has left. The
// form is sent as it would be without this script, and the page that answers takes the place of this one; an answer that
// is no page of the portal, and a broken line, have a sentence beside the field. The words stand in data-* of the form.
(() => {
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  const progressOf = (form) => {
    const box = form.querySelector("[data-progress]") || form.appendChild(document.createElement("div"));
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    const words = Object.assign(document.createElement("p"), { className: "hint num" });
    box.dataset.progress = "";
    bar.setAttribute("aria-label", form.dataset.sending);
    words.setAttribute("role", "status");
    box.replaceChildren(bar, words);
    return (done, total) => {
      bar.value = total ? (100 * done) / total : 0;
      words.textContent = done < total ? form.dataset.sent.replace("{done}", megabytes(done)).replace("{all}", megabytes(total)) : form.dataset.judging;
    };
  };

  // A sentence beside the field, or none. It stands where the server's own would.
  const say = (form, sentence) => {
    const field = form.querySelector("input[type=file]");
    const id = `${field.id}-said`;
    form.querySelectorAll(".invalid-feedback").forEach((one) => one.remove());
    const hints = (field.getAttribute("aria-describedby") || "").split(" ").filter((one) => document.getElementById(one));
    field.classList.toggle("is-invalid", Boolean(sentence));
    if (sentence) {
      const place = Object.assign(document.createElement("div"), { id, className: "invalid-feedback", textContent: sentence });
      place.setAttribute("role", "alert");
      field.after(place);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", [...hints, id].join(" "));
    } else {
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", hints.join(" "));
    }
  };

  // What the server would refuse before it reads the file: its format by its name, its weight.
  const problemOf = (form, field) => {
    const [file] = field.files;
    if (!file) return "";
    const [extension] = file.name.toLowerCase().match(/\.[a-z0-9]{1,8}$/) || [""];
    const limit = Number(form.dataset.maxBytes);
    if (!extension) return form.dataset.noFormat;
    if (!field.accept.split(",").includes(extension)) return form.dataset.format.replace("{extension}", extension);
    if (file.size === 0) return form.dataset.empty;
    if (file.size <= limit) return "";
    const octets = form.dataset.octets.replace("{count}", file.size.toLocaleString(document.documentElement.lang));
    if (megabytes(file.size) === megabytes(limit)) return form.dataset.tooBigByLittle.replace("{size}", octets);
    return form.dataset.tooBig.replace("{size}", `${megabytes(file.size)}\u00a0Mo`);
  };

  const send = (form, submitter) => {
    const request = new XMLHttpRequest();
    const show = progressOf(form);
    const failed = (sentence) => {
      form.querySelector("[data-progress]").remove();
      if (submitter) submitter.disabled = false;
      say(form, sentence);
    };
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => show(event.loaded, event.total));
    request.addEventListener("error", () => failed(form.dataset.broken));
    request.addEventListener("load", () => {
      const redirected = request.responseURL && request.responseURL !== form.action;
      const known = { 413: form.dataset.answer413, 429: form.dataset.answer429, 502: form.dataset.answer502, 503: form.dataset.answer502, 504: form.dataset.answer504 };
      if (request.status < 400 && redirected) location.assign(request.responseURL);
      else if (known[request.status]) failed(known[request.status]);
      else if (!showAnswer(request.responseText)) failed(form.dataset.broken);
    });
    request.send(new FormData(form, submitter));
    if (submitter) submitter.disabled = true;
  };

  // A refused file answers with the page and its error summary: its main part takes the place of ours.
  const showAnswer = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const main = answer.querySelector("main");
    if (!main) return false;
    document.title = answer.title;
    document.querySelector("main").replaceWith(main);
    document.querySelectorAll("form[data-upload]").forEach(watch);
    if (window.htmx) window.htmx.process(main);
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
    return true;
  };

  const watch = (form) => {
    const field = form.querySelector("input[type=file]");
    field.addEventListener("change", () => say(form, problemOf(form, field)));
    form.addEventListener("submit", (event) => {
      if (!form.hasAttribute("data-upload") || !field.files.length) return;
      event.preventDefault();
      const problem = problemOf(form, field);
      say(form, problem);
      if (problem) field.focus();
      else send(form, event.submitter);
    });
  };

  document.querySelectorAll("form[data-upload]").forEach(watch);
})();
