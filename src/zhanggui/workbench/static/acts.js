// Counts down to the moment at which an announced act is sent, and keeps the lists in step: never under a pointer that is on its way to a button, and not
// without saying so where the house no longer tells how they stand.
(() => {
  "use strict";
  const EVERY = 15000, HOLD = 1000, LONGEST_HOLD = 5000, FAILS_TOLD = 2;
  const lists = document.getElementById("act-lists");
  const note = document.getElementById("livenote");
  let began = performance.now(), touchedAt = 0, fails = 0;

  const spans = () => [...document.querySelectorAll("[data-until]")];
  const two = (number) => String(number).padStart(2, "0");

  function tick() {
    const passed = (performance.now() - began) / 1000;
    for (const span of spans()) {
      const left = Math.max(0, Math.round(Number(span.dataset.until) - passed));
      if (left >= 3600 || left <= 0) continue;
      span.textContent = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    }
  }

  async function fetchAnew() {
    if (!lists || document.hidden) return;
    const answer = await fetch(lists.dataset.lists, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.redirected || answer.status === 401) return tell("over");
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text(), asked = performance.now();
    fails = 0;
    tell("");
    await calm();
    take(text, asked);
  }

  // While the pointer moves over the lists they hold still, but not for ever.
  async function calm() {
    const since = performance.now();
    while (performance.now() - touchedAt < HOLD && performance.now() - since < LONGEST_HOLD) await new Promise((go) => { setTimeout(go, 100); });
  }

  // Laid over row by row, so that whoever walks by keys keeps the row they stand on; where its button has gone, the row's own link has the focus.
  function take(text, asked) {
    const active = document.activeElement, row = lists.contains(active) && active.closest("[data-row]");
    Idiomorph.morph(lists, text, { morphStyle: "innerHTML" });
    began = asked;
    tick();
    if (!row || document.activeElement === active) return;
    const now = active.isConnected ? active : document.getElementById(row.id);
    const handle = now === active ? active : now && (now.querySelector("[data-open]") || now.querySelector("a, button"));
    if (handle) handle.focus({ preventScroll: true });
  }

  function failed() {
    fails += 1;
    if (fails >= FAILS_TOLD) tell("away");
  }

  function tell(what) {
    if (!note) return;
    const text = what ? note.dataset[what] : "";
    if (note.textContent !== text) note.textContent = text;
    note.hidden = !text;
  }

  const touched = (event) => { if (lists && event.target instanceof Element && lists.contains(event.target)) touchedAt = performance.now(); };
  document.addEventListener("pointermove", touched, { passive: true });
  document.addEventListener("pointerdown", touched, { passive: true });
  setInterval(tick, 1000);
  setInterval(() => fetchAnew().catch(failed), EVERY);
  tick();
})();
