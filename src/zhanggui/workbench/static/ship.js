// The to-ship desk: says how many are ticked, ticks a run of rows at once, and lets a scanner go from number to number. Everything works without it too.
(() => {
  "use strict";
  const form = () => document.querySelector("[data-ticks]");
  let last = null;

  const boxes = () => [...form().querySelectorAll("input[name=order_no][type=checkbox]")];

  function count() {
    if (!form()) return;
    const said = form().querySelector("[data-ticked]");
    const all = form().querySelector("[data-all]").checked;
    const ticked = boxes().filter((box) => box.checked).length;
    said.textContent = !all && ticked ? `${said.dataset.one} ${ticked}` : "";
  }

  document.addEventListener("click", (event) => {
    if (!form() || !form().contains(event.target) || !event.target.matches("input[name=order_no]")) return;
    const all = boxes();
    const here = all.indexOf(event.target), there = last ? all.findIndex((box) => box.value === last) : -1;
    if (event.shiftKey && there >= 0) all.slice(Math.min(there, here), Math.max(there, here) + 1).forEach((box) => { box.checked = event.target.checked; });
    last = event.target.value;
    form().querySelector("[data-all]").checked = false;
    count();
  });
  document.addEventListener("change", (event) => {
    if (!form() || !form().contains(event.target)) return;
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    count();
  });
  // The list came anew by itself: who was ticked still is, and what came in while all were ticked is ticked too.
  document.addEventListener("zhanggui:live", () => {
    if (form() && form().querySelector("[data-all]").checked) boxes().forEach((box) => { box.checked = true; });
    count();
  });
  count();

  // Once the print component has answered for every label, the page shows what is left.
  document.addEventListener("zhanggui:printed", (event) => {
    if (!event.target.matches("[data-then-reload]")) return;
    const told = event.detail.counts;
    if (told && told.printed === told.all && !(event.detail.stops || []).length) location.assign(location.pathname + "?n=" + told.printed);
  });

  // A scanner ends every number with Enter: the next empty one is ready at once; after the last the form is sent.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-next]")) return;
    event.preventDefault();
    const fields = [...document.querySelectorAll("[data-next]")];
    const next = fields.slice(fields.indexOf(event.target) + 1).find((field) => !field.value) || fields.find((field) => !field.value);
    if (next) next.focus();
    else event.target.form.requestSubmit();
  });
})();
