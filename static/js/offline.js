/* Documents kept on this device to be read without net: the buttons, and setting the service worker to work. Without
   script, or where the browser has no service worker, the buttons stay hidden. */
(() => {
  "use strict";

  const box = document.querySelector("[data-offline-copies]");
  if (!box || !("serviceWorker" in navigator) || !self.caches) return;
  const user = document.body.dataset.user;
  const key = `los.offline.${user}`;
  const find = (name) => box.querySelector(`[data-offline-${name}]`);
  let here = false;
  try {
    here = Boolean(localStorage.getItem(key));
  } catch {
    return; // nothing may be stored here
  }
  const kept = here && box.dataset.kept === "1";
  if (find("keep")) find("keep").hidden = kept;
  if (find("let-go")) find("let-go").hidden = !kept;

  const begin = () => {
    localStorage.setItem(key, "1");
    return navigator.serviceWorker
      .register(box.dataset.worker, { scope: "/" })
      .then(() => navigator.serviceWorker.ready)
      .then((ready) => ready.active.postMessage({ kind: "person", user, offline: true, refresh: true }));
  };

  const keepButton = find("keep");
  if (keepButton?.tagName === "FORM") keepButton.addEventListener("submit", () => localStorage.setItem(key, "1"));
  else {
    keepButton?.addEventListener("click", () => {
      keepButton.hidden = true;
      begin();
    });
  }
  const status = document.querySelector("[data-offline-status]");
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.kind === "refreshed") {
      box.dataset.refreshed = "1";
      if (status) status.textContent = status.dataset.done;
    }
  });
  if (here) begin();
})();
