// keptHere(form): what a person wrote into a form and the server has not taken yet, kept on this machine (localStorage)
// under that person and that form. form[data-sign-out]: whoever signs out leaves nothing of theirs here.
(() => {
  const prefixOf = (person) => `kept ${person} `;
  let isWiped = false; // signed out: what the page still sends as it is left is kept nowhere
  const namesWith = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

  globalThis.keptHere = (form) => {
    const prefix = `${prefixOf(document.body.dataset.person)}${form} `;
    const store = {
      works: true, // false once the machine refused to keep something: nothing may be promised then
      keep: (name, one) => { if (!isWiped) try { localStorage.setItem(prefix + name, JSON.stringify(one)); } catch { store.works = false; } },
      get: (name) => JSON.parse(localStorage.getItem(prefix + name)),
      drop: (name) => { try { localStorage.removeItem(prefix + name); } catch { store.works = false; } },
      names: () => { try { return namesWith(prefix); } catch { store.works = false; return []; } },
    };
    return store;
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-sign-out]")) return;
    const prefix = prefixOf(document.body.dataset.person);
    isWiped = true;
    try { namesWith(prefix).forEach((name) => localStorage.removeItem(prefix + name)); } catch { /* Nothing is kept here. */ }
  });
})();
