// Starts what a page asks for. Every page works without this file; it only saves waiting.
import { follow } from "./live.js";
import { watchConnection } from "./offline.js";

const body = document.body;

if (body.dataset.topics) follow(body.dataset.topics);
watchConnection();

// Modules that few pages need are fetched only there.
const load = (selector, module, start) => {
  const found = document.querySelectorAll(selector);
  if (found.length) import(module).then((loaded) => found.forEach((element) => loaded[start](element)));
};
// A map is the largest thing there is to fetch: it comes when it can be seen, and where there is a button, when asked for.
const inSight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.querySelector("[data-map-open]")?.checkVisibility()) continue;
      inSight.unobserve(target);
      startMap(target);
    }
  },
  { rootMargin: "100px" },
);
const startMap = (box) => {
  if (box.dataset.started) return;
  box.dataset.started = "1";
  import("./map.js").then(({ showMap }) => showMap(box));
};
const awaitMap = (box) => {
  box.dataset.awaited = "1";
  box.querySelector("[data-map-open]")?.addEventListener("click", () => {
    box.classList.add("opened");
    startMap(box);
  });
  inSight.observe(box);
};
const startParts = () => {
  document.querySelectorAll("[data-map]:not([data-awaited])").forEach(awaitMap);
  load("[data-scanner]:not([data-started])", "./scanner.js", "offerScanner");
};
startParts();
document.addEventListener("htmx:after:settle", startParts);

// Menus close by Escape and by a press elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
  const copied = event.target.closest("[data-copy]");
  if (copied) navigator.clipboard?.writeText(copied.dataset.copy).then(() => copied.classList.add("copied"));
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1 && document.referrer.startsWith(location.origin)) {
    event.preventDefault();
    history.back();
  }
});

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  // A key named by the page: data-key="v" focuses a field or presses a button.
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (wanted) {
    event.preventDefault();
    if (wanted.matches("input, textarea, select")) wanted.focus();
    else wanted.click();
    return;
  }
  // Arrows walk through the rows of a list that asks for it.
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const list = document.querySelector("[data-walk]");
  if (!list) return;
  const stops = [...list.querySelectorAll("[data-walk-stop]")];
  if (!stops.length) return;
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  const next = at < 0 ? 0 : at + (event.key === "ArrowDown" ? 1 : -1);
  if (stops[next]) {
    event.preventDefault();
    (stops[next].matches("a, button, [tabindex]") ? stops[next] : stops[next].querySelector("a, button"))?.focus();
  }
});

// A form is sent once: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.matches("[hx-post], [data-hx-post]")) {
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
  }
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

// Who signs out leaves no pages behind on a shared device.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget], [action*='sign-out']")) return;
  navigator.serviceWorker?.controller?.postMessage("forget");
  localStorage.removeItem("paseo-offline-page");
});

// What depends on a choice is sent as soon as it is made, where the form asks for it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form) form.requestSubmit();
});

// The button that a script replaces is hidden only when the script runs.
document.documentElement.classList.add("js");

// Countdowns and the clock on the wall.
const zone = () => document.querySelector("[data-clock]")?.dataset.zone || undefined;
let said = -1;
setInterval(() => {
  const now = Date.now();
  document.querySelectorAll("[data-until]").forEach((element) => {
    const rest = Math.max(0, Math.round((Date.parse(element.dataset.until) - now) / 1000));
    if (rest < 3600) element.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    if (rest === 0 && !element.dataset.over) {
      element.dataset.over = "1";
      element.dispatchEvent(new CustomEvent("paseo:over", { bubbles: true }));
    }
  });
  const minute = Math.floor(now / 60000);
  if (minute === said) return;
  const first = said < 0;
  said = minute;
  if (first) return;
  document.querySelectorAll("[data-clock][data-zone]").forEach((element) => {
    element.textContent = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone() }).format(now);
  });
}, 1000);

// After htmx put a refusal on the page, the reader is taken to it.
document.addEventListener("htmx:after:swap", () => {
  const refusal = document.querySelector("#refusals .refusal:not([data-seen])");
  if (!refusal) return;
  refusal.dataset.seen = "1";
  refusal.tabIndex = -1;
  refusal.focus({ preventScroll: true });
  refusal.scrollIntoView({ block: "nearest" });
});
// The next thing that works takes the old refusal away.
document.addEventListener("htmx:after:request", (event) => {
  const status = event.detail?.ctx?.response?.status;
  const verb = event.detail?.ctx?.request?.method;
  if (status && status < 400 && verb !== "GET") document.querySelector("#refusals")?.replaceChildren();
});
// Without network, say so instead of doing nothing.
document.addEventListener("htmx:error", () => {
  if (!navigator.onLine) document.dispatchEvent(new CustomEvent("paseo:disconnected"));
});

if ("serviceWorker" in navigator && body.dataset.serviceWorker && !body.classList.contains("staff")) {
  addEventListener("load", () => navigator.serviceWorker.register(body.dataset.serviceWorker, { scope: "/" }).catch(() => {}));
}
