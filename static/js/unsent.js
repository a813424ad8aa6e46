/* The list of what waits on this device to be sent: only the device knows it, so it is written here. */
(() => {
  "use strict";

  const list = document.querySelector("[data-forms]");
  const user = document.body.dataset.user;
  const find = (root, name) => root.querySelector(`[data-${name}]`);
  const show = (name, yes) => (find(document, name).hidden = !yes);

  const tell = (words) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => resolve(event.data);
      navigator.serviceWorker.controller.postMessage({ kind: "unsent", user, ...words }, [port2]);
    });

  const clock = (at) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(at);

  function line(form) {
    const row = find(document, "form").content.cloneNode(true).firstElementChild;
    find(row, "words").textContent = form.words ?? form.sent?.name ?? "";
    const at = find(row, "at");
    at.dateTime = new Date(form.at).toISOString();
    at.textContent = clock(form.at);
    find(row, "files").hidden = !form.files;
    find(row, "number").textContent = form.files ?? "";
    if (form.sent) {
      find(row, "steps").remove();
      const link = find(row, "sent-as").querySelector("a");
      link.href = form.sent.url;
      link.textContent = form.sent.name;
      find(row, "words").remove();
      find(row, "sent-as").hidden = false;
      return row;
    }
    const box = find(row, "problems");
    for (const problem of form.problems ?? []) {
      if (!problem) find(box, "too-large").hidden = false;
      else box.append(Object.assign(document.createElement("p"), { textContent: problem }));
    }
    box.hidden = !form.problems;
    find(row, "open").href = `${form.copy}#${form.key}`;
    find(row, "again").hidden = Boolean(form.problems);
    find(row, "again").addEventListener("click", () => tell({ again: form.key }));
    find(row, "drop").addEventListener("click", async (event) => {
      if (!confirm(event.target.dataset.question)) return;
      await tell({ drop: form.key });
      tell({ online: navigator.onLine }).then(write);
    });
    return row;
  }

  function write(forms) {
    list.replaceChildren(...forms.toReversed().map(line));
    show("none", !forms.length);
  }

  const net = () => show("no-net", !navigator.onLine);
  addEventListener("online", net);
  addEventListener("offline", net);
  net();

  // app.js hears from the worker and passes it on; what was just sent from the form needs no draft any more.
  document.addEventListener("unsent", ({ detail: { forms, logIn } }) => {
    write(forms);
    show("log-in", Boolean(logIn));
  });
  // Asked once here too: app.js may have heard and told before this script was there to listen.
  if (navigator.serviceWorker?.controller) {
    tell({ online: navigator.onLine }).then((forms) => Array.isArray(forms) && write(forms));
  } else show("none", true);
  show("not-kept", location.hash === "#not-kept");
  find(document, "back").addEventListener("click", () => history.back());
  const [, draft] = /^#sent=([\w-]+)$/.exec(location.hash) ?? [];
  if (draft) {
    try {
      localStorage.removeItem(`los.draft.${user}.${draft}`);
    } catch {
      /* nothing is kept here, then there is no draft either */
    }
  }
})();
