// Passkeys: a form that the browser's key fills in before it is sent.
// `data-passkey` says whether a key is made ("create") or asked for ("get"); what the server asks stands in the
// page (`data-options`), or is fetched (`data-ask`).
const known =
  window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON;

async function readOptions(form) {
  if (form.dataset.options) {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const answer = await fetch(form.dataset.ask, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function createKey(options, alone) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.creation_options.publicKey);
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create({ publicKey });
}

function askKey(options) {
  return navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey),
  });
}

async function fillIn(form) {
  const options = await readOptions(form);
  const isNew = form.dataset.passkey === "create";
  const key = await (isNew ? createKey(options, form.elements.passwordless.checked) : askKey(options));
  form.elements.credential.value = JSON.stringify(key);
  form.submit();
}

if (known) {
  for (const box of document.querySelectorAll("[data-passkey-box]")) box.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      button.setAttribute("aria-busy", "true");
      // Who closes the window of the device has changed their mind: nothing to tell them.
      fillIn(form).catch(() => button.removeAttribute("aria-busy"));
    });
  }
}
