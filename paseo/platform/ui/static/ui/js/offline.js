// Says when the network is gone and how old the page is; on the offline page, lists what is kept on the device.
const PAGES = "paseo-pages";

export function watchConnection() {
  const bar = document.querySelector("#offline");
  if (!bar) return;
  const show = () => {
    bar.hidden = navigator.onLine;
    document.documentElement.classList.toggle("offline", !navigator.onLine);
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  document.addEventListener("paseo:disconnected", () => {
    bar.hidden = false;
    document.documentElement.classList.add("offline");
  });
  show();
  keepOfflinePage();
  const list = document.querySelector("[data-kept]");
  if (list) showKept(list);
}

// The page for no network is kept in the language the reader uses now.
async function keepOfflinePage() {
  const address = document.body.dataset.offlinePage;
  const { lang } = document.documentElement;
  if (!address || !("caches" in window) || !navigator.onLine || location.pathname === address) return;
  try {
    if (localStorage.getItem("paseo-offline-page") === lang) return;
    await (await caches.open(PAGES)).add(address);
    localStorage.setItem("paseo-offline-page", lang);
  } catch {
    // Without storage there is no offline page; everything else works.
  }
}

async function showKept(list) {
  if (!("caches" in window)) return;
  const cache = await caches.open(PAGES);
  const rows = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    const title = (await response.text()).match(/<title>([^<]*)<\/title>/)?.[1];
    const path = new URL(request.url).pathname;
    if (title && path !== document.body.dataset.offlinePage) rows.push({ path, title: title.replace(/ · Paseo$/, ""), first: /\/(orders|tickets)\//.test(path), at: response.headers.get("Date") });
  }
  if (!rows.length) return;
  rows.sort((a, b) => b.first - a.first);
  document.querySelector("[data-kept-none]")?.remove();
  for (const row of rows.slice(0, 20)) {
    const link = document.createElement("a");
    link.href = row.path;
    const decoded = document.createElement("textarea");
    decoded.innerHTML = row.title;
    link.textContent = decoded.value;
    const item = document.createElement("li");
    item.append(link);
    if (row.at) {
      const time = document.createElement("span");
      time.className = "small num";
      time.textContent = new Date(row.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
      item.append(time);
    }
    list.append(item);
  }
}
