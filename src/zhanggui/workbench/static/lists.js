// The link from a thing back to its list leads to the list as it was left in this tab: narrowed down, searched, on its page.
(() => {
  "use strict";
  const LEFT = "zhanggui.lists", MOST = 20;

  function left() {
    try { return JSON.parse(sessionStorage.getItem(LEFT)) || {}; } catch { return {}; }
  }

  // When it is followed, and not before: a live page draws its links anew.
  function lead(event) {
    const link = event.target.closest && event.target.closest(".crumbs a");
    const asked = link && left()[link.pathname];
    if (!asked) return;
    const before = new URLSearchParams(asked);
    // What the link itself asks for, a shop or a kind of list, it still leads to.
    const isSame = [...new URLSearchParams(link.search)].every(([name, value]) => before.get(name) === value);
    if (isSame) link.search = asked;
  }
  ["click", "auxclick"].forEach((way) => document.addEventListener(way, lead, true));

  addEventListener("pagehide", () => {
    const { [location.pathname]: _, ...others } = left();
    const kept = [...Object.entries(others).slice(1 - MOST), [location.pathname, location.search]];
    try { sessionStorage.setItem(LEFT, JSON.stringify(Object.fromEntries(kept))); } catch { /* a tab that remembers nothing */ }
  });
})();
