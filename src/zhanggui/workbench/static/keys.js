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
    if (closed && !element.matches("summary")) closed.open = true;
    if (element.matches(FIELD)) {
      element.focus();
      if (element.select) element.select();
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
      awaited = { key, row: row.id };
      more.click();
      return true;
    }
    const onPage = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((element) => shown(element) && !element.closest("[data-row]"));
    if (onPage) return use(onPage), true;
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.matches && event.target.matches(FIELD);
    if (event.key === "Escape") {
      if (field) event.target.blur();
      document.querySelectorAll("details.me[open]").forEach((menu) => { menu.open = false; });
      const close = rowNow() && rowNow().querySelector("[data-close]");
      if (close && !field) close.click();
      return;
    }
    if (field || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "ArrowDown" && rowNow()) { event.preventDefault(); return move(1); }
    if (event.key === "k" || event.key === "ArrowUp" && rowNow()) { event.preventDefault(); return move(-1); }
    if (event.key === "?") { event.preventDefault(); return showKeys(); }
    if (event.key.length === 1 && event.key !== " " && press(event.key)) event.preventDefault();
  });

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
    const key = awaited.key;
    awaited = null;
    const element = find(key, asked);
    if (element) use(element);
  });
})();
