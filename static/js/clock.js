// Time left, kept true between two pages: [data-until][data-now] are the server's instants, never the browser's clock.
// Each minute, each second in the last two, as hdh_portal/ground/french.py `left` writes it: change both together. The
// words of the page: data-day, data-days.
(() => {
  const NBSP = "\u00a0";
  const two = (value) => String(value).padStart(2, "0");
  const paris = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Europe/Paris", hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

  const words = (seconds, { day, days: more }) => {
    if (seconds < 120) {
      const minutes = Math.floor(seconds / 60);
      return (minutes ? `${minutes}${NBSP}min${NBSP}${two(seconds % 60)}` : `${seconds}`) + `${NBSP}s`;
    }
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor((seconds % 86400) / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (!days && !hours) return `${minutes}${NBSP}min`;
    return (days ? `${(days < 2 ? day : more).replace("{}", days)} ` : "") + `${hours}${NBSP}h${NBSP}${two(minutes)}${NBSP}min`;
  };

  const timeInParis = (instant, withSeconds) => {
    const part = Object.fromEntries(paris.formatToParts(instant).map(({ type, value }) => [type, value]));
    const minutes = `${Number(part.hour)}${NBSP}h${NBSP}${part.minute}`;
    return withSeconds ? `${minutes}${NBSP}min${NBSP}${part.second}${NBSP}s` : minutes;
  };

  // The server read its clock before the answer began to arrive; counted from there, we never promise too much time.
  const entry = performance.getEntriesByType("navigation")[0];
  const arrived = performance.timeOrigin + (entry ? entry.requestStart : 0);

  const show = (element) => {
    const until = Date.parse(element.dataset.until);
    const now = Date.parse(element.dataset.now) + Date.now() - arrived;
    const seconds = Math.max(0, Math.floor((until - now) / 1000));
    element.textContent = words(seconds, element.dataset);
    const clock = element.closest("[data-clock]");
    if (clock) {
      const time = clock.querySelector("[data-paris]");
      const hand = clock.querySelector("[data-hand]");
      const over = clock.querySelector("[data-over]");
      if (time) time.textContent = timeInParis(now, seconds < 120);
      if (hand) hand.setAttribute("cx", `${Math.min(100, Math.max(0, (3600 - (until - now) / 1000) / 39)).toFixed(2)}%`);
      if (over) over.hidden = seconds > 0;
    }
    if (seconds === 0) return;
    const rest = (until - now) % 1000 + 1;
    const wait = seconds < 121 ? rest : rest + (seconds % 60) * 1000;
    setTimeout(show, Math.min(wait, 60000), element);
  };

  document.querySelectorAll("[data-until][data-now]").forEach(show);
})();
