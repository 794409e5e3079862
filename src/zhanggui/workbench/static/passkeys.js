// Passkeys: has the browser make or show one, and sends what it answers with the form. Where the browser has none, the forms stay hidden and a sentence says so.
(() => {
  "use strict";
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length) return;
  const knows = window.isSecureContext && "PublicKeyCredential" in window;
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = knows;
  if (!knows) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function asked(form) {
    const answer = await fetch(form.dataset.passkey, { headers: { Accept: "application/json" }, redirect: "manual" });
    // shown again first who sits there: the page itself leads there
    if (answer.status === 403 || answer.type === "opaqueredirect") { location.assign(form.dataset.again || location.href); return null; }
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    const ask = { ...told, challenge: bytes(told.challenge) };
    if (told.user) ask.user = { ...told.user, id: bytes(told.user.id) };
    if (told.excludeCredentials) ask.excludeCredentials = named(told.excludeCredentials);
    if (told.allowCredentials) ask.allowCredentials = named(told.allowCredentials);
    return ask;
  }

  function written(credential) {
    const given = credential.response;
    const response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) response.attestationObject = text(given.attestationObject);
    if (given.authenticatorData) response.authenticatorData = text(given.authenticatorData);
    if (given.signature) response.signature = text(given.signature);
    if (given.userHandle) response.userHandle = text(given.userHandle);
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  }

  for (const form of forms) {
    form.hidden = false;
    const said = form.querySelector("[data-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      if (button.disabled) return;
      button.disabled = true;
      said.textContent = form.dataset.waiting;
      try {
        const publicKey = await asked(form);
        if (!publicKey) return;
        const credential = await (form.dataset.make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
        form.elements.answer.value = written(credential);
        form.submit();
      } catch {
        said.textContent = form.dataset.failed;
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
