// form[data-autosave=URL] is saved as it is written: 2 s after the last keystroke, at once when a choice changes or the
// page is left. One request carries all that waits: the fields that changed (all checked values of each), the form's CSRF
// token, what the page showed of these fields (the hidden « seen »), and the HX-Request header. What comes back is
// includes/_saved.html: its words and role take the place of those of [data-saved], its data-seen is joined to « seen »,
// and fields that somebody else changed meanwhile go to [data-clashes], where the person chooses. « Enregistré » is said
// when nothing waits. What the server read in a number or an amount (data-read) is said under it ([data-read-of]).
// [data-autosave-words] is shown by this script alone. All words stand in data-* of [data-saved].
// A newer value of a field names the older ones that were sent and not answered: what the page itself wrote is no conflict.
// What is written stays on this machine under the person and the form until the server has it (kept.js): it outlives the
// tab, and is offered again to the same person.
(() => {
  const PAUSE = 2000;
  const RETRY = 10000;
  const MOST = 60000; // bytes that a page may still send while it is left
  const MOST_UNHEARD = 3; // older values of a field that are sent with a newer one
  const form = document.querySelector("form[data-autosave]");
  const saved = document.querySelector("[data-saved]");
  if (!form || !saved) return;
  const seen = form.elements.namedItem("seen");
  const kept = globalThis.keptHere(form.dataset.autosave);

  const waiting = new Map(); // field name → when its first unsaved change was made
  const flying = new Map(); // field name → the values that a request under way carries
  const last = new Map(); // field name → the values that were sent last
  const unheard = new Map(); // field name → [{turn, values}] of what was sent and not answered: the server may have it
  const heard = new Map(); // field name → the turn of the last request that was answered
  const unsettled = new Set(); // fields that the server did not take: in conflict, or refused
  let timer = null;
  let running = 0;
  let turns = 0;
  let isOver = false; // signed out, or the page is no more what it was: nothing is tried again

  const paris = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Europe/Paris", dateStyle: "long", timeStyle: "short" });
  const told = document.querySelector("[data-now]"); // the server's time, where the page shows a time left
  const shift = told ? Date.parse(told.dataset.now) - Date.now() : 0;
  const fieldsOf = (name) => [...form.elements].filter((one) => one.name === name && one.tagName !== "BUTTON");
  const valuesOf = (name) => new FormData(form).getAll(name).filter((value) => typeof value === "string");
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const marks = () => JSON.parse(seen.value || "{}");
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const say = (icon, words, failed, ...link) => {
    const use = saved.querySelector("use");
    saved.classList.toggle("saved-failed", failed);
    saved.setAttribute("role", failed ? "alert" : "status");
    if (use) use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icon}`);
    if (saved.lastElementChild !== saved.firstElementChild) saved.lastElementChild.remove();
    if (saved.lastChild.textContent.trim() !== words) saved.lastChild.textContent = ` ${words} `;
    if (link.length) saved.append(make("a", { href: link[0], textContent: link[1] }));
  };
  const editing = () => { if (!saved.classList.contains("saved-failed")) say("edit", saved.dataset.editing, false); };
  const sentOf = (name) => (unheard.get(name) || []).map((one) => one.values);
  const keep = (name) => kept.keep(name, { values: valuesOf(name), mark: marks()[name] || "", sent: sentOf(name), at: Date.now() + shift });
  const since = () => paris.format(Math.min(...waiting.values()));

  const fail = () => {
    if (!waiting.size) return;
    say("alert", (kept.works ? saved.dataset.failed : saved.dataset.unkept).replace("{}", since()), true);
    later(RETRY);
  };
  const end = (words, ...link) => {
    isOver = true;
    clearTimeout(timer);
    say("alert", kept.works ? words : saved.dataset.copy, true, ...link);
  };

  const showClashes = (answer) => {
    const box = form.querySelector("[data-clashes]");
    const list = box.querySelector("[data-clash-list]");
    if (!list) box.replaceChildren(...answer.querySelector("[data-clashes]").childNodes);
    else answer.querySelectorAll("[data-clash]").forEach((clash) => {
      const old = list.querySelector(`[data-clash="${CSS.escape(clash.dataset.clash)}"]`);
      const [begun, both] = [old, clash].map((one) => one?.querySelector("textarea"));
      if (begun && both && begun.value !== begun.defaultValue) both.value = begun.value;
      if (old) old.replaceWith(clash);
      else list.append(clash);
    });
  };

  const tellRead = (name, words) => {
    const place = form.querySelector(`[data-read-of="${CSS.escape(name)}"]`);
    if (place) place.textContent = words;
  };

  // What the server said of these fields; true if it said anything that this page understands.
  const hear = async (answer, sent, turn) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector("[data-saved]");
    if (!said) return false;
    const clashing = new Set([...page.querySelectorAll("[data-clash]")].map((one) => one.dataset.clash));
    const isTaken = answer.status === 200 || clashing.size > 0;
    const taken = JSON.parse(said.dataset.seen || "{}");
    sent.forEach((values, name) => {
      if (turn > (heard.get(name) || 0)) return;
      sent.delete(name); // A later request was answered before.
      delete taken[name];
    });
    seen.value = JSON.stringify({ ...marks(), ...taken });
    sent.forEach((values, name) => {
      heard.set(name, turn);
      unheard.set(name, (unheard.get(name) || []).filter((one) => one.turn > turn));
      const isNewer = !same(values, valuesOf(name));
      if (isTaken && !clashing.has(name)) {
        unsettled.delete(name);
        if (isNewer) keep(name);
        else { kept.drop(name); waiting.delete(name); }
      } else {
        unsettled.add(name);
        if (!isNewer) waiting.delete(name);
      }
    });
    Object.entries(JSON.parse(said.dataset.read || "{}")).forEach(([name, words]) => { if (sent.has(name)) tellRead(name, words); });
    if (clashing.size) showClashes(page);
    if (answer.status === 200 && (waiting.size || unsettled.size)) return true;
    saved.className = said.className;
    saved.setAttribute("role", said.getAttribute("role"));
    saved.replaceChildren(...said.childNodes);
    return true;
  };

  const bodyOf = (names) => {
    const body = new URLSearchParams();
    names.forEach((name) => { const values = valuesOf(name); (values.length ? values : [""]).forEach((value) => body.append(name, value)); });
    const shown = marks();
    names.forEach((name) => sentOf(name).forEach((values) => body.append(`sent-${name}`, JSON.stringify(values))));
    body.append("seen", JSON.stringify(Object.fromEntries(names.map((name) => [name, shown[name] || ""]))));
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    return body;
  };

  const send = async (names) => {
    const body = bodyOf(names);
    const sent = new Map(names.map((name) => [name, valuesOf(name)]));
    const turn = (turns += 1);
    sent.forEach((values, name) => {
      flying.set(name, values);
      last.set(name, values);
      unheard.set(name, [...(unheard.get(name) || []).filter((one) => !same(one.values, values)), { turn, values }].slice(-MOST_UNHEARD));
      if (waiting.has(name)) keep(name);
    });
    running += 1;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: body.toString().length < MOST, signal: AbortSignal.timeout(RETRY) });
      if (answer.redirected || [401, 403].includes(answer.status)) end(saved.dataset.ended, `${saved.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`, saved.dataset.toSignIn);
      else if (answer.status === 422 && names.length > 1) return names.reduce((before, name) => before.then(() => send([name])), Promise.resolve());
      else if ([200, 409, 422].includes(answer.status)) { if (!(await hear(answer, sent, turn))) fail(); }
      else if (answer.status < 500 && answer.status !== 429) end(saved.dataset.gone, location.pathname, saved.dataset.toReload);
      else fail();
    } catch {
      fail();
    } finally {
      sent.forEach((values, name) => { if (flying.get(name) === values) flying.delete(name); });
      running -= 1;
    }
  };

  const run = async () => {
    clearTimeout(timer);
    if (running || isOver || !waiting.size) return;
    await send([...waiting.keys()]);
    if (waiting.size && !isOver && !saved.classList.contains("saved-failed")) later(0);
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => (running ? later(PAUSE / 10) : run()), wait);
  };

  // The page is left: what no request carries yet goes now, the shortest texts first, for a page that is left may send
  // only so much. What is lost on the way is kept here and offered again.
  const leave = () => {
    if (isOver) return;
    const size = (names) => bodyOf(names).toString().length;
    const names = [...waiting.keys()].filter((name) => !same(flying.get(name), valuesOf(name))).sort((one, other) => size([one]) - size([other]));
    const fitting = [];
    names.forEach((name) => { if (size([...fitting, name]) < MOST) fitting.push(name); });
    if (fitting.length) send(fitting);
  };

  const changed = ({ target: field, type }) => {
    if (!field.name || field.type === "file" || field.dataset.autosave === "off") return;
    // A field that is left says that it changed, also where what it holds was sent before.
    if (!waiting.has(field.name) && last.has(field.name) && same(last.get(field.name), valuesOf(field.name))) return;
    if (!waiting.has(field.name)) waiting.set(field.name, Date.now() + shift);
    keep(field.name);
    if (isOver) return;
    tellRead(field.name, "");
    editing();
    later(type === "change" ? 0 : PAUSE);
  };

  const set = (name, { values, mark, sent }) => {
    unheard.set(name, (sent || []).map((one) => ({ turn: 0, values: one })));
    fieldsOf(name).forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0] || "";
    });
    seen.value = JSON.stringify({ ...marks(), [name]: mark });
    fieldsOf(name)[0].dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A row that never reached the server has no place in a page that was opened anew: it takes that of the row to fill.
  const makeRoom = (name) => {
    const spare = form.querySelector("[data-spare-row]");
    const before = (text) => text.slice(0, text.lastIndexOf("-"));
    const row = before(name);
    if (fieldsOf(name).length || !spare || before(row) !== before(spare.dataset.spareRow)) return;
    spare.querySelectorAll("[name]").forEach((field) => { field.name = row + field.name.slice(spare.dataset.spareRow.length); });
    spare.removeAttribute("data-spare-row");
  };

  const labelOf = (name) => {
    const field = fieldsOf(name)[0];
    const label = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset, [role=radiogroup]")?.querySelector("legend, .q") : field.labels[0];
    return label ? label.textContent.trim() : "";
  };

  // What this machine still holds for this person and the page does not show.
  const offer = () => {
    kept.names().forEach(makeRoom);
    const held = new Map(kept.names().filter((name) => fieldsOf(name).length).map((name) => [name, kept.get(name)]));
    held.forEach((one, name) => { if (same(one.values, valuesOf(name))) { held.delete(name); kept.drop(name); } });
    if (!held.size) return;
    const words = saved.lastChild.textContent.trim();
    say("edit", saved.dataset.choose, false);
    const at = day.format(Math.max(...[...held.values()].map((one) => one.at)));
    const box = make("div", { className: "notice notice-limit" });
    const list = make("dl", { className: "facts" });
    held.forEach((one, name) => list.append(make("dt", { textContent: labelOf(name) }), make("dd", { textContent: one.values.join(", ") || saved.dataset.nothing, className: "typed" })));
    const acts = make("p", { className: "row-form" });
    const button = (className, textContent, act) => {
      const one = make("button", { type: "button", className, textContent });
      one.addEventListener("click", () => { say("check", words, false); act(); box.remove(); });
      return one;
    };
    box.setAttribute("role", "status");
    acts.append(
      button("btn btn-secondary btn-sm", saved.dataset.take, () => held.forEach((one, name) => set(name, one))),
      button("linklike", saved.dataset.forget, () => held.forEach((_, name) => kept.drop(name))),
    );
    box.append(make("p", { textContent: saved.dataset.held.replace("{}", at) }), list, acts);
    form.before(box);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // The whole form is being sent: nothing older may arrive after it.
  let isSent = false;
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    form.querySelectorAll("[data-clash] input:checked").forEach((choice) => { if (choice.value.startsWith("theirs")) kept.drop(choice.closest("[data-clash]").dataset.clash); });
    isSent = true;
    if (!running) return;
    event.preventDefault();
    const again = () => (running ? setTimeout(again, PAUSE / 10) : form.requestSubmit(event.submitter));
    again();
  });
  const leaving = () => { if (!isSent && waiting.size) leave(); };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leaving(); });
  window.addEventListener("pagehide", leaving);
  // A page that the back button brings as it was left knows nothing of what was saved since.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  saved.hidden = false;
  document.querySelectorAll("[data-autosave-words]").forEach((words) => { words.hidden = false; });
  offer();
})();
