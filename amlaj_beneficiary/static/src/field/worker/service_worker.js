/* The service worker of /field: it keeps the page and its files, so that the page opens without line. It keeps no answer of
   the server: what belongs to people lies in the page's own store and is erased there. */

const PREFIX = "amlaj-field-";
const CACHE = `${PREFIX}__VERSION__`;
// the reader of QR squares, kept by the page where the browser has none of its own
const SCANNER = `${PREFIX}scanner`;
const PAGE = "/field";
const FILES = "__FILES__";

async function keep() {
    const cache = await caches.open(CACHE);
    // an ended session leads elsewhere: then nothing is renewed
    const page = await fetch(PAGE, {cache: "no-store", credentials: "same-origin", redirect: "error"});
    if (!page.ok) {
        throw new Error("the page cannot be kept");
    }
    await cache.addAll(FILES);
    await cache.put(PAGE, page);
    await self.skipWaiting();
}

async function clean() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && ![CACHE, SCANNER].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
}

self.addEventListener("install", (ev) => ev.waitUntil(keep()));
self.addEventListener("activate", (ev) => ev.waitUntil(clean()));
self.addEventListener("fetch", (ev) => {
    const url = new URL(ev.request.url);
    if (ev.request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    const isPage = ev.request.mode === "navigate" && url.pathname === PAGE;
    if (isPage || ev.request.mode !== "navigate") {
        ev.respondWith(caches.match(isPage ? PAGE : ev.request).then((kept) => kept || fetch(ev.request)));
    }
});
