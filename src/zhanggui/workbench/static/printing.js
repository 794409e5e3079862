// Labels through the local print component of the platform: a WebSocket on this machine that alone can open what the platform sealed.
//
// A form with data-print-run is sent by this script: the house answers with labels that may be printed, these go to the component in bundles, and what the
// component says of each goes back to the house at once. Nothing counts as printed before that. What is never answered stays open on the Waybills page,
// and the component is asked about it when the page is opened next.
//
// The frames are pure functions, so that a real client of the component can be held against them (tests/workbench/test_print_frames.py).
(() => {
  "use strict";
  const VERSION = "1.0";
  const USUAL = { "http:": ["ws://127.0.0.1:5000"], "https:": ["wss://127.0.0.1:18653", "ws://127.0.0.1:5000"] };
  const ANSWERS_WITHIN = 10000;
  const CONNECTS_WITHIN = 4000;
  const PRINTS_WITHIN = 45000;
  const EACH_TAKES = 1500;

  // ---- frames: what is said to the component, in the two styles that are about ----
  const head = (cmd, requestID) => ({ cmd, requestID, version: VERSION });

  function taskOf({ taskID, printer, documents, preview = false, previewType = "image" }) {
    const task = { taskID, preview, printer, documents };
    return preview ? { ...task, previewType } : { ...task, firstDocumentNumber: 1, totalDocumentCount: documents.length };
  }

  // "nested" is the official style, the task under its name; "flat" has its fields at the top, as some clients and versions want it
  function printFrame(task, style, requestID) {
    return style === "flat" ? { ...head("print", requestID), ...task } : { ...head("print", requestID), task };
  }

  const frames = {
    printers: (requestID) => head("getPrinters", requestID),
    app: (requestID) => head("getAppInfo", requestID),
    taskStatus: (taskIDs, requestID) => ({ ...head("getTaskStatus", requestID), taskID: taskIDs }),
    documentStatus: (documentIDs, requestID) => ({ ...head("getDocumentStatus", requestID), documentIDs }),
    print: printFrame,
  };

  const documentsOf = (labels) => labels.map((label) => ({ documentID: label.document_id, contents: label.contents }));

  // labels in the bundles the house has named, in their order
  function bundles(labels) {
    const found = new Map();
    for (const label of labels) {
      if (!found.has(label.task_id)) found.set(label.task_id, []);
      found.get(label.task_id).push(label);
    }
    return [...found].map(([taskID, some]) => ({ taskID, documents: documentsOf(some) }));
  }

  // what a list of statuses says of each document, whatever the component calls the list and the name in it
  function statuses(told) {
    const found = new Map();
    const list = told.printStatus || told.documentStatus || told.detailStatus || [];
    for (const each of Array.isArray(list) ? list : []) {
      const name = each.documentID || each.documentId;
      if (name) found.set(String(name), { status: String(each.status || "unknown"), message: [each.msg, each.detail].filter(Boolean).join(" ") });
      for (const inner of Array.isArray(each.detailStatus) ? each.detailStatus : []) {
        if (inner.documentID) found.set(String(inner.documentID), { status: String(inner.status || "unknown"), message: String(inner.msg || "") });
      }
    }
    return found;
  }

  // of the addresses a component names for a preview those of this computer; anything else stands there to lead elsewhere
  function ownAddresses(shown) {
    return shown.filter((address) => {
      let where;
      try { where = new URL(address); } catch { return false; }
      return /^https?:$/.test(where.protocol) && /^(127\.0\.0\.1|localhost)$/.test(where.hostname);
    });
  }

  class Trouble extends Error {
    constructor(kind, told = "") {
      super(told || kind);
      this.kind = kind;
      this.told = told;
    }
  }

  // ---- the component ----
  class Component {
    constructor({ addresses, style = "nested", WebSocket: Socket = globalThis.WebSocket }) {
      this.addresses = addresses;
      this.style = style;
      this.Socket = Socket;
      this.socket = null;
      this.asked = new Map();
      this.awaited = new Map();
      this.count = 0;
    }

    async connect() {
      if (this.socket && this.socket.readyState === 1) return this.address;
      for (const address of this.addresses) {
        try {
          this.socket = await this.open(address);
          this.address = address;
          return address;
        } catch { /* the next address may be the one */ }
      }
      throw new Trouble("no_component");
    }

    open(address) {
      return new Promise((resolve, reject) => {
        let socket;
        try { socket = new this.Socket(address); } catch (problem) { return reject(problem); }
        const late = setTimeout(() => { socket.close(); reject(new Trouble("no_component")); }, CONNECTS_WITHIN);
        socket.onopen = () => { clearTimeout(late); resolve(socket); };
        socket.onerror = () => { clearTimeout(late); reject(new Trouble("no_component")); };
        socket.onclose = () => { clearTimeout(late); reject(new Trouble("no_component")); this.lost(socket); };
        socket.onmessage = (event) => this.hear(event.data);
      });
    }

    lost(socket) {
      if (socket !== this.socket) return;
      this.socket = null;
      for (const waiting of [...this.asked.values(), ...this.awaited.values()]) waiting.reject(new Trouble("cut_off"));
      this.asked.clear();
      this.awaited.clear();
    }

    hear(text) {
      let told;
      try { told = JSON.parse(text); } catch { return; }
      if (/^(PrintResultNotify|notifyPrintResult)$/.test(told.cmd || "")) {
        const waiting = this.awaited.get(String(told.taskID));
        // a notice may come in several parts; it is whole once every document of the task was named
        if (waiting) waiting.hear(told);
        return;
      }
      const waiting = this.asked.get(String(told.requestID));
      if (!waiting) return;
      this.asked.delete(String(told.requestID));
      waiting.resolve(told);
    }

    async ask(frameOf, within = ANSWERS_WITHIN) {
      await this.connect();
      const requestID = `zg${Date.now()}-${this.count += 1}`;
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => { this.asked.delete(requestID); reject(new Trouble("no_answer")); }, within);
        const done = (how) => (value) => { clearTimeout(late); how(value); };
        this.asked.set(requestID, { resolve: done(resolve), reject: done(reject) });
        this.socket.send(JSON.stringify(frameOf(requestID)));
      });
    }

    async printers() {
      const told = await this.ask(frames.printers);
      const names = (told.printers || []).map((each) => (typeof each === "string" ? each : each.name)).filter(Boolean);
      return { names, usual: told.defaultPrinter || names[0] || "" };
    }

    async version() {
      const told = await this.ask(frames.app);
      return String(told.AppVersion || told.version || "");
    }

    // where the label can be looked at; nothing is printed
    async preview(task) {
      const told = await this.ask((requestID) => frames.print(taskOf({ ...task, preview: true }), this.style, requestID));
      if (told.status === "failed") throw new Trouble("refused", String(told.msg || ""));
      const shown = told.previewURL || told.previewImage || told.previewUrl || [];
      return Array.isArray(shown) ? shown : [shown];
    }

    // what became of each document of a task: a Map of name to {status, message}. Throws only where nothing was sent.
    async print(task) {
      await this.connect();
      const names = task.documents.map((each) => each.documentID);
      const found = new Map();
      const whole = this.results(task.taskID, names, found);
      let answer;
      try {
        answer = await this.ask((requestID) => frames.print(taskOf(task), this.style, requestID));
      } catch {
        this.awaited.delete(task.taskID);
        whole.catch(() => {});
        return this.asksAfter(task.taskID, names, found);
      }
      if (answer.status === "failed") {
        this.awaited.delete(task.taskID);
        whole.catch(() => {});
        return new Map(names.map((name) => [name, { status: "failed", message: String(answer.msg || "") }]));
      }
      try { await whole; } catch { /* asked after below */ }
      return found.size === names.length ? found : this.asksAfter(task.taskID, names, found);
    }

    results(taskID, names, found) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => { this.awaited.delete(taskID); reject(new Trouble("no_answer")); }, PRINTS_WITHIN + EACH_TAKES * names.length);
        const end = (how) => (value) => { clearTimeout(late); this.awaited.delete(taskID); how(value); };
        this.awaited.set(taskID, {
          reject: end(reject),
          hear: (told) => {
            for (const [name, result] of statuses(told)) if (names.includes(name)) found.set(name, result);
            const all = told.taskStatus === "failed" ? "failed" : "printed";
            if (!statuses(told).size) for (const name of names) if (!found.has(name)) found.set(name, { status: all, message: String(told.msg || "") });
            if (found.size === names.length) end(resolve)();
          },
        });
      });
    }

    // the component is asked about a task whose answer never came; what it does not know either stays unknown
    async asksAfter(taskID, names, found = new Map()) {
      const result = new Map(names.map((name) => [name, found.get(name) || { status: "unknown", message: "" }]));
      try {
        const told = await this.ask((requestID) => frames.taskStatus([taskID], requestID));
        for (const [name, status] of statuses(told)) if (result.has(name) && !found.has(name)) result.set(name, status);
      } catch { /* the page keeps it open */ }
      return result;
    }

    close() {
      const socket = this.socket;
      this.socket = null;
      if (socket) socket.close();
    }
  }

  const api = { Component, Trouble, frames, taskOf, bundles, documentsOf, statuses, ownAddresses, USUAL };
  if (typeof module === "object" && module.exports) {
    module.exports = api;
    return;
  }
  globalThis.ZhangguiPrinting = api;

  // ---- the page ----
  const kept = {
    get: (name) => { try { return localStorage.getItem(`zhanggui.${name}`) || ""; } catch { return ""; } },
    set: (name, value) => { try { localStorage.setItem(`zhanggui.${name}`, value); } catch { /* a browser that keeps nothing asks again */ } },
  };
  const panel = document.querySelector("[data-print-component]");
  const words = panel ? JSON.parse(panel.dataset.words) : {};
  const part = (name) => panel && panel.querySelector(`[data-print-${name}]`);
  let component = null;

  const say = (text, isBad = false) => {
    const said = part("said");
    if (!said) return;
    said.textContent = text;
    said.classList.toggle("bad", isBad);
  };
  const filled = (text, slots) => Object.entries(slots).reduce((told, [name, value]) => told.replaceAll(`{${name}}`, value), text || "");
  const sentence = (problem) => problem.kind === "refused_here" ? problem.told : filled(words[problem.kind] || words.broken || "", { told: problem.told || problem.message || "" });

  function theComponent() {
    if (component) return component;
    const named = kept.get("component") || (panel && panel.dataset.address) || "";
    const addresses = [...new Set([named, ...USUAL[location.protocol] || USUAL["http:"]].filter(Boolean))];
    component = new Component({ addresses, style: kept.get("style") || "nested" });
    return component;
  }

  async function look() {
    if (!panel) return;
    say(words.looking);
    try {
      const { names, usual } = await theComponent().printers();
      const version = await theComponent().version().catch(() => "");
      const list = part("printers");
      const wanted = kept.get("printer");
      list.replaceChildren(...names.map((name) => new Option(name, name, false, name === (names.includes(wanted) ? wanted : usual))));
      list.disabled = !names.length;
      panel.dataset.state = names.length ? "ready" : "no_printer";
      kept.set("answered", "1");
      say(filled(names.length ? words.ready : words.no_printer, { address: theComponent().address, version }), !names.length);
    } catch (problem) {
      panel.dataset.state = "away";
      say(sentence(problem), true);
    }
  }

  async function post(path, fields) {
    const token = document.querySelector("input[name=_csrf_token]").value;
    const body = new URLSearchParams([["_csrf_token", token], ...fields]);
    const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Trouble("refused_here", told.detail || "");
    return told;
  }

  const results = (found) => JSON.stringify([...found].map(([document_id, { status, message }]) => ({ document_id, status, message })));

  // tells the house what became of labels, and tries again for a while: the labels are on paper whatever the line does
  async function tell(path, found) {
    for (let wait = 500; ; wait *= 2) {
      try { return await post(path, [["results", results(found)]]); } catch (problem) {
        if (problem.kind === "refused_here" || wait > 16000) throw problem;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async function run(form) {
    const out = form.querySelector("[data-print-progress]") || part("said");
    const show = (text, isBad = false) => { if (out) { out.textContent = text; out.classList.toggle("bad", isBad); } };
    const button = form.querySelector("button:not([type=button])");
    if (button) button.disabled = true;
    try {
      await theComponent().connect();
      if (part("printers") && !part("printers").value) await look();
      const printer = (part("printers") && part("printers").value) || kept.get("printer");
      const fields = [...new FormData(form)].filter(([name]) => name !== "_csrf_token");
      const begun = await post(form.action, [...fields, ["printer", printer]]);
      const counts = { printed: 0, failed: 0, unknown: 0, all: begun.labels.length, refused: begun.refused.length };
      const stops = [];
      for (const { taskID, documents } of bundles(begun.labels)) {
        show(filled(words.printing, { done: counts.printed + counts.failed + counts.unknown, all: counts.all }));
        let found;
        try {
          found = await theComponent().print({ taskID, printer, documents });
        } catch {
          found = new Map(documents.map((each) => [each.documentID, { status: "failed", message: words.not_sent }]));
        }
        const told = await tell(begun.results_path, found);
        for (const { status } of found.values()) counts[/^(success|printed)$/.test(status) ? "printed" : /^(failed|cancell?ed)$/.test(status) ? "failed" : "unknown"] += 1;
        stops.push(...told.labels.filter((label) => label.why));
      }
      show(filled(words.done, counts), counts.failed + counts.unknown + counts.refused + stops.length > 0);
      list(form, begun.refused, stops);
      form.dispatchEvent(new CustomEvent("zhanggui:printed", { bubbles: true, detail: { counts, refused: begun.refused, stops } }));
    } catch (problem) {
      show(sentence(problem), true);
    } finally {
      if (button) button.disabled = false;
    }
  }

  // what was not printed, and what was printed but must not leave, one line each
  function list(form, refused, stops) {
    const where = form.querySelector("[data-print-list]");
    if (!where) return;
    const line = (text, isStop) => { const item = document.createElement("li"); item.textContent = text; item.className = isStop ? "bad strong" : ""; return item; };
    where.replaceChildren(
      ...stops.map((label) => line(`${label.order_nos.join(" ")} · ${label.document_id}: ${label.why}`, true)),
      ...refused.map((each) => line(`${each.order_no}: ${each.why}`, false)),
    );
  }

  async function settle() {
    const open = document.querySelector("[data-open-labels]");
    if (!open) return;
    const runs = JSON.parse(open.dataset.openLabels);
    let settled = 0;
    for (const { results_path, tasks } of runs) {
      for (const { task_id, documents } of tasks) {
        const found = await theComponent().asksAfter(task_id, documents);
        const known = new Map([...found].filter(([, result]) => result.status !== "unknown" && result.status !== "pending" && result.status !== "rendered"));
        if (!known.size) continue;
        await tell(results_path, known);
        settled += known.size;
      }
    }
    if (settled) location.reload();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-print-run]")) return;
    event.preventDefault();
    run(form);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-print-look], [data-print-preview], [data-print-test]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-print-look]")) {
      if (component) component.close();
      component = null;
      return look();
    }
    if (button.matches("[data-print-test]")) return test(button);
    await preview(button);
  });

  // A sample that is no parcel's goes to the printer; where the component does not take it in one style of frames, it is offered in the other, which is then kept.
  async function test(button) {
    button.disabled = true;
    try {
      if (!part("printers").value) await look();
      const printer = part("printers").value;
      say(filled(words.testing, { printer }));
      const label = await post(button.dataset.printTest, [["account", button.dataset.account]]);
      const styles = [theComponent().style, theComponent().style === "flat" ? "nested" : "flat"];
      let told = "";
      for (const style of styles) {
        theComponent().style = style;
        const found = await theComponent().print({ taskID: `zg-test-${style}-${Date.now()}`, printer, documents: documentsOf([label]) });
        const result = found.get(label.document_id);
        if (/^(success|printed)$/.test(result.status)) {
          kept.set("style", style);
          for (const choice of panel.querySelectorAll("[data-print-style]")) choice.checked = choice.value === style;
          return say(filled(words.tested, { style }));
        }
        told = told || result.message || result.status;
        if (result.status === "unknown") break;  // it may lie in the printer: a second one would only puzzle
      }
      theComponent().style = styles[0];
      say(filled(words.test_failed, { told }), true);
    } catch (problem) {
      say(sentence(problem), true);
    } finally {
      button.disabled = false;
    }
  }

  async function preview(button) {
    const out = part("previews");
    try {
      const label = await post(button.dataset.printPreview, [["order_no", button.dataset.order || ""]]);
      const shown = await theComponent().preview({ taskID: `zg-preview-${Date.now()}`, printer: part("printers").value, documents: documentsOf([label]) });
      const links = ownAddresses(shown).map((address, place) => {
        const link = document.createElement("a");
        Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer", textContent: filled(words.preview, { number: label.document_id, page: place + 1 }) });
        return link;
      });
      out.replaceChildren(...links);
      if (!links.length) say(words.no_preview, true);
    } catch (problem) {
      say(sentence(problem), true);
    }
  }

  document.addEventListener("change", (event) => {
    if (!panel || !panel.contains(event.target)) return;
    if (event.target.matches("[data-print-printers]")) kept.set("printer", event.target.value);
    if (event.target.matches("[data-print-style]")) { kept.set("style", event.target.value); component = null; }
    if (event.target.matches("[data-print-address]")) { kept.set("component", event.target.value.trim()); component = null; look(); }
  });

  if (panel) {
    part("address").value = kept.get("component");
    for (const choice of panel.querySelectorAll("[data-print-style]")) choice.checked = choice.value === (kept.get("style") || "nested");
    // a browser complains aloud of a socket that nobody answers: where none ever did on this computer, it is only looked for when somebody asks
    if (kept.get("answered") || kept.get("component") || panel.dataset.address) look().then(settle).catch(() => {});
    else say(words.not_looked);
  }
})();
