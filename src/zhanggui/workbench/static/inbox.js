// The inbox: clocks that run, one key to copy and the next talk, words that are taken over into the answer, and what was typed kept for each talk.
(() => {
  "use strict";
  const LAST_MINUTE = 60;
  const KEEP = "zhanggui.answer.";
  const SENT = "zhanggui.answered";
  const region = () => document.getElementById("live");
  const said = () => document.getElementById("composer-said");
  const composer = () => document.getElementById("composer");
  const first = () => document.querySelector(".answer .draft");

  // --- clocks: by the house's time, which the page was told ---

  let ahead = 0;

  function setClock() {
    const now = document.getElementById("inbox-now");
    if (now) ahead = Date.parse(now.dataset.now) - Date.now();
  }

  function tick() {
    for (const clock of document.querySelectorAll("[data-due]")) {
      const left = Math.floor((Date.parse(clock.dataset.due) - Date.now() - ahead) / 1000);
      clock.textContent = left < 0 ? clock.dataset.over : face(left);
      clock.classList.toggle("last", left >= 0 && left < LAST_MINUTE);
      clock.classList.toggle("over", left < 0);
    }
  }

  function face(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds % 3600 / 60);
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  // --- the answer: which words it holds, and where they came from ---

  let drafted = null;

  function use(source) {
    const field = said();
    if (!field || !source) return;
    field.value = source.textContent.trim();
    const script = document.getElementById("composer-script");
    if (script && source.dataset.script !== undefined) script.value = source.dataset.script;
    if (source.matches(".draft")) drafted = field.value;
    keep();
    htmx.trigger(field, "checked");
    field.focus({ preventScroll: true });
    newer();
  }

  // A draft that nobody has touched gives way to a newer one; what somebody has typed stays, and the page says that there is one.
  function newer() {
    const field = said(), draft = first();
    const hint = document.getElementById("composer-newer");
    if (!field || !hint) return;
    const text = draft ? draft.textContent.trim() : "";
    const untouched = field.value === drafted && document.activeElement !== field;
    if (text && untouched && text !== drafted) return use_quietly(draft, text);
    hint.hidden = !text || text === drafted || field.value === text;
  }

  function use_quietly(draft, text) {
    said().value = text;
    document.getElementById("composer-script").value = draft.dataset.script;
    drafted = text;
  }

  async function copy(button) {
    const field = said();
    if (!field || !field.value.trim()) return field && field.focus();
    try {
      await navigator.clipboard.writeText(field.value.trim());
    } catch {
      // Without https there is no clipboard: the text is selected, so that the person's own copy key does it.
      field.focus();
      field.select();
      document.execCommand("copy");
    }
    copied = field.value;
    const told = button.querySelector("[data-copied]");
    told.textContent = button.dataset.done;
    setTimeout(() => { told.textContent = button.dataset.title; }, 4000);
  }

  // What was typed for one buyer is there again when the person comes back to them; it never leaves this tab.
  function keep() {
    const form = composer(), field = said();
    if (!form || !field) return;
    const name = KEEP + form.dataset.thread;
    if (field.value && field.value !== drafted) sessionStorage.setItem(name, field.value);
    else sessionStorage.removeItem(name);
  }

  // It is forgotten once a page says that it was kept or given: what never reached the house, or was refused, is still there.
  function forget() {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    // It stands in the address until keys.js, which comes after this, takes out of it what is told once.
    const done = new URL(location.href).searchParams.get("done");
    if (sent && ["said", "given"].includes(done)) sessionStorage.removeItem(KEEP + sent);
  }

  function restore() {
    const form = composer(), field = said();
    if (!form || !field) return;
    drafted = field.dataset.typed === undefined ? field.defaultValue : null;
    const kept = sessionStorage.getItem(KEEP + form.dataset.thread);
    if (!kept || kept === drafted) return;
    field.value = kept;
    newer();
    htmx.trigger(field, "checked");
  }

  // --- the talk ends below, where the last message is ---

  let atEnd = true;

  function toEnd() {
    const talk = document.getElementById("talk-scroll");
    if (talk && atEnd) talk.scrollTop = talk.scrollHeight;
  }

  document.addEventListener("scroll", (event) => {
    if (event.target.id === "talk-scroll") atEnd = event.target.scrollHeight - event.target.scrollTop - event.target.clientHeight < 60;
  }, true);

  // --- what the person does ---

  document.addEventListener("input", (event) => { if (event.target === said()) { keep(); newer(); } });
  document.addEventListener("submit", (event) => {
    if (event.target === composer()) sessionStorage.setItem(SENT, composer().dataset.thread);
  });

  // Words that were copied may be in the chat already: whoever gives them to the tool after that is asked first.
  let copied = null;
  document.addEventListener("formdata", (event) => {
    if (event.target === composer() && copied === said().value) event.formData.set("copied", "1");
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use], [data-shut], #composer-copy");
    if (!button) return;
    if (button.dataset.shut) return shut(button.dataset.shut);
    if (button.id === "composer-copy") return copy(button);
    use(document.getElementById(button.dataset.use));
    if (button.matches(".reply")) document.getElementById("replies").replaceChildren();
  });

  function shut(name) {
    const details = document.getElementById(name);
    details.open = false;
    details.querySelector("summary").focus();
  }

  const FIELD = "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select";

  // Before the keys of every page: here j and k open the talks themselves, and / looks for words to say.
  document.addEventListener("keydown", (event) => {
    if (!region() || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const snippet = document.getElementById("snippet");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target === said()) return taken(event, () => composer().requestSubmit());
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && event.target.closest(".pasting[open]")) return taken(event, () => shut("paste"));
    if (event.target === snippet) return ofSnippets(event);
    if (event.target.matches && event.target.matches(FIELD)) return;
    if (event.target.matches && event.target.matches(".reply") && ["ArrowDown", "ArrowUp"].includes(event.key)) return taken(event, () => among(event.key));
    const beside = event.key === "j" ? "[data-next]" : event.key === "k" ? "[data-before]" : "";
    if (beside) return taken(event, () => besides(beside));
    if (event.key === "/" && snippet) return taken(event, () => { snippet.focus(); snippet.select(); });
  }, true);

  function taken(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function besides(which) {
    const link = document.querySelector(which) || (which === "[data-next]" && !composer() && document.querySelector(".threadrow a"));
    if (link) link.click();
  }

  function ofSnippets(event) {
    const replies = [...document.querySelectorAll(".reply")];
    if (event.key === "Enter" && replies.length) return taken(event, () => replies[0].click());
    if (event.key === "Enter") return taken(event, () => {});
    if (event.key === "ArrowDown" && replies.length) return taken(event, () => replies[0].focus());
    if (event.key === "Escape") document.getElementById("replies").replaceChildren();
  }

  function among(key) {
    const replies = [...document.querySelectorAll(".reply")];
    const at = replies.indexOf(document.activeElement) + (key === "ArrowDown" ? 1 : -1);
    (replies[at] || document.getElementById("snippet")).focus();
  }

  document.addEventListener("zhanggui:live", () => { setClock(); tick(); toEnd(); newer(); });
  setClock();
  tick();
  setInterval(tick, 1000);
  forget();
  restore();
  toEnd();
})();
