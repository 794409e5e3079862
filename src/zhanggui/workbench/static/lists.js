// The link from a thing back to its list leads to the list as it was left in this tab: narrowed down, searched, on its page.
(() => {
  "use strict";
  const LEFT = "zhanggui.lists", WHO = "zhanggui.who", LIST = /^\/[a-z_]+$/;

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
    const isSame = [...new URLSearchParams(link.search)].every(([name, value]) => before.get(name) === value || name === link.dataset.anyOf);
    if (isSame) link.search = asked;
  }
  ["click", "auxclick"].forEach((way) => document.addEventListener(way, lead, true));

  addEventListener("pagehide", () => {
    if (!LIST.test(location.pathname)) return;
    try {
      // Whoever has signed out leaves nothing behind.
      if (!sessionStorage.getItem(WHO)) return;
      sessionStorage.setItem(LEFT, JSON.stringify({ ...left(), [location.pathname]: location.search }));
    } catch { /* a tab that remembers nothing */ }
  });
})();
