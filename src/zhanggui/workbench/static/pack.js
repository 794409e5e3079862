// The packing check: the field keeps the focus, so that a scanner can type at any moment; the phone's camera types into it; sounds where they are wished for.
(() => {
  "use strict";
  const SOUND = "pack-sounds";
  const AGAIN_AFTER = 2000;
  let detector = null, stream = null, timer = 0, seen = "", seenAt = 0;

  const field = () => document.querySelector("[data-scan]");
  // After Escape letters are keys until the next scan: an answer that comes in between does not take the focus back.
  let isFree = false;
  const rest = () => { const scan = field(); if (scan && document.activeElement !== scan) scan.focus({ preventScroll: true }); };
  const restAgain = () => {
    if (!isFree) return rest();
    // The new field asks for the focus by its own attribute.
    if (field() && document.activeElement === field() && !field().value) field().blur();
  };
  const isElsewhere = () => {
    const active = document.activeElement;
    return active && active !== document.body && active !== field() && active.matches("input:not([type=checkbox]), select, textarea, summary, dialog *");
  };

  rest();
  document.addEventListener("htmx:afterSettle", restAgain);
  document.addEventListener("click", (event) => { if (!event.target.closest("a, button, summary, select, label, input, dialog, details")) rest(); });
  addEventListener("focus", rest);

  // What a scanner types while nothing has the focus goes into the field, and never acts as a key of the desk.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isElsewhere() || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") { isFree = true; return; }
    const scan = field();
    if (!scan || document.activeElement === scan) { isFree = false; return; }
    if (!(isFree ? /^[0-9]$/ : /^[0-9A-Za-z*.-]$/).test(event.key)) return;
    event.stopImmediatePropagation();
    rest();
  }, true);

  // A second scan while the first is still on its way waits for the answer: nothing that was scanned is lost.
  const waiting = [];
  let isBusy = false, isQueued = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-bench]") || isQueued || !isBusy && !waiting.length || event.submitter && event.submitter.name) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field().value.trim()) waiting.push(field().value);
    field().value = "";
  }, true);
  // What is sent has been read by now: the field is free for the next scan.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("[data-bench]")) return;
    isBusy = true;
    field().value = "";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // The bench that asked is no longer on the page by now.
    const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!asked || !asked.matches || !asked.matches("[data-bench]")) return;
    // A bench that has just come is none of htmx's yet: what is scanned until it has settled waits like what was scanned before.
    if (event.detail.successful) return;
    isBusy = false;
    // Where the house did not answer, the scan is put back to be sent again.
    const told = event.detail.requestConfig.parameters;
    if (told && field() && !field().value) field().value = told.scanned || "";
    waiting.length = 0;
  });
  // What was typed while the answer came stays in the field.
  let typed = "";
  document.addEventListener("htmx:beforeSwap", () => { typed = field() ? field().value : ""; });
  document.addEventListener("htmx:afterSwap", () => {
    if (typed && field()) field().value = typed;
    restAgain();
    // After a stop nothing that was scanned blindly goes on: whoever packs has to look first.
    const bench = document.querySelector("[data-bench]");
    if (bench && bench.dataset.tone === "stop") waiting.length = 0;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const bench = document.querySelector("[data-bench]");
    if (!bench) return;
    isBusy = false;
    say(bench.dataset.tone);
    if (!waiting.length) return;
    const half = field().value;
    field().value = waiting.shift();
    isQueued = true;
    bench.requestSubmit();
    isQueued = false;
    field().value = half;
  });

  // --- sounds, off unless somebody has asked for them on this machine ---
  const box = document.querySelector("[data-sound]");
  const kept = () => { try { return localStorage.getItem(SOUND) === "1"; } catch { return false; } };
  if (box) {
    box.checked = kept();
    box.addEventListener("change", () => { try { localStorage.setItem(SOUND, box.checked ? "1" : ""); } catch { /* kept for this page alone */ } rest(); });
  }
  let sounds = null;
  function say(tone) {
    if (!box || !box.checked || !["good", "stop", "warn"].includes(tone)) return;
    sounds = sounds || new AudioContext();
    const beep = sounds.createOscillator(), loud = sounds.createGain();
    beep.frequency.value = tone === "good" ? 880 : 220;
    loud.gain.value = 0.15;
    beep.connect(loud).connect(sounds.destination);
    beep.start();
    beep.stop(sounds.currentTime + (tone === "good" ? 0.09 : 0.45));
  }

  // --- the camera, where the browser reads barcodes by itself ---
  const on = document.querySelector("[data-camera-on]"), pane = document.querySelector("[data-camera]"), video = document.querySelector("[data-video]");
  const photo = document.querySelector("[data-photo]"), file = document.querySelector("[data-photo-file]");
  async function offerCamera() {
    if (!("BarcodeDetector" in window)) { const none = document.querySelector("[data-camera-none]"); if (none) none.hidden = false; return; }
    try { detector = new BarcodeDetector({ formats: ["code_128", "ean_13", "ean_8", "qr_code", "code_39"] }); } catch { return; }
    photo.hidden = false;
    on.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  }
  async function open() {
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { on.hidden = true; return; }
    video.srcObject = stream;
    await video.play();
    pane.hidden = false;
    timer = setInterval(() => look(video, false), 250);
  }
  function close() {
    clearInterval(timer);
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    pane.hidden = true;
    rest();
  }
  async function look(source, isPhoto) {
    let found = [];
    try { found = await detector.detect(source); } catch { return; }
    if (!found.length) return;
    const code = found[0].rawValue;
    if (!isPhoto && code === seen && Date.now() - seenAt < AGAIN_AFTER) { seenAt = Date.now(); return; }
    seen = code;
    seenAt = Date.now();
    field().value = code;
    document.querySelector("[data-bench]").requestSubmit();
  }
  if (on) {
    on.addEventListener("click", open);
    document.querySelector("[data-camera-off]").addEventListener("click", close);
    addEventListener("pagehide", close);
    file.addEventListener("change", async () => { if (file.files.length) await look(await createImageBitmap(file.files[0]), true); file.value = ""; });
    offerCamera();
  }
})();
