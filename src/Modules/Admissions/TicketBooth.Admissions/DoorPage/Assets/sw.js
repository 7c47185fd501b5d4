// Keeps the page and its scripts, so that it opens without a network. `version` and `files` stand before this text when it is served.
const name = 'ticketbooth-door-' + version;

self.addEventListener('install', event => {
    event.waitUntil(caches.open(name).then(cache => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => {
    const forget = async () => {
        const old = (await caches.keys()).filter(key => key.startsWith('ticketbooth-door-') && key !== name);
        await Promise.all(old.map(key => caches.delete(key)));
        await self.clients.claim();
    };
    event.waitUntil(forget());
});

self.addEventListener('fetch', event => {
    const url = new URL(event.request.url);
    if (event.request.method === 'GET' && url.origin === location.origin && files.includes(url.pathname)) {
        event.respondWith(caches.match(url.pathname, { cacheName: name }).then(kept => kept ?? fetch(event.request)));
    }
});
