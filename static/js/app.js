/* Small comforts. Every page works without this file; see docs/ui.md for what each attribute does. */
"use strict";

window.dsWarnings = false;

(() => {
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const find = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

  // Storage may be full, or forbidden by the browser: then nothing is kept, and nothing breaks.
  const keep = {
    get(store, key) {
      try {
        return JSON.parse(store.getItem(key));
      } catch {
        return null;
      }
    },
    set(store, key, value) {
      try {
        store.setItem(key, JSON.stringify(value));
      } catch {
        /* see above */
      }
    },
    remove(store, key) {
      try {
        store.removeItem(key);
      } catch {
        /* see above */
      }
    },
  };

  /* Drafts ------------------------------------------------------------------------------------------------------- */

  const user = document.body.dataset.user || "";
  // Those without a log-in often write on a device that isn't theirs: gone when the tab is closed.
  const drafts = () => (user ? localStorage : sessionStorage);
  const draftKey = (name) => `los.draft.${user}.${name}`;
  const draftsOf = (beginning) => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(beginning));
    } catch {
      return [];
    }
  };
  const ownDrafts = () => draftsOf(`los.draft.${user}.`);
  const waitingKey = `los.waiting.${user}`; // how many forms wait here for net, as last heard

  // Everybody's: on a computer that several share, the one who wrote may never come back.
  function forgetOldDrafts() {
    for (const key of draftsOf("los.draft.")) {
      if (Date.now() - (keep.get(localStorage, key)?.at ?? 0) > WEEK) keep.remove(localStorage, key);
    }
  }

  function fields(form) {
    return [...form.elements].filter(
      (each) =>
        each.name &&
        !each.disabled &&
        !["hidden", "password", "file", "submit", "button", "reset", "fieldset"].includes(each.type) &&
        !each.closest("[data-draft-skip]"),
    );
  }

  function written(form) {
    const values = {};
    for (const each of fields(form)) {
      values[each.name] ??= [];
      if (each.type === "checkbox" || each.type === "radio") {
        if (each.checked) values[each.name].push(each.value);
      } else if (each.multiple) {
        values[each.name].push(...[...each.selectedOptions].map((option) => option.value));
      } else {
        values[each.name].push(each.value);
      }
    }
    return values;
  }

  // Identity numbers stay out of what is kept, as they stay out of what is sent.
  function withoutNumbers(values) {
    const redact = window.identityNumbers?.redact;
    if (!redact) return values;
    return Object.fromEntries(
      Object.entries(values).map(([name, texts]) => [name, texts.map((text) => redact(text, "[…]"))]),
    );
  }

  function putBack(form, values, within = form) {
    let changed = false;
    const turn = {};
    for (const each of fields(form)) {
      const kept = values[each.name];
      if (!kept || !within.contains(each)) continue;
      let differs = false;
      if (each.type === "checkbox" || each.type === "radio") {
        differs = each.checked !== kept.includes(each.value);
        if (differs) each.checked = kept.includes(each.value);
      } else if (each.multiple) {
        for (const option of each.options) {
          if (option.selected !== kept.includes(option.value)) differs = true;
          option.selected = kept.includes(option.value);
        }
      } else {
        const value = kept[(turn[each.name] = (turn[each.name] ?? -1) + 1)];
        if (value === undefined || value === each.value) continue;
        if (each.tagName === "SELECT" && ![...each.options].some((option) => option.value === value)) continue;
        each.value = value;
        differs = true;
      }
      if (differs) {
        changed = true;
        each.dispatchEvent(new Event("input", { bubbles: true }));
        each.dispatchEvent(new Event("change", { bubbles: true }));
        each.closest("details")?.setAttribute("open", "");
      }
    }
    return changed;
  }

  function keepDraft(form) {
    const key = draftKey(form.dataset.draft);
    const notice = form.querySelector("[data-draft-notice]");
    const asServed = JSON.stringify(written(form));
    const filesChosen = () => [...form.elements].some((each) => each.type === "file" && each.files.length);
    const answeredWithErrors = form.querySelector(".ds-error-summary") !== null;
    let timer = 0;

    const save = () => {
      clearTimeout(timer);
      timer = 0;
      const now = written(form);
      const keepNothing = form.querySelector("[data-keep-nothing]:checked");
      if (keepNothing || JSON.stringify(now) === asServed && !answeredWithErrors) keep.remove(drafts(), key);
      else keep.set(drafts(), key, { at: Date.now(), values: withoutNumbers(now), files: filesChosen() });
    };
    const saveSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(save, 250);
    };
    // Only what is still waiting to be saved: a page brought back from the history must not revive a draft that was sent.
    const saveWaiting = () => timer && save();

    const draft = keep.get(drafts(), key);
    // After an error the server has sent back what was written; all that is missing is the files.
    const restored = Boolean(draft) && !answeredWithErrors && putBack(form, draft.values);
    if (notice && (restored || (draft?.files && answeredWithErrors))) {
      notice.querySelector("[data-draft-restored]").hidden = !restored;
      notice.querySelector("[data-draft-files]").hidden = !draft.files;
      notice.querySelector("[data-draft-discard]").hidden = !restored;
      notice.hidden = false;
    }

    // What the draft's own answers brought to the form by htmx gets its answers too.
    if (restored) form.addEventListener("htmx:afterSettle", (event) => putBack(form, draft.values, event.detail.elt));
    form.addEventListener("input", saveSoon);
    form.addEventListener("change", saveSoon);
    form.addEventListener("submit", save);
    addEventListener("pagehide", saveWaiting);
    document.addEventListener("visibilitychange", saveWaiting);
    notice?.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
      clearTimeout(timer);
      timer = 0;
      keep.remove(drafts(), key);
      location.assign(location.pathname + location.search);
    });
  }

  // A draft is over when its receipt is shown: a page that says so, or whatever page the server answered the form with,
  // as long as it isn't a failure, a refusal, the form with its errors or the log-in page.
  const wentBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const sentKey = (name) => `los.sent.${user}.${name}`;

  // Back from the receipt the browser fills the form in as it was when it was sent: emptied, so that nobody sends it twice.
  function emptyWhatWasSent(form, back) {
    const receipt = keep.get(sessionStorage, sentKey(form.dataset.draft));
    if (!receipt) return;
    keep.remove(sessionStorage, sentKey(form.dataset.draft));
    if (!back) return;
    form.reset();
    for (const each of fields(form)) each.dispatchEvent(new Event("change", { bubbles: true }));
    const notice = form.querySelector("[data-draft-notice]");
    if (!notice) return;
    for (const each of notice.children) each.hidden = true;
    const sent = notice.querySelector("[data-draft-sent]");
    // Of what was sent without a name there is no receipt to go back to.
    if (receipt === location.pathname) return;
    sent.querySelector("a").href = receipt;
    sent.hidden = notice.hidden = false;
  }

  function forgetWhatWasSent() {
    for (const meta of document.querySelectorAll('meta[name="draft-sent"]')) {
      if (wentBack()) continue;
      keep.remove(drafts(), draftKey(meta.content));
      keep.set(sessionStorage, sentKey(meta.content), location.pathname);
    }
    const sending = keep.get(sessionStorage, "los.sending");
    keep.remove(sessionStorage, "los.sending");
    // The key carries the person, so on the log-in page it belongs to nobody.
    const arrived = sending?.key.startsWith(draftKey("")) && document.referrer === sending.from;
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
    const failed = status >= 400 || document.querySelector(".los-messages [role=alert], .ds-error-summary, [data-failed]");
    if (arrived && !failed) keep.remove(drafts(), sending.key);
  }

  forgetWhatWasSent();
  forgetOldDrafts();

  /* Sending ------------------------------------------------------------------------------------------------------ */

  function ask(question, action, cancel, color) {
    const dialog = document.createElement("dialog");
    dialog.className = "ds-dialog";
    const heading = document.createElement("h2");
    heading.className = "ds-heading";
    heading.dataset.size = "xs";
    heading.id = "los-question";
    heading.textContent = question;
    dialog.setAttribute("aria-labelledby", heading.id);
    const buttons = document.createElement("div");
    buttons.className = "los-buttons";
    return new Promise((resolve) => {
      for (const [words, value] of [
        [action, true],
        [cancel, false],
      ]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "ds-button";
        if (!value) button.dataset.variant = "secondary";
        else if (color) button.dataset.color = color;
        button.textContent = words;
        button.addEventListener("click", () => {
          resolve(value);
          dialog.close();
        });
        buttons.append(button);
      }
      dialog.append(heading, buttons);
      dialog.addEventListener("close", () => {
        resolve(false);
        dialog.remove();
      });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  const asked = new WeakSet();

  function question(button) {
    if (!button || asked.has(button)) return null;
    if (button.dataset.confirm) {
      return [button.dataset.confirm, button.dataset.confirmAction || button.textContent.trim()];
    }
    if (button.dataset.logout && (ownDrafts().length || keep.get(localStorage, waitingKey))) return [button.dataset.logout, button.textContent.trim()];
    return null;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented) return;
    const words = question(button);
    if (words) {
      event.preventDefault();
      ask(...words, button.dataset.confirmCancel, button.dataset.confirmColor).then((yes) => {
        if (!yes) return button.focus();
        asked.add(button);
        form.requestSubmit(button);
      });
      return;
    }
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    // A form that may wait on the device is taken by the service worker when it can't go: see unsent-worker.js.
    const mayWait =
      "unsent" in form.dataset &&
      navigator.serviceWorker?.controller &&
      !form.querySelector("[data-keep-nothing]:checked");
    if (form.dataset.draft && !navigator.onLine && !mayWait) {
      event.preventDefault();
      showConnection();
      return;
    }
    if (button?.dataset.logout) {
      navigator.serviceWorker?.controller?.postMessage({ kind: "unsent", user, left: true });
      for (const key of [...ownDrafts(), waitingKey]) keep.remove(localStorage, key);
      for (const name of ["losen-offline", "losen-forms"]) self.caches?.delete(name).catch(() => {});
    }
    if (form.hasAttribute("data-again")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (form.dataset.draft) {
      keep.set(sessionStorage, "los.sending", {
        key: draftKey(form.dataset.draft),
        from: location.href.split("#")[0],
      });
    }
    for (const each of find(form, "button:not([type=button]), input[type=submit]")) {
      each.setAttribute("aria-disabled", "true");
      each.classList.add("los-once");
    }
  });

  addEventListener("pageshow", (event) => {
    keep.remove(sessionStorage, "los.sending");
    for (const form of document.querySelectorAll("form[data-draft]")) {
      emptyWhatWasSent(form, event.persisted || wentBack());
    }
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const each of find(form, ".los-once")) {
        each.removeAttribute("aria-disabled");
        each.classList.remove("los-once");
      }
    }
  });

  function guard(form) {
    const asServed = JSON.stringify(written(form));
    addEventListener("beforeunload", (event) => {
      if (!form.dataset.sent && form.isConnected && JSON.stringify(written(form)) !== asServed) event.preventDefault();
    });
  }

  /* The connection ------------------------------------------------------------------------------------------------- */

  function showConnection() {
    const notice = document.querySelector("[data-offline]");
    if (!notice) return;
    notice.querySelector("[data-offline-draft]").hidden = !document.querySelector("form[data-draft]");
    notice.hidden = navigator.onLine;
  }
  addEventListener("offline", showConnection);
  addEventListener("online", showConnection);
  if (!navigator.onLine) showConnection();

  // What lies on this device is one person's: the service worker, where there is one, is told who.
  const worker = navigator.serviceWorker;
  function sayWho(to = worker?.controller) {
    to?.postMessage({ kind: "person", user, offline: Boolean(keep.get(localStorage, `los.offline.${user}`)) });
  }

  // What waits here to be sent, and what has just been: a line on every page.
  async function showUnsent(logIn) {
    const line = document.querySelector("[data-unsent-line]");
    if (!line || !worker?.controller) return;
    const { port1, port2 } = new MessageChannel();
    worker.controller.postMessage({ kind: "unsent", user, online: navigator.onLine }, [port2]);
    const forms = await new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data)));
    if (!Array.isArray(forms)) return;
    const waiting = forms.filter((form) => !form.sent).length;
    if (waiting) keep.set(localStorage, waitingKey, waiting);
    else keep.remove(localStorage, waitingKey);
    const sent = forms.filter((form) => form.sent && !keep.get(localStorage, `los.seen.${form.key}`));
    line.querySelector("[data-waiting]").hidden = !waiting;
    line.querySelector("[data-waiting-number]").textContent = waiting;
    line.querySelector("[data-sent]").hidden = !sent.length;
    line.querySelector("[data-sent-names]").replaceChildren(
      ...sent.flatMap(({ sent: { url, name } }, n) => {
        const link = document.createElement("a");
        link.className = "ds-link";
        link.href = url;
        link.textContent = name;
        return n ? [", ", link] : [link];
      }),
    );
    line.querySelector("button").onclick = () => {
      for (const form of sent) keep.set(localStorage, `los.seen.${form.key}`, 1);
      line.hidden = !waiting;
      line.querySelector("[data-sent]").hidden = true;
    };
    line.hidden = !waiting && !sent.length;
    document.dispatchEvent(new CustomEvent("unsent", { detail: { forms, logIn } }));
  }

  if (user && worker) {
    sayWho();
    addEventListener("online", () => sayWho());
    worker.addEventListener("message", (event) => event.data?.kind === "unsent" && showUnsent(event.data.logIn));
    worker.addEventListener("controllerchange", () => showUnsent());
    showUnsent();
    const script = document.querySelector('meta[name="worker"]')?.content;
    if (script) {
      worker
        .register(script, { scope: "/" })
        .then(() => worker.ready)
        .then((ready) => sayWho(ready.active))
        .catch(() => {}); // forbidden here: then it works with net only
    }
  }

  /* Fields --------------------------------------------------------------------------------------------------------- */

  function grow(area) {
    if (CSS.supports("field-sizing", "content")) return;
    const fit = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    area.addEventListener("input", fit);
    fit();
  }

  function showIf(box) {
    const form = box.closest("form");
    const name = box.dataset.showIf;
    const update = () => {
      const values = new FormData(form).getAll(name);
      box.hidden = !box.dataset.showValue.split(" ").some((value) => values.includes(value)) && !box.querySelector(".ds-validation-message");
    };
    form.addEventListener("change", (event) => event.target.name === name && update());
    update();
  }

  function remember(details) {
    const key = `los.open.${details.dataset.remember}`;
    if (keep.get(localStorage, key)) details.open = true;
    details.addEventListener("toggle", () =>
      details.open ? keep.set(localStorage, key, 1) : keep.remove(localStorage, key),
    );
  }

  /* One box that ticks all of a name; it is hidden where there is nobody to work it. */
  function tickAll(box) {
    const all = () => [...box.form.querySelectorAll(`input[name="${box.dataset.tickAll}"]`)];
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", () => all().forEach((each) => (each.checked = box.checked)));
  }

  /* The tab one stands on is seen on a phone too, where not all fit side by side. */
  function showCurrent(tab) {
    const row = tab.closest("ul");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }

  // Says on the button itself that it is done, where those who listen hear it too.
  function copy(button) {
    const text = document.querySelector(button.dataset.copy).textContent.trim();
    navigator.clipboard?.writeText(text).then(() => {
      button.querySelector("[role=status]").textContent = button.dataset.copied;
    });
  }

  /* Menus that close when one looks elsewhere ---------------------------------------------------------------------- */

  const menus = ".los-menu[open], .los-more[open]";
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(menus)) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest?.("[data-print]")) print();
    const copying = event.target.closest?.("[data-copy]");
    if (copying) copy(copying);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* Setting up, also what htmx brings ------------------------------------------------------------------------------ */

  function setUp(root) {
    find(root, "form[data-draft]").forEach(keepDraft);
    find(root, "form[data-guard]").forEach(guard);
    find(root, "textarea[data-grow]").forEach(grow);
    find(root, "[data-show-if]").forEach(showIf);
    find(root, "details[data-remember]").forEach(remember);
    find(root, "[data-tick-all]").forEach(tickAll);
    find(root, ".los-tabs [aria-current]").forEach(showCurrent);
  }
  setUp(document);
  document.addEventListener("htmx:afterSettle", (event) => setUp(event.detail.elt));
  // The session ran out: the answer is the log-in page, which belongs on the whole screen.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (/^\s*<!doctype/i.test(event.detail.xhr.responseText)) {
      event.preventDefault();
      location.reload();
    }
  });
})();
