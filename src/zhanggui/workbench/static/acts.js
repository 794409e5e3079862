// Counts down to the moment at which an announced act is sent, and fetches the lists anew while nobody is busy in them.
(() => {
  "use strict";
  const EVERY = 15000;
  const lists = document.getElementById("act-lists");
  let began = performance.now();

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
    if (!lists || document.hidden || lists.contains(document.activeElement)) return;
    const answer = await fetch(lists.dataset.lists, { headers: { "HX-Request": "true" } });
    if (answer.redirected) return location.reload();
    if (!answer.ok || lists.contains(document.activeElement)) return;
    const text = await answer.text();
    lists.innerHTML = text;
    began = performance.now();
    tick();
  }

  setInterval(tick, 1000);
  setInterval(() => fetchAnew().catch(() => {}), EVERY);
  tick();
})();
