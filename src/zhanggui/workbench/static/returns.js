// The bench for returns: what a scanner types goes into the scan field, a scanned barcode of the goods counts a piece, pictures are taken here or chosen.
(() => {
  "use strict";
  const field = () => document.querySelector("[data-scan]");
  const bench = document.querySelector("[data-returnbench]");

  // A scanner types letters and digits in a burst; while a button has the focus, or nothing, they belong to the scan field and never act as keys of the desk.
  let isFree = false;
  const isTyping = () => { const active = document.activeElement; return active && active.matches("input:not([type=checkbox]), select, textarea, summary, dialog *"); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping() || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") { isFree = true; return; }
    if (!field() || isFree || !/^[0-9A-Z]$/.test(event.key)) return;
    event.stopImmediatePropagation();
    field().focus({ preventScroll: true });
  }, true);

  // The barcode of goods of this parcel counts a piece of them, as new.
  const scan = document.querySelector("[data-scanform]");
  if (scan && bench) scan.addEventListener("submit", (event) => {
    const code = field().value.trim();
    const row = [...bench.querySelectorAll("[data-codes]")].find((each) => each.dataset.codes.split(" ").includes(code));
    if (!code || !row) return;
    event.preventDefault();
    const input = row.querySelector("[data-grade=as_new]");
    input.value = String((parseInt(input.value, 10) || 0) + 1);
    field().value = "";
    usual();
  });

  // Enter in a count keeps what was counted, and does not say that all of it is there.
  function usual() {
    const has = bench && [...bench.querySelectorAll("[name=pieces], [name=other_pieces], [name=other]")].some((each) => each.value.trim());
    const keep = bench && bench.querySelector("[data-keep]"), first = bench && bench.querySelector("[data-first]");
    if (keep && first) { keep.classList.toggle("primary", has); first.classList.toggle("primary", !has); }
  }
  if (bench) {
    // without moving the page: on a telephone the goods stand above
    const rest = bench.querySelector("[data-rest]");
    if (rest) rest.focus({ preventScroll: true });
    bench.addEventListener("input", usual);
    bench.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input:not([type=file]):not([type=checkbox])")) return;
      const keep = bench.querySelector("[data-keep]") || bench.querySelector("button.primary");
      event.preventDefault();
      if (keep) bench.requestSubmit(keep);
    });
  }

  // --- pictures: chosen ones and those taken here, shown small; what is sent are the files themselves ---
  const chosen = document.querySelector("[data-photos]"), shots = document.querySelector("[data-shots]");
  async function show() {
    shots.replaceChildren();
    for (const file of chosen.files) {
      let picture = null;
      try { picture = await createImageBitmap(file); } catch { continue; }
      const small = document.createElement("canvas"), scale = 96 / Math.max(picture.width, picture.height);
      small.width = Math.max(1, Math.round(picture.width * scale));
      small.height = Math.max(1, Math.round(picture.height * scale));
      small.getContext("2d").drawImage(picture, 0, 0, small.width, small.height);
      small.setAttribute("role", "img");
      small.setAttribute("aria-label", file.name);
      shots.append(small);
    }
  }
  const webcam = document.querySelector("[data-webcam]"), on = document.querySelector("[data-webcam-on]");
  const shoot = document.querySelector("[data-webcam-shoot]"), off = document.querySelector("[data-webcam-off]");
  let stream = null;
  function closeWebcam() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    webcam.hidden = shoot.hidden = off.hidden = true;
    on.hidden = false;
  }
  if (chosen) {
    chosen.addEventListener("change", show);
    on.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
    on.addEventListener("click", async () => {
      on.hidden = true;
      try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } }); } catch { return; }
      webcam.srcObject = stream;
      await webcam.play();
      webcam.hidden = shoot.hidden = off.hidden = false;
      shoot.focus();
    });
    shoot.addEventListener("click", () => {
      const whole = document.createElement("canvas");
      whole.width = webcam.videoWidth;
      whole.height = webcam.videoHeight;
      whole.getContext("2d").drawImage(webcam, 0, 0);
      whole.toBlob((blob) => {
        const all = new DataTransfer();
        for (const file of chosen.files) all.items.add(file);
        all.items.add(new File([blob], `${new Date().toISOString().replaceAll(/[:.]/g, "-")}.jpg`, { type: "image/jpeg" }));
        chosen.files = all.files;
        show();
      }, "image/jpeg", 0.92);
    });
    off.addEventListener("click", closeWebcam);
    addEventListener("pagehide", closeWebcam);
  }

  // --- the number read by the camera, where the browser reads barcodes by itself ---
  const open = document.querySelector("[data-camera-on]"), pane = document.querySelector("[data-camera]"), video = document.querySelector("[data-video]");
  let detector = null, reading = null, timer = 0;
  function close() {
    clearInterval(timer);
    if (reading) reading.getTracks().forEach((track) => track.stop());
    reading = null;
    pane.hidden = true;
  }
  async function look() {
    let found = [];
    try { found = await detector.detect(video); } catch { return; }
    if (!found.length) return;
    close();
    field().value = found[0].rawValue;
    scan.requestSubmit();
  }
  if (open) {
    if ("BarcodeDetector" in window) {
      try { detector = new BarcodeDetector({ formats: ["code_128", "ean_13", "ean_8", "qr_code", "code_39"] }); } catch { detector = null; }
    }
    open.hidden = !(detector && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
    open.addEventListener("click", async () => {
      try { reading = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { open.hidden = true; return; }
      video.srcObject = reading;
      await video.play();
      pane.hidden = false;
      timer = setInterval(look, 250);
    });
    document.querySelector("[data-camera-off]").addEventListener("click", close);
    addEventListener("pagehide", close);
  }
})();
