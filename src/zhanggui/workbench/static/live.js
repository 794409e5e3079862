// Keeps the page in step with the house. The server sends the list as it now stands; what a person is using stays as they left it:
// what they type, what they have opened, what has the focus, and the row under their pointer.
(() => {
  "use strict";
  const REGION = "live";
  const NOTE_AFTER = 6000, POLL_EVERY = 30000, SILENT_FOR = 50000, HOLD = 600, LONGEST_HOLD = 3000, SPEAK_EVERY = 30000, HIDDEN_FOR = 5000, UNDO_STAYS = 3000;
  const FIELD = "input:not([type=hidden]):not([type=submit]):not([type=button]), textarea, select";

  const ASKING = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";

  let stream = null, number = "", isLive = false, isOver = false, failures = 0;
  let noteTimer = 0, pollTimer = 0, silence = 0, retry = 0;
  let waiting = null, holdTimer = 0, heldSince = 0, touchedAt = 0, hideTimer = 0;
  let unsaid = 0, spokenAt = 0, speakTimer = 0, hasBegun = false;
  const refused = new Map(), movedAt = new Map();

  const region = () => document.getElementById(REGION);
  const note = () => document.getElementById("livenote");

  // --- the stream ---

  function address() {
    const path = region().dataset.live;
    const since = number || region().dataset.stamp || "";
    return path + (path.includes("?") ? "&" : "?") + "since=" + encodeURIComponent(since);
  }

  function open() {
    if (stream || isOver || document.hidden || !region()) return;
    stream = new EventSource(address());
    noteTimer = noteTimer || setTimeout(() => degrade("broken"), NOTE_AFTER);
    stream.addEventListener("hello", alive);
    stream.addEventListener("beat", alive);
    stream.addEventListener("page", (event) => { alive(); number = event.lastEventId; take(event.data); });
    stream.addEventListener("over", over);
    stream.addEventListener("elsewhere", () => { shut(); pollLater(); });
    stream.addEventListener("error", failed);
    listenForSilence();
  }

  function shut() {
    if (stream) stream.close();
    stream = null;
    isLive = false;
    clearTimeout(silence); clearTimeout(noteTimer); clearTimeout(retry);
    noteTimer = 0;
  }

  function alive() {
    isLive = true;
    failures = 0;
    clearTimeout(noteTimer); clearTimeout(pollTimer);
    noteTimer = 0;
    say("");
    listenForSilence();
  }

  // A laptop that slept, or a network that is gone, may leave a stream that looks open.
  function listenForSilence() {
    clearTimeout(silence);
    silence = setTimeout(() => { shut(); open(); }, SILENT_FOR);
  }

  function failed() {
    isLive = false;
    noteTimer = noteTimer || setTimeout(() => degrade("broken"), NOTE_AFTER);
    // A lost connection the browser mends by itself; an answer that is no stream it takes for the last word.
    if (stream && stream.readyState === EventSource.CLOSED) {
      stream.close();
      stream = null;
      failures += 1;
      clearTimeout(retry);
      retry = setTimeout(open, Math.min(60000, 2000 * 2 ** failures) * (0.5 + Math.random()));
      // Perhaps the person has been signed out: the plain page tells.
      if (failures === 1) poll();
    }
  }

  function over() {
    isOver = true;
    shut();
    if (!isTyping(region())) return location.reload();
    say("over");
  }

  // --- without a stream ---

  function degrade(what) {
    noteTimer = 0;
    if (document.hidden) return;
    say(what);
    poll();
  }

  function pollLater() {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(poll, POLL_EVERY);
  }

  async function poll() {
    if (isLive || isOver || document.hidden) return;
    pollLater();
    try {
      const answer = await fetch(region().dataset.live, { headers: { Accept: "text/html" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return over();
      if (!answer.ok) return say("away");
      if (note() && !note().hidden) say("broken");
      const html = await answer.text();
      if (!isLive) { number = ""; region().dataset.stamp = ""; take(html); }
    } catch {
      say("away");
    }
  }

  function say(what) {
    const shown = note();
    if (!shown) return;
    const text = what ? shown.dataset[what] : "";
    if (shown.textContent !== text) shown.textContent = text;
    shown.hidden = !text;
  }

  // --- taking in what came ---

  // What comes tells of a row either all of it, or only its place where the page has it already: so what waits is never dropped, only laid over.
  function take(html) {
    const paper = document.createElement("template");
    paper.innerHTML = html;
    for (const stub of paper.content.querySelectorAll("[data-same]")) {
      const older = (waiting && waiting.getElementById(stub.id)) || refused.get(stub.id);
      if (older && !older.hasAttribute("data-same")) stub.replaceWith(older.cloneNode(true));
      else if (!document.getElementById(stub.id)) return again();
    }
    waiting = paper.content;
    heldSince = heldSince || Date.now();
    hold();
  }

  // The page lacks a row that it was believed to have: it asks for all of it.
  function again() {
    number = "";
    waiting = null;
    region().dataset.stamp = "";
    shut();
    retry = setTimeout(open, 1000);
  }

  // Nothing moves under a pointer that is on its way to a button, nor while a row waits for its own answer; then all moves at once.
  function hold() {
    clearTimeout(holdTimer);
    const rest = Math.max(HOLD - (Date.now() - touchedAt), region().querySelector(ASKING) ? 50 : 0);
    if (rest > 0 && Date.now() - heldSince < LONGEST_HOLD) holdTimer = setTimeout(hold, rest);
    else apply();
  }

  function apply() {
    const fresh = waiting;
    waiting = null;
    heldSince = 0;
    if (!fresh) return;
    const token = document.querySelector("header input[name=_csrf_token]");
    for (const field of fresh.querySelectorAll("input[name=_csrf_token]")) field.value = token ? token.value : "";
    const before = new Set(rows().map((row) => row.id));
    const focus = focused(), anchor = anchored();
    refused.clear();
    keepPlaces(fresh);
    Idiomorph.morph(region(), fresh, { morphStyle: "innerHTML", callbacks: { beforeNodeMorphed, beforeNodeRemoved, beforeAttributeUpdated } });
    htmx.process(region());
    refocus(focus);
    if (anchor && anchor.row.isConnected) scrollBy(0, anchor.row.getBoundingClientRect().top - anchor.top);
    welcome(rows().filter((row) => !before.has(row.id)));
    document.dispatchEvent(new CustomEvent("zhanggui:live"));
  }

  const rows = () => [...region().querySelectorAll("[data-row]")];

  function beforeNodeMorphed(old, next) {
    if (!(old instanceof Element)) return true;
    if (next.hasAttribute("data-same")) return old.id !== next.id;
    // A hidden field says what the button beside it is about, so it goes with the button; but where an answer's words were taken from is the person's.
    if (old.matches(FIELD) || old.matches("input:not([type=hidden]), #composer-script, #told, form.filters")) return false;
    if (old.matches("[data-theirs]") && next.matches("[data-theirs]")) return false;
    // What a person has opened or marked is theirs.
    if (old.matches(".panel") && old.childElementCount) return false;
    if (isMoved(old) && isJustMoved(old)) {
      refused.set(old.id, next.cloneNode(true));
      return false;
    }
    old.classList.remove("gone");
    return true;
  }

  // What was drawn before the mark was put may still be on its way.
  function isJustMoved(row) {
    if (!movedAt.has(row.id)) movedAt.set(row.id, Date.now());
    return Date.now() - movedAt.get(row.id) < UNDO_STAYS;
  }

  function beforeNodeRemoved(node) {
    if (!(node instanceof Element)) return true;
    const staying = [node, ...node.querySelectorAll("[data-row]")].filter((row) => row.matches("[data-row]") && isInUse(row));
    for (const row of staying) depart(row);
    return !staying.length && !isTyping(node) && !node.matches(".gonenote, .typedagain");
  }

  // Opened and closed by the person, not by the server.
  function beforeAttributeUpdated(name, element) {
    return !(name === "open" && element.matches("details"));
  }

  function isTyping(element) {
    const active = document.activeElement;
    if (active && active.matches(FIELD) && element.contains(active)) return true;
    return [...element.querySelectorAll(FIELD)].some(isFilledIn);
  }

  function isFilledIn(field) {
    if (field.closest("form.filters")) return false;
    if (field instanceof HTMLSelectElement) return [...field.options].some((option) => option.selected !== option.defaultSelected && field.options[0] !== option);
    return field.value !== field.defaultValue;
  }

  // Known by what it holds: for a moment after a swap htmx lets a row bear the classes of its predecessor.
  const isMoved = (row) => row.matches("[data-row]:has(> .notice)");

  function isInUse(row) {
    return isMoved(row) || isTyping(row) || Boolean(row.querySelector(".panel > *, " + ASKING));
  }

  // A row in use that is no longer on the list gets a place on what came, between the neighbours it has; its heading comes back with it where that has gone.
  function keepPlaces(fresh) {
    for (const row of rows()) {
      const section = row.closest("section[id]");
      if (!section || fresh.getElementById(row.id) || !isInUse(row)) continue;
      depart(row);
      const band = fresh.getElementById(section.id) || place(emptied(section), section, fresh, fresh);
      const stub = row.cloneNode(false);
      stub.dataset.same = "";
      place(stub, row, band.querySelector("ol"), fresh);
    }
  }

  function emptied(section) {
    const copy = section.cloneNode(true);
    copy.querySelector("ol").replaceChildren();
    return copy;
  }

  // Puts the element where its like stands on the page: before the first later sibling that came too, else at the end.
  function place(element, like, parent, fresh) {
    let later = like.nextElementSibling;
    while (later && !(later.id && fresh.getElementById(later.id))) later = later.nextElementSibling;
    if (later) fresh.getElementById(later.id).before(element);
    else parent.append(element);
    return element;
  }

  // The to-do is no longer on the list, but a person is at it: it stays where it is, and says so.
  function depart(row) {
    if (isMoved(row) || row.matches(".gone")) return;
    row.classList.add("gone");
    const told = document.createElement("p");
    told.className = "gonenote";
    told.textContent = note().dataset.gone;
    row.append(told);
  }

  // --- the person's place on the page ---

  function focused() {
    const element = document.activeElement;
    if (!element || !region().contains(element)) return null;
    return { element, place: rows().indexOf(element.closest("[data-row]")) };
  }

  function refocus(focus) {
    if (!focus || document.activeElement === focus.element) return;
    if (focus.element.isConnected) return focus.element.focus({ preventScroll: true });
    const all = rows();
    const row = focus.place >= 0 && all[Math.min(focus.place, all.length - 1)];
    const handle = row && row.querySelector("[data-open], a, button");
    if (handle) handle.focus({ preventScroll: true });
  }

  // The row that must not move on the screen: the one in use, the one under the pointer, or the first that is wholly seen by somebody who has scrolled.
  function anchored() {
    const active = document.activeElement && document.activeElement.closest("[data-row]");
    const seen = () => scrollY > 0 && rows().find((row) => row.getBoundingClientRect().top >= 0);
    const row = active || region().querySelector("[data-row]:hover") || seen();
    return row ? { row, top: row.getBoundingClientRect().top } : null;
  }

  function welcome(added) {
    if (!hasBegun) { hasBegun = true; if (added.length > 5) return; }
    for (const row of added) {
      row.classList.add("fresh");
      setTimeout(() => row.classList.remove("fresh"), 2500);
    }
    if (!added.length) return;
    unsaid += added.length;
    clearTimeout(speakTimer);
    speakTimer = setTimeout(speak, Math.max(500, spokenAt + SPEAK_EVERY - Date.now()));
  }

  // Told seldom and all together: a list that talks all day is switched off.
  function speak() {
    const said = document.getElementById("livesaid");
    if (said) said.textContent = unsaid === 1 ? note().dataset.newOne : note().dataset.new.replace("{n}", unsaid);
    spokenAt = Date.now();
    unsaid = 0;
  }

  // --- what the person does ---

  const touched = (event) => { if (event.target instanceof Element && event.target.closest("[data-row]")) touchedAt = Date.now(); };
  document.addEventListener("pointermove", touched, { passive: true });
  document.addEventListener("pointerdown", touched, { passive: true });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target instanceof Element && isMoved(event.target)) movedAt.set(event.target.id, Date.now()); });
  // The sums come by themselves while the page is live.
  document.addEventListener("htmx:beforeRequest", (event) => { if (isLive && event.detail.elt.id === "standing") event.preventDefault(); });

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hideTimer);
    if (document.hidden) hideTimer = setTimeout(() => { shut(); clearTimeout(pollTimer); }, HIDDEN_FOR);
    else open();
  });
  addEventListener("focus", open);
  addEventListener("online", () => { shut(); open(); });
  addEventListener("pagehide", shut);
  document.addEventListener("DOMContentLoaded", open);
  if (document.readyState !== "loading") open();
})();
