// What was typed into a form that was not taken, or that another form's answer would have wiped, is put back where the form is shown next, and marked.
// It lies in this tab alone, never a password, a code or a file, and is gone at the sign-out.
(() => {
  "use strict";
  const OURS = "zhanggui.", WHO = OURS + "who", SENT = OURS + "sent", KEPT = OURS + "typed";
  const LASTS = 12 * 3600 * 1000;
  const FIELD = "textarea, select, input:not([type=hidden]):not([type=file]):not([type=submit]):not([type=button])";
  const SECRET = "[type=password], [autocomplete=one-time-code], [data-secret]";
  // Told by the house anew with every showing, so they do not say what a form is about.
  const PASSING = ["_csrf_token", "once", "back", "seen", "saw", "after", "version", "claim", "case_on", "advise"];

  // --- what the tab remembers ---

  function read(name) {
    try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
  }

  function write(name, told) {
    try { sessionStorage.setItem(name, JSON.stringify(told)); } catch { /* full, or not allowed: then nothing is put back */ }
  }

  function drop(name) {
    try { sessionStorage.removeItem(name); } catch { /* nothing there */ }
  }

  function forgetAll() {
    try {
      Object.keys(sessionStorage).filter((name) => name.startsWith(OURS)).forEach(drop);
    } catch { /* nothing to forget */ }
  }

  // What one person typed is not for the next one at this machine; every tab forgets when one signs out.
  const who = document.body.dataset.who;
  if (who && read(WHO) !== who) forgetAll();
  if (who) write(WHO, who);
  const others = "BroadcastChannel" in window ? new BroadcastChannel(OURS + "out") : null;
  if (others) others.addEventListener("message", forgetAll);

  // --- a form and its fields ---

  const actionOf = (form) => new URL(form.getAttribute("action") || "", location.href).pathname;
  const isPost = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";
  // The inbox keeps its answers by itself.
  const isKept = (form) => isPost(form) && !form.matches("[data-thread]") && ![...form.elements].some((each) => each.matches(SECRET));
  const isTick = (field) => field.matches("[type=checkbox], [type=radio]");
  const fieldsOf = (form) => [...form.elements].filter((each) => each.name && each.matches(FIELD));
  const whichOf = (field) => isTick(field) ? field.value : "";
  const alike = (all, told) => all.filter((field) => field.name === told.name && whichOf(field) === told.which);
  const held = (field) => isTick(field) ? field.checked : field.value;

  function shown(field) {
    if (isTick(field)) return field.defaultChecked;
    if (!field.matches("select")) return field.defaultValue;
    const chosen = [...field.options].find((option) => option.defaultSelected) || field.options[0];
    return chosen ? chosen.value : "";
  }

  // Where the house drew a form again as it was typed: what stood there before.
  const stood = new WeakMap();
  const was = (field) => stood.has(field) ? stood.get(field) : shown(field);

  function markOf(form) {
    const about = [...form.elements].filter((each) => each.type === "hidden" && !PASSING.includes(each.name));
    return JSON.stringify([actionOf(form), ...about.map((each) => [each.name, each.value])]);
  }

  function typedIn(form) {
    const all = fieldsOf(form);
    const fields = all.filter((field) => held(field) !== was(field)).map((field) => {
      const told = { name: field.name, which: whichOf(field), isSaid: field.matches("textarea, input") && !isTick(field), held: held(field), was: was(field) };
      const those = alike(all, told);
      return { ...told, nth: those.indexOf(field), of: those.length };
    });
    return fields.length ? { mark: markOf(form), at: Date.now(), fields } : null;
  }

  // --- on its way ---

  // On the window, so that whoever sends a form by other means has said so by now.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("target")) return;
    if (actionOf(form) === "/sign-out") {
      forgetAll();
      if (others) others.postMessage("");
      return;
    }
    const beside = [...document.forms].filter((each) => each !== form && isKept(each)).map(typedIn).filter(Boolean);
    write(SENT, { own: isKept(form) ? typedIn(form) : null, beside });
  });

  // A page that comes back out of the browser's memory is loaded anew: what it sent has had no answer.
  addEventListener("pageshow", (event) => {
    const sent = event.persisted && read(SENT);
    if (sent) write(SENT, { ...sent, isBack: true });
  });

  // --- and back ---

  function isUnsent(sent) {
    const [came] = performance.getEntriesByType("navigation");
    return Boolean(document.querySelector("[data-unsent]") || sent.isBack || came && came.type === "back_forward");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const sent = read(SENT) || { own: null, beside: [] };
    drop(SENT);
    const own = sent.own ? [sent.own] : [], unsent = isUnsent(sent);
    const still = (read(KEPT) || []).filter((each) => Date.now() - each.at < LASTS && (!sent.own || each.mark !== sent.own.mark));
    if (unsent) still.push(...own, ...sent.beside);
    const done = new Set();
    for (const form of [...document.forms].filter(isKept)) {
      if (!unsent) own.filter((each) => fits(form, each)).forEach((each) => remember(form, each));
      const told = [...still, ...sent.beside].find((each) => !done.has(each) && fits(form, each));
      if (!told) continue;
      done.add(told);
      putBack(form, told);
    }
    const left = still.filter((each) => !done.has(each));
    if (left.length) write(KEPT, left);
    else drop(KEPT);
  });

  function fits(form, record) {
    return markOf(form) === record.mark && record.fields.every((told) => form.elements.namedItem(told.name));
  }

  function fieldOf(form, told) {
    const those = alike(fieldsOf(form), told);
    return those.length === told.of ? those[told.nth] : null;
  }

  function remember(form, record) {
    for (const told of record.fields) {
      const field = fieldOf(form, told);
      if (field && held(field) === told.held) stood.set(field, told.was);
    }
  }

  function putBack(form, record) {
    remember(form, record);
    const words = [];
    let isAny = false;
    for (const told of record.fields) {
      const field = fieldOf(form, told);
      if (field && held(field) === told.held) continue;
      // What somebody else has changed meanwhile is not laid over: the typed words stand beside it.
      const isBack = field && shown(field) === told.was && take(field, told.held);
      if (isBack) field.classList.add("putback");
      else if (told.isSaid && told.held) words.push(told.held);
      isAny = isAny || isBack;
    }
    if (isAny || words.length) say(form, words);
  }

  function take(field, value) {
    if (isTick(field)) field.checked = value;
    else if (field.matches("select") && ![...field.options].some((option) => option.value === value)) return false;
    else field.value = value;
    field.dispatchEvent(new Event(isTick(field) ? "change" : "input", { bubbles: true }));
    return true;
  }

  function say(form, words) {
    const told = document.createElement("div"), sentence = document.createElement("p");
    told.className = "notice warn typedagain";
    told.setAttribute("role", "status");
    sentence.textContent = document.body.dataset.again;
    told.append(sentence, ...words.map((each) => {
      const quote = document.createElement("blockquote");
      quote.className = "draft";
      quote.textContent = each;
      return quote;
    }));
    const fold = form.closest("details:not([open])");
    if (fold) fold.open = true;
    form.before(told);
  }
})();
