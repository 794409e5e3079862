// One key per act. Anything with data-key="x" is clicked (or focused, when it is a field) by that key: first inside the current row, then on the page.
// Rows are [data-row]; j and k move between them, Enter follows the row's own link because that link has the focus.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted-on");

  const FIELD = "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select";
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const rowNow = () => document.activeElement && document.activeElement.closest("[data-row]");
  const handleOf = (row) => row.querySelector("[data-open]") || row.querySelector("a, button");
  const shown = (element) => element.offsetParent !== null || element.closest("details:not([open])");
  const AWAITED_FOR = 3000;
  let awaited = null;
  let last = 0;

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(rowNow());
    last = at < 0 ? Math.min(all.length - 1, last) : Math.min(all.length - 1, Math.max(0, at + step));
    const next = all[last];
    const handle = handleOf(next);
    if (handle) handle.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function find(key, within) {
    return [...within.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(shown);
  }

  function use(element) {
    const closed = element.closest("details:not([open])");
    const isFolded = closed && !element.matches("summary");
    if (isFolded) closed.open = true;
    if (element.matches(FIELD)) {
      element.focus();
      if (element.select) element.select();
    } else if (isFolded) {
      // What nobody saw is shown first; the next key does it.
      element.focus();
    } else {
      element.click();
    }
  }

  function press(key) {
    const row = rowNow();
    const inRow = row && find(key, row);
    if (inRow) return use(inRow), true;
    const more = row && row.querySelector("[data-more]");
    if (more && (more.dataset.more || "").includes(key)) {
      // The row's further acts are fetched first; the key is pressed again once they are there.
      awaited = { key, row: row.id, at: Date.now() };
      more.click();
      return true;
    }
    const onPage = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((element) => shown(element) && !element.closest("[data-row]"));
    if (onPage) return use(onPage), true;
    return false;
  }

  // A key that is held down acts once; and the key that sent the page before does nothing on the next one until the person can have seen it.
  const PRESSED = "zhanggui.pressed", SEEN_AFTER = 600, AT_ONCE = 100;
  const began = performance.now();
  let pressed = { key: "", at: -AT_ONCE }, deaf = "", focused = null;
  try {
    deaf = sessionStorage.getItem(PRESSED) || "";
    sessionStorage.removeItem(PRESSED);
  } catch { /* a tab that remembers nothing */ }

  document.addEventListener("keydown", (event) => { if (!event.repeat) pressed = { key: event.key, at: performance.now() }; }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.matches && event.target.matches(FIELD);
    const isHasty = event.repeat || event.key === deaf && performance.now() - began < SEEN_AFTER;
    if (event.key === "Escape") {
      if (field) event.target.blur();
      document.querySelectorAll("details.me[open]").forEach((menu) => { menu.open = false; });
      const close = rowNow() && rowNow().querySelector("[data-close]");
      if (close && !field) close.click();
      return;
    }
    if (event.key === "Enter" && !field && (event.repeat || isHasty && event.target === focused)) return event.preventDefault();
    if (event.key === "Enter" && !event.defaultPrevented) return enter(event);
    if (field || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "ArrowDown" && rowNow()) { event.preventDefault(); return move(1); }
    if (event.key === "k" || event.key === "ArrowUp" && rowNow()) { event.preventDefault(); return move(-1); }
    if (event.key === "?") { event.preventDefault(); return showKeys(); }
    if (event.key.length === 1 && event.key !== " " && !isHasty && press(event.key)) event.preventDefault();
  });

  // Enter on a row's tick opens the row. In a form with several buttons it presses the one that is meant by it, or none: the first is often the opposite
  // of what was typed. Without scripts a hidden first button stands for the one that is meant, or does nothing.
  function enter(event) {
    const field = event.target;
    if (!field.matches || !field.matches("input") || ["submit", "button", "file", "reset", "image"].includes(field.type)) return;
    const isTick = field.matches("[type=checkbox], [type=radio]");
    const row = isTick && field.matches("[data-open]") && field.closest("[data-row]");
    const link = row && (row.querySelector("a[data-key=o]") || row.querySelector("a[href]"));
    if (link) return event.preventDefault(), link.click();
    const form = field.form;
    if (!form || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    const ways = [...form.elements].filter((each) => each.type === "submit" && !each.disabled);
    if (ways.length < 2) return;
    event.preventDefault();
    const meant = !isTick && ways.find((each) => each.matches("[data-enter]"));
    if (meant) form.requestSubmit(meant);
  }

  function showKeys() {
    const dialog = document.getElementById("keys");
    if (dialog && !dialog.open) dialog.showModal();
  }

  document.addEventListener("click", async (event) => {
    const target = event.target.closest("[data-keys], [data-copy]");
    if (!target) return;
    if (target.matches("[data-keys]")) return showKeys();
    const source = document.getElementById(target.dataset.copy);
    if (!source) return;
    await copied(source);
    const said = target.querySelector("[data-said]");
    if (said) said.textContent = target.dataset.done;
  });

  async function copied(source) {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      // Without https there is no clipboard: the text is selected, so that the person's own copy key does it.
      const range = document.createRange();
      range.selectNodeContents(source);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      document.execCommand("copy");
    }
  }

  document.addEventListener("submit", (event) => {
    // What takes long says so and is not sent twice. The button is only disabled once the form is on its way.
    const button = event.submitter && event.submitter.matches("[data-busy]") ? event.submitter : null;
    if (!button) return;
    button.textContent = button.dataset.busy;
    setTimeout(() => { button.disabled = true; }, 0);
  });
  // A form that is on its way is not sent again by a second click; what htmx sends it looks after itself.
  const TWICE = 2000;
  const sentAt = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    const before = sentAt.get(form), by = event.submitter;
    const isSame = before && (!before.by || !by || before.by === by) && Date.now() - before.at < TWICE;
    if (isSame) return event.preventDefault();
    sentAt.set(form, { by, at: Date.now() });
    try {
      if (performance.now() - pressed.at < AT_ONCE) sessionStorage.setItem(PRESSED, pressed.key);
    } catch { /* a tab that remembers nothing */ }
    // A form that came over the stream was drawn for everybody: its key is made here.
    const once = form.querySelector("input[name=once]");
    if (once && !once.value) once.value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  document.addEventListener("change", (event) => {
    // A filter's list sends its form at once; without scripts there is a button.
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });

  // A row that was exchanged takes the focus its predecessor had, so that the next key acts where the person is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const row = event.detail.target.closest("[data-row]");
    if (row) last = Math.max(0, rows().indexOf(row));
  });

  document.addEventListener("htmx:responseError", (event) => {
    const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main p");
    tell(told ? told.textContent : "");
  });
  document.addEventListener("htmx:sendError", () => tell(""));
  // A key whose answer did not come is forgotten: it must not act when the row is opened again later.
  const LOST = ["htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout", "htmx:swapError"];
  LOST.forEach((name) => document.addEventListener(name, () => { awaited = null; }));

  function tell(text) {
    const said = document.getElementById("said");
    if (!said) return;
    said.textContent = text || said.dataset.broken;
    setTimeout(() => { said.textContent = ""; }, 8000);
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt;
    if (row && row.matches && row.matches("[data-row]") && (!document.activeElement || document.activeElement === document.body)) {
      const handle = handleOf(row);
      if (handle) handle.focus({ preventScroll: true });
    }
    // Other parts of the page settle too; only what was fetched for the row answers its key.
    const asked = awaited && document.getElementById(awaited.row);
    if (!asked || !asked.contains(event.target)) return;
    const { key, at } = awaited;
    awaited = null;
    const element = rowNow() === asked && Date.now() - at < AWAITED_FOR && find(key, asked);
    if (element) use(element);
  });

  // --- after an act the person stands where they acted, and hears what came of it ---

  // Whoever comes back to this address later, or loads it again, is not told once more.
  const here = new URL(location.href);
  const news = ["done", "did", "marked", "saved", "wrote", "n", "whom"].filter((name) => here.searchParams.has(name));
  news.forEach((name) => here.searchParams.delete(name));
  if (news.length) history.replaceState(history.state, "", here);

  function stand() {
    const active = document.activeElement;
    if (active && active !== document.body || document.querySelector("main [autofocus]")) return;
    const notice = news.length ? document.querySelector("main .notice[role=status]") : null;
    const meant = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const row = meant && meant.closest("[data-row]");
    focused = row && rows().includes(row) && handleOf(row) || notice;
    if (!focused) return;
    if (focused === notice) notice.tabIndex = -1;
    else {
      last = rows().indexOf(row);
      if (notice) focused.setAttribute("aria-describedby", notice.id = notice.id || "told-now");
    }
    focused.focus({ preventScroll: true });
  }
  // Not before the browser has gone to the place that the address names, which takes the focus away.
  addEventListener("load", () => setTimeout(stand));
})();
