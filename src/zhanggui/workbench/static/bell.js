// Keeps the bell of the bar up to date while somebody is at the page: once a minute, and no longer once nobody has touched the page for half a day, so that
// an open page does not keep a sign-in alive for ever.
(() => {
  "use strict";
  const EVERY = 60000, AWAY_AFTER = 12 * 3600 * 1000;
  let touchedAt = Date.now();
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true });

  async function look() {
    const bell = document.getElementById("bell");
    if (!bell || document.hidden || Date.now() - touchedAt > AWAY_AFTER) return;
    try {
      const answer = await fetch("/alerts/bell", { headers: { "HX-Request": "true" }, redirect: "manual", cache: "no-store" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("bell");
      if (!fresh || fresh.title === bell.title) return;
      const held = document.activeElement === bell;
      bell.replaceWith(fresh);
      if (held) fresh.focus({ preventScroll: true });
    } catch {
      // the house does not answer; the page itself tells that
    }
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
