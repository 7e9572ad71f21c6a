// Keeps the shell and the last pages a guest opened. Codes and orders first: they must be shown at a counter without network.
const VERSION = "{{ version }}";
const SHELL = [{% for address in shell %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = "{{ offline|escapejs }}";
const SHELL_CACHE = `paseo-shell-${VERSION}`;
const PAGES = "paseo-pages";
const NEVER = /^\/(console|api|events|sign-in|sign-out|demo)\b/;
// Styles, scripts, icons and the sign font; never the map and the scanner, which are large and need the network anyway.
const PARTS = /^\/static\/(?!vendor\/(maplibre|zxing)\/).+\.(css|js|svg|woff2)$/;
const MOST_PAGES = 40;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL_CACHE)
      .then((cache) => Promise.allSettled(SHELL.map((address) => cache.add(address))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("paseo-shell-") && name !== SHELL_CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
});

async function keep(request, response) {
  const policy = response.headers.get("Cache-Control") || "";
  if (!response.ok || response.redirected || policy.includes("no-store")) return;
  const cache = await caches.open(PAGES);
  await cache.put(request, response);
  const keys = await cache.keys();
  // Pages with a code are the last to go.
  const others = keys.filter((key) => new URL(key.url).pathname !== OFFLINE && !/\/(orders|tickets)\//.test(new URL(key.url).pathname));
  for (const key of others.slice(0, Math.max(0, keys.length - MOST_PAGES))) await cache.delete(key);
}

async function page(request) {
  try {
    const response = await fetch(request);
    keep(request, response.clone()).catch(() => {});
    return response;
  } catch {
    const pages = await caches.open(PAGES);
    return (await pages.match(request)) || (await pages.match(OFFLINE)) || (await caches.match(OFFLINE)) || Response.error();
  }
}

// The style sheet's address changes with its contents: what is kept is right. The rest is fetched while there is a network,
// so that an upgrade is seen at once, and kept for the page that is opened at a counter without one.
async function asset(request, forEver) {
  const kept = await caches.match(request);
  if (kept && forEver) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) {
      const copy = response.clone();
      caches.open(SHELL_CACHE).then((cache) => cache.put(request, copy)).catch(() => {});
    }
    return response;
  } catch (gone) {
    if (kept) return kept;
    throw gone;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || NEVER.test(address.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (address.pathname === SHELL[0]) event.respondWith(asset(request, true));
  else if (PARTS.test(address.pathname)) event.respondWith(asset(request, false));
});
