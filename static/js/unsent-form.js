/* A form on a device without net: it is put among what waits there to be sent, and can be opened from there again. */
(() => {
  "use strict";

  const form = document.querySelector("[data-unsent-copy]");
  const user = document.body.dataset.user;
  const key = form.querySelector("[name=key]");
  const say = (name) => {
    const box = form.querySelector("[data-not-kept]");
    for (const each of box.children) each.hidden = !(name in each.dataset);
    box.hidden = false;
    box.scrollIntoView({ block: "center" });
  };

  const tell = (words) =>
    new Promise((resolve, reject) => {
      const worker = navigator.serviceWorker?.controller;
      if (!worker) return reject(new Error("no worker"));
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => resolve(event.data);
      worker.postMessage({ kind: "unsent", user, ...words }, [port2]);
    });

  // The page is the same each time it is opened; what is written in it is not.
  key.value = crypto.randomUUID();

  async function open(which) {
    const kept = await tell({ open: which });
    if (!kept) return;
    key.value = kept.key;
    const files = new Map();
    for (const each of form.elements) if (each.type === "checkbox") each.checked = false;
    for (const [name, value] of kept.fields) {
      if (value instanceof File) {
        if (!files.has(name)) files.set(name, new DataTransfer());
        files.get(name).items.add(value);
        continue;
      }
      for (const each of form.elements) {
        if (each.name !== name || each.type === "hidden") continue;
        if (each.type === "radio" || each.type === "checkbox") each.checked ||= each.value === value;
        else each.value = value;
        if (each.value || each.checked) each.closest("details")?.setAttribute("open", "");
      }
    }
    for (const [name, chosen] of files) form.elements[name].files = chosen.files;
    for (const each of form.elements) each.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (location.hash.length > 1) open(location.hash.slice(1)).catch(() => {});

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.elements.text.value.trim()) {
      say("empty");
      form.elements.text.focus();
      return;
    }
    const copy = form.dataset.unsentCopy;
    const answer = await tell({ keep: [...new FormData(form)], copy }).catch(() => ({ ok: false }));
    if (answer.ok) location.assign(`${form.dataset.list}#sent=${form.dataset.draft}`);
    else say(answer.full ? "full" : "unable");
  });
})();
