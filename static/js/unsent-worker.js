/* Forms that are written and sent where there is no net: they wait on the device, and go when there is net again.

   A form carries a key of its own, and the server makes one thing of it however often it comes; so what may have arrived,
   and what surely hasn't, are both simply sent again. What waits is its writer's: it is shown to nobody else, goes only
   in a session of theirs, and is deleted when they log out, which they are asked about first. */
"use strict";

(() => {
  const CACHE = "losen-forms";
  const OLDEST = 30 * 24 * 60 * 60 * 1000;
  const PATIENCE = 20 * 1000; // for an answer that doesn't come, where there is net in name only
  const SLOWEST = 20 * 1024; // bytes a second, as slow as a connection may be before we wait for a better one
  const COPIES = UNSENT.forms.map((form) => form.copy);
  const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* What waits: {key, user, page, copy, at, fields, size, problems, sent} */
  const store = (how, work) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("losen-unsent", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "key" });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction("forms", how);
        const request = work(transaction.objectStore("forms"));
        transaction.oncomplete = () => {
          database.close();
          resolve(request?.result);
        };
        transaction.onabort = transaction.onerror = () => {
          database.close();
          reject(transaction.error);
        };
      };
    });
  const put = (form) => store("readwrite", (forms) => forms.put(form));
  const drop = (key) => store("readwrite", (forms) => forms.delete(key));
  const get = (key) => store("readonly", (forms) => forms.get(key));

  async function of(user) {
    const all = (await store("readonly", (forms) => forms.getAll())).sort((one, other) => one.at - other.at);
    for (const form of all) if (Date.now() - form.at > OLDEST) await drop(form.key);
    return all.filter((form) => form.user === user && Date.now() - form.at <= OLDEST);
  }

  const size = (fields) => fields.reduce((sum, [, value]) => sum + (value.size ?? value.length), 0);
  const patience = (bytes) => PATIENCE + (1000 * bytes) / SLOWEST;

  async function keep(user, where, entries) {
    const fields = [...entries].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.name));
    const key = fields.find(([name]) => name === "key")?.[1];
    if (!key || !user) throw new Error("A form without a key or a writer");
    const kept = await get(key);
    await put({ ...where, key, user, at: kept?.at ?? Date.now(), fields, size: size(fields) });
    await registration.sync?.register("losen-unsent").catch(() => {}); // not allowed everywhere: then the next page sends
  }

  /* One after the other, and by one of us: «locked» says that somebody is at it. */
  const send = (user) =>
    navigator.locks.request("losen-unsent", { ifAvailable: true }, async (lock) => {
      const waiting = lock && (await of(user)).filter((form) => !form.sent && !form.problems);
      if (!waiting?.length) return;
      let token;
      try {
        const answer = await losen.ask(UNSENT.who);
        const who = answer.ok ? await answer.json() : {};
        if (who.user !== user) return losen.tell({ kind: "unsent", logIn: answer.type === "opaqueredirect" });
        token = who.token;
      } catch {
        return; // no net yet
      }
      for (const form of waiting) {
        const body = new FormData();
        for (const [name, value] of form.fields) body.append(name, value);
        body.append("sender", user);
        body.append("written_at", new Date(form.at).toISOString());
        let answer;
        try {
          answer = await fetch(form.copy, {
            method: "POST",
            body,
            redirect: "manual",
            headers: { "X-CSRFToken": token },
            signal: AbortSignal.timeout(patience(form.size)),
          });
        } catch {
          return; // the net went: it may have arrived all the same, and the key sees to it that it counts once
        }
        if (answer.ok) {
          const sent = await answer.json();
          await put({ key: form.key, user, at: form.at, sent: { ...sent, at: Date.now() } });
        } else if (answer.status === 422) {
          await put({ ...form, ...(await answer.json()) });
        } else if (answer.status === 413) {
          await put({ ...form, problems: [""] }); // the page says it in its own words
        } else return; // the server is away, or somebody else is logged in: later
        await losen.tell({ kind: "unsent", user });
      }
    });

  losen.part({
    pages: new RegExp(`^(${[UNSENT.list, ...UNSENT.forms.flatMap((form) => [form.page, form.copy])].map(literally).join("|")})$`),
    assets: /^\/static\//,

    /* The form or the list if that was asked for; else the list, which says that there is no net and what can be done. */
    async offline(url) {
      const cache = await caches.open(CACHE);
      const form = UNSENT.forms.find((each) => each.page === url.pathname || each.copy === url.pathname);
      return cache.match(form ? form.copy : UNSENT.list);
    },

    async asset(url) {
      return (await caches.open(CACHE)).match(url.pathname);
    },

    async refresh({ user }) {
      const cache = await caches.open(CACHE);
      const wanted = new Set();
      for (const address of [UNSENT.list, ...COPIES]) {
        try {
          const answer = await losen.ask(address);
          if (!answer.ok) return answer.status === 403; // may not write it: nothing to keep, and nothing wrong
          const text = await answer.clone().text();
          if (!text.includes(`data-user="${user}"`)) return false;
          wanted.add(address);
          await cache.put(address, answer);
          for (const [, file] of text.matchAll(/(?:href|src)="(\/static\/[^"#?]+)/g)) {
            wanted.add(file);
            if (!(await cache.match(file))) await cache.add(file);
          }
        } catch {
          return false; // the net went: what was fetched is whole, the rest is as it was
        }
      }
      for (const request of await cache.keys()) {
        if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
      }
      return true;
    },

    posts: (url) => UNSENT.forms.some((form) => form.page === url.pathname),

    /* The form itself is sent as ever. If no answer comes, it waits here, and the list says so; but what somebody sends
       without a name never lies here with theirs, and the list says that instead. */
    async post(request, url) {
      const copy = request.clone();
      const bytes = Number(request.headers.get("content-length") ?? 0);
      try {
        const tooLate = new Promise((_, reject) => {
          setTimeout(reject, patience(bytes), new Error("No answer"));
        });
        return await Promise.race([fetch(request), tooLate]);
      } catch (error) {
        const { user, locked } = await losen.state();
        if (!user || locked) throw error;
        const form = UNSENT.forms.find((each) => each.page === url.pathname);
        const written = await copy.formData();
        const [name, value] = form.unless ?? [];
        if (name && written.get(name) === value) return Response.redirect(`${UNSENT.list}#not-kept`, 303);
        await keep(user, form, written);
        return Response.redirect(`${UNSENT.list}#sent=${form.draft}`, 303);
      }
    },

    person: send,

    async message(data, reply) {
      if (data.kind !== "unsent") return;
      const { user } = data;
      try {
        if (data.keep) {
          await keep(user, UNSENT.forms.find((form) => form.copy === data.copy), data.keep);
          reply({ ok: true });
          await send(user);
        } else if (data.again) {
          const form = await get(data.again);
          if (form?.user === user) await put({ ...form, problems: undefined });
          await send(user);
          reply({ ok: true });
        } else if (data.drop) {
          if ((await get(data.drop))?.user === user) await drop(data.drop);
          reply({ ok: true });
        } else if (data.left) {
          for (const form of await of(user)) await drop(form.key);
        } else if (data.open) {
          const form = await get(data.open);
          reply(form?.user === user && !form.sent ? form : null);
        } else {
          const shown = (await losen.shown())?.user === user || data.online;
          const forms = shown ? await of(user) : [];
          reply(
            forms.map(({ fields, ...form }) => ({
              ...form,
              words: fields?.find(([name]) => name === "text")?.[1].slice(0, 80),
              files: fields?.filter(([, value]) => value instanceof File).length,
            })),
          );
        }
      } catch (error) {
        reply({ ok: false, full: error?.name === "QuotaExceededError" });
      }
    },
  });

  addEventListener("sync", (event) => {
    if (event.tag !== "losen-unsent") return;
    event.waitUntil(losen.shown().then((state) => state && send(state.user)));
  });
})();
