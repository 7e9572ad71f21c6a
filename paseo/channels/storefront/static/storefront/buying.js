// Takes the reader to the first problem, shows the code fully, and keeps the order's newest page for no network.
const problem =
  document.querySelector(".field.bad :is(input, select, textarea), .stars-in.bad input") || document.querySelector("[data-focus]");
if (problem) {
  problem.focus({ preventScroll: true });
  problem.scrollIntoView({ block: "center" });
}

// The worker keeps what was opened as a page. When the code came later, in place, the page is fetched once more for it.
const live = document.querySelector("#live");
if (live && "caches" in window) {
  const keep = () =>
    caches
      .open("paseo-pages")
      .then((cache) => cache.add(location.pathname))
      .catch(() => {});
  if (location.search === "?new") {
    // The receipt is printed once; what is kept and reloaded is the order's own address.
    history.replaceState(null, "", location.pathname);
    keep();
  }
  let kept = live.dataset.code;
  document.addEventListener("htmx:after:swap", () => {
    const now = document.querySelector("#live")?.dataset.code;
    if (now === undefined || now === kept) return;
    kept = now;
    keep();
  });
}
