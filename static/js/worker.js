/* The service worker: what the product does on a device without net. Modules add their parts, loaded after this file:

     losen.part({
       async offline(url, state) {},   // a page was asked for and there is no net: a Response, or nothing
       async asset(url, state) {},     // the same for files of such pages; url.pathname matches `assets`
       assets: /^\/static\/…/,
       async refresh(state) {},        // there is net, and the person `state.user` wants copies here: fetch them
       async message(data, state) {},  // a page has said something of another kind than "person"
     });

   Everything lies in one cache, belongs to one person and goes when that person logs out, when another logs in, or when
   it has not been looked after for two weeks. Between a log-in and the first page after it nobody sees it. */
"use strict";

const losen = {
  CACHE: "losen-offline",
  STATE: "/losen-offline-state",
  OLDEST: 14 * 24 * 60 * 60 * 1000,
  AGAIN: 10 * 60 * 1000, // how long after a refresh a mere page view leads to the next
  parts: [],

  part(part) {
    this.parts.push(part);
  },

  /* {user, locked, refreshed}; empty where nothing is kept. */
  async state() {
    const cache = await caches.open(this.CACHE);
    const kept = await cache.match(this.STATE);
    return kept ? kept.json() : {};
  },

  async remember(state) {
    const cache = await caches.open(this.CACHE);
    await cache.put(this.STATE, new Response(JSON.stringify(state)));
  },

  forget() {
    return caches.delete(this.CACHE);
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
    if (!offline) return;
    if (state.locked) await this.remember({ ...state, locked: false });
    if (!refresh && state.refreshed && Date.now() - state.refreshed < this.AGAIN) return;
    await this.refresh(user);
  },

  async refresh(user) {
    const state = { user, locked: false, refreshed: Date.now() };
    for (const part of this.parts) {
      if (part.refresh && (await part.refresh(state)) === false) return; // no net, or nobody is logged in
    }
    await this.remember(state);
    for (const page of await clients.matchAll()) page.postMessage({ kind: "refreshed" });
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
  event.waitUntil(
    inTurn(async () => {
      if (data.kind === "person") return losen.isPerson(data);
      const state = await losen.state();
      for (const part of losen.parts) await part.message?.(data, state);
    }),
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
    for (const part of state ? losen.parts : []) {
      const answer = await part[how]?.(url, state);
      if (answer) return answer;
    }
    throw error;
  }
}
