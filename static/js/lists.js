// A list that htmx swaps in place (#list): where no answer comes, or none that is a page of the list (the session is
// over, the network is away), the browser goes there itself and shows what it meets. Whoever used a link of the list is
// put at its beginning, for the link is gone with the old list; a field keeps its place by its id.
document.addEventListener("DOMContentLoaded", () => {
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.body.addEventListener(failure, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  document.body.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) document.getElementById("list")?.focus({ preventScroll: true });
  });
});
