// [data-poll=URL] is fetched again until its answer no longer asks for it: a document that is being made, a state.
// The answer is the element's new HTML (the server answers the part because of the HX-Request header).
(() => {
  const first = 1000;
  const most = 10000;

  const replace = (element, html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!fresh) return null;
    element.replaceWith(fresh);
    return fresh.matches("[data-poll]") ? fresh : fresh.querySelector("[data-poll]");
  };

  const poll = async (element, wait) => {
    if (!element.isConnected) return;
    let next = element;
    try {
      const answer = await fetch(element.dataset.poll, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (answer.redirected || answer.status === 404) return;
      if (answer.ok) next = replace(element, await answer.text());
    } catch {
      // The network is away: the next turn tries again.
    }
    if (next) setTimeout(poll, wait, next, Math.min(wait * 1.5, most));
  };

  const watch = () => document.querySelectorAll("[data-poll]").forEach((element) => setTimeout(poll, first, element, first));
  watch();
  document.addEventListener("main-replaced", watch); // by the upload of a file
})();
