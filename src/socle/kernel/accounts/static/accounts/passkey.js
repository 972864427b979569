// Passkeys need a script: the browser talks to the key. Where there is none, the section stays hidden and codes do.
(() => {
  const call = { create: "create", get: "get" };
  const parse = {
    create: (options) => PublicKeyCredential.parseCreationOptionsFromJSON(options),
    get: (options) => PublicKeyCredential.parseRequestOptionsFromJSON(options),
  };
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseCreationOptionsFromJSON) return;
  for (const section of document.querySelectorAll("[data-passkey]")) {
    const form = section.querySelector("form");
    const told = section.querySelector("[role=alert]");
    const what = call[section.dataset.passkey];
    section.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      try {
        const publicKey = parse[what](JSON.parse(section.dataset.options));
        const credential = await navigator.credentials[what]({ publicKey });
        form.elements.passkey.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch {
        told.hidden = false;
      }
    });
  }
})();
