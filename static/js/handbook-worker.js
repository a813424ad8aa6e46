/* The handbook's part of the service worker (worker.js): the documents a person has chosen, and nothing else. */
"use strict";

losen.part({
  assets: /^\/static\/(css\/offline|js\/offline-page|img\/icon-192)\b/,

  async offline(url) {
    const cache = await caches.open(losen.CACHE);
    const number =
      /^\/handbok\/([^/]+)\/(?:uten-nett\/)?$/.exec(url.pathname)?.[1] ??
      /^\/d\/\d+\/([^/]+)\//.exec(url.pathname)?.[1];
    return (
      (number && (await cache.match(`/handbok/${number}/uten-nett/`))) ||
      (await cache.match(url.pathname)) ||
      (await cache.match("/handbok/uten-nett/side/"))
    );
  },

  async asset(url) {
    return (await caches.open(losen.CACHE)).match(url.pathname);
  },

  async refresh({ user, chosen }) {
    if (!chosen) return true;
    const { ask } = losen;
    let list;
    try {
      const answer = await ask("/handbok/uten-nett/liste/");
      if (!answer.ok) return false;
      list = await answer.json();
    } catch {
      return false;
    }
    if (list.user !== user) return false;
    const cache = await caches.open(losen.CACHE);
    const again = [list.start, ...list.pages]; // what may have changed; a version's PDF never does
    const once = [...list.files, ...list.assets];
    const wanted = new Set([...again, ...once, losen.STATE]);
    for (const request of await cache.keys()) {
      if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
    }
    for (const address of [...again, ...once]) {
      try {
        if (once.includes(address) && (await cache.match(address))) continue;
        const answer = await ask(address);
        if (answer.ok) await cache.put(address, answer);
        else if (answer.status === 403 || answer.status === 404) await cache.delete(address);
        else if (answer.type === "opaqueredirect") return false; // logged out in the meantime
      } catch {
        return false; // the net went: what was fetched is whole, the rest is as it was
      }
    }
    return true;
  },
});
