// form[data-autosave=URL] saves each field alone: 2 s after the last keystroke, at once when a choice changes or the
// page is left. A field may have its own address in data-autosave-url. What is sent: the form's CSRF token, the field's
// name and value (all its checked values), with the HX-Request header. What comes back: includes/_saved.html, whose
// words and role take the place of those of [data-saved]. A form with a hidden field « seen » (what its page was written
// over) sends it along, and takes the new one from data-seen of the answer. One request at a time, so that answers keep
// their order. All words stand in data-* of [data-saved].
// What could not be saved stays in this tab only (sessionStorage), is tried again each 10 s, and offered after a reload.
(() => {
  const PAUSE = 2000;
  const RETRY = 10000;
  const form = document.querySelector("form[data-autosave]");
  const saved = document.querySelector("[data-saved]");
  if (!form || !saved) return;
  const seen = form.elements.namedItem("seen");

  const waiting = new Map(); // field name → when its first unsaved change was made
  let timer = null;
  let running = null;

  const paris = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const told = document.querySelector("[data-now]"); // the server's time, where the page shows a time left
  const shift = told ? Date.parse(told.dataset.now) - Date.now() : 0;
  const addressOf = (name) => fieldOf(name).dataset.autosaveUrl || form.dataset.autosave || form.action;
  const fieldsOf = (name) => [...form.elements].filter((one) => one.name === name);
  const fieldOf = (name) => fieldsOf(name)[0];
  const valuesOf = (name) => new FormData(form).getAll(name).filter((value) => typeof value === "string");
  const keyOf = (name) => `autosave ${addressOf(name)} ${name}`;

  const say = (icon, words, failed) => {
    const use = saved.querySelector("use");
    saved.classList.toggle("saved-failed", failed);
    saved.setAttribute("role", failed ? "alert" : "status");
    if (use) use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icon}`);
    if (saved.lastChild.textContent.trim() !== words) saved.lastChild.textContent = ` ${words}`;
  };

  const showAnswer = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html").querySelector("[data-saved]");
    if (!answer) return false;
    saved.className = answer.className;
    saved.setAttribute("role", answer.getAttribute("role"));
    saved.replaceChildren(...answer.childNodes);
    if (seen && answer.dataset.seen) seen.value = answer.dataset.seen;
    return true;
  };

  const keep = (name) => sessionStorage.setItem(keyOf(name), JSON.stringify(valuesOf(name)));

  const fail = (name) => {
    keep(name);
    const since = paris.format(waiting.get(name));
    say("alert", saved.dataset.failed.replace("{}", since), true);
    later(RETRY);
  };

  const post = (name, values, leaving) => {
    const body = new URLSearchParams(values.map((value) => [name, value]));
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (!values.length) body.append(name, "");
    if (token) body.append("csrfmiddlewaretoken", token.value);
    if (seen) body.append("seen", seen.value);
    return fetch(addressOf(name), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: leaving, signal: AbortSignal.timeout(RETRY) });
  };

  // One field: true when the server has answered for it, be it by a refusal that says why.
  const saveField = async (name, leaving) => {
    const values = valuesOf(name);
    const since = waiting.get(name);
    try {
      const answer = await post(name, values, leaving);
      const heard = !answer.redirected && [200, 409, 422].includes(answer.status) && showAnswer(await answer.text());
      if (!heard) throw new Error(`autosave: ${answer.status}`);
      if (answer.status === 200) sessionStorage.removeItem(keyOf(name));
      else keep(name);
    } catch {
      fail(name);
      return false;
    }
    if (waiting.get(name) === since && String(values) === String(valuesOf(name))) waiting.delete(name);
    return true;
  };

  const save = async (leaving = false) => {
    for (const name of [...waiting.keys()]) {
      if (!(await saveField(name, leaving))) return;
    }
    if (waiting.size) later(PAUSE);
  };

  const run = (leaving) => {
    clearTimeout(timer);
    if (!running) running = save(leaving).finally(() => { running = null; });
    return running;
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => (running ? later(PAUSE) : run()), wait);
  };

  const changed = (event) => {
    const field = event.target;
    if (!field.name || field.type === "file" || field.dataset.autosave === "off") return;
    if (!waiting.has(field.name)) waiting.set(field.name, new Date(Date.now() + shift));
    if (saved.classList.contains("saved-failed")) keep(field.name);
    else say("edit", saved.dataset.editing, false);
    later(event.type === "change" ? 0 : PAUSE);
  };

  const set = (name, values) => {
    fieldsOf(name).forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.tagName !== "BUTTON") field.value = values[0] || "";
    });
    fieldOf(name).dispatchEvent(new Event("input", { bubbles: true }));
  };

  // After a reload: what this tab still holds and the page does not.
  const offer = () => {
    const names = [...new Set([...form.elements].map((field) => field.name))].filter((name) => name && sessionStorage.getItem(keyOf(name)));
    const held = new Map(names.map((name) => [name, JSON.parse(sessionStorage.getItem(keyOf(name)))]));
    held.forEach((values, name) => { if (String(values) === String(valuesOf(name))) { held.delete(name); sessionStorage.removeItem(keyOf(name)); } });
    if (!held.size) return;
    const box = Object.assign(document.createElement("div"), { className: "notice notice-limit" });
    const words = Object.assign(document.createElement("p"), { textContent: saved.dataset.held });
    const acts = Object.assign(document.createElement("p"), { className: "row-form" });
    const button = (className, text, act) => {
      const one = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
      one.addEventListener("click", () => { act(); box.remove(); });
      return one;
    };
    box.setAttribute("role", "status");
    acts.append(
      button("btn btn-secondary btn-sm", saved.dataset.take, () => held.forEach((values, name) => set(name, values))),
      button("linklike", saved.dataset.forget, () => held.forEach((_, name) => sessionStorage.removeItem(keyOf(name)))),
    );
    box.append(words, acts);
    form.before(box);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // The whole form is being sent: nothing older may arrive after it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    waiting.clear();
    if (!running) return;
    event.preventDefault();
    running.finally(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting.size) run(true);
  });
  offer();
})();
