/* The service worker: what the product does on a device without net. Modules add their parts, loaded after this file:

     losen.part({
       async offline(url, state) {},   // a page was asked for and there is no net: a Response, or nothing
       pages: /^\/…/,                  // pages that are this part's own: it is asked about them before the others
       async asset(url, state) {},     // the same for files of such pages; url.pathname matches `assets`
       assets: /^\/static\/…/,
       async refresh(state) {},        // there is net, and `state.user` is logged in: fetch what is to be kept. Whether
                                       // the person has chosen to keep documents here is `state.chosen`
       async message(data, reply) {},  // a page has said something of another kind than "person"
       async person(user) {},          // a page of theirs was opened: what waits may go
     });

   Everything fetched lies in caches of ours, belongs to one person and goes when that person logs out, when another
   logs in, or when it has not been looked after for two weeks. Between a log-in and the first page after it nobody sees
   it. `UNSENT`, from the server, names the forms that may wait here to be sent: see unsent-worker.js. */
"use strict";

const losen = {
  CACHE: "losen-offline",
  STATE: "/losen-offline-state",
  OLDEST: 14 * 24 * 60 * 60 * 1000,
  AGAIN: 10 * 60 * 1000, // how long after a refresh a mere page view leads to the next, where documents are kept
  SELDOM: 6 * 60 * 60 * 1000, // and where it is only the forms
  parts: [],

  part(part) {
    this.parts.push(part);
  },

  /* {user, locked, chosen, refreshed}; empty where nothing is kept. */
  async state() {
    const cache = await caches.open(this.CACHE);
    const kept = await cache.match(this.STATE);
    return kept ? kept.json() : {};
  },

  async remember(state) {
    const cache = await caches.open(this.CACHE);
    await cache.put(this.STATE, new Response(JSON.stringify(state)));
  },

  async forget() {
    for (const name of await caches.keys()) if (name.startsWith("losen-")) await caches.delete(name);
  },

  /* Who may see what is kept: nobody between log-in and first page, nobody after two weeks. */
  async shown() {
    const state = await this.state();
    if (!state.user || state.locked) return null;
    if (Date.now() - state.refreshed > this.OLDEST) {
      await this.forget();
      return null;
    }
    return state;
  },

  async isPerson({ user, offline, refresh }) {
    let state = await this.state();
    if (state.user && state.user !== user) {
      await this.forget();
      state = {};
    }
    if (state.user && (state.locked || state.chosen !== offline)) {
      await this.remember({ ...state, locked: false, chosen: offline });
    }
    const again = offline ? this.AGAIN : this.SELDOM;
    if (!refresh && state.chosen === offline && state.refreshed && Date.now() - state.refreshed < again) return;
    await this.refresh(user, offline);
  },

  async refresh(user, chosen) {
    const state = { user, locked: false, chosen, refreshed: Date.now() };
    for (const part of this.parts) {
      if (part.refresh && (await part.refresh(state)) === false) return; // no net, or nobody is logged in
    }
    await this.remember(state);
    await this.tell({ kind: "refreshed" });
  },

  async tell(words) {
    for (const page of await clients.matchAll()) page.postMessage(words);
  },

  /* A page as it is to be kept, or null: the answer to somebody else, to nobody, or none at all. */
  ask(address) {
    return fetch(address, { redirect: "manual", headers: { "X-Offline-Copy": "1" }, cache: "no-store" });
  },
};

/* One thing at a time: what is kept for one person must not be written while it is taken away from another. */
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([registration.navigationPreload?.enable(), clients.claim()]));
});

addEventListener("message", (event) => {
  const data = event.data ?? {};
  const reply = (words) => event.ports[0]?.postMessage(words);
  if (data.kind !== "person") {
    event.waitUntil(Promise.all(losen.parts.map((part) => part.message?.(data, reply))));
    return;
  }
  event.waitUntil(
    Promise.all([inTurn(() => losen.isPerson(data)), ...losen.parts.map((part) => part.person?.(data.user))]),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "POST") {
    if (url.pathname.startsWith("/konto/logout")) event.waitUntil(inTurn(() => losen.forget()));
    if (url.pathname.startsWith("/konto/login")) {
      event.waitUntil(
        inTurn(async () => {
          const state = await losen.state();
          if (state.user) await losen.remember({ ...state, locked: true });
        }),
      );
    }
    const part = url.search ? null : losen.parts.find((each) => each.posts?.(url));
    if (part) event.respondWith(part.post(request, url));
    return;
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(withOrWithoutNet(event, url, "offline"));
  else if (losen.parts.some((part) => part.assets?.test(url.pathname))) {
    event.respondWith(withOrWithoutNet(event, url, "asset"));
  }
});

async function withOrWithoutNet(event, url, how) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const state = await losen.shown();
    const own = losen.parts.filter((part) => part.pages?.test(url.pathname));
    for (const part of state ? [...own, ...losen.parts] : []) {
      const answer = await part[how]?.(url, state);
      if (answer) return answer;
    }
    throw error;
  }
}
