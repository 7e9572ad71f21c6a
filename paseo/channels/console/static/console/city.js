// The map of the city keeps up with the list beside it: lamps, orders in hand, red flags with words.
const box = document.querySelector("#city-map");

const drawn = () => [...box.querySelectorAll(".m-mark")];

const keepUp = () => {
  const told = document.querySelector("#marks");
  const elements = drawn();
  if (!told || !elements.length) return;
  const marks = JSON.parse(told.textContent);
  // Another set of shops needs another map; the next full page brings it.
  if (marks.length !== elements.length) return;
  marks.forEach((mark, place) => {
    const element = elements[place];
    const on = element.classList.contains("on");
    for (const name of ["lit", "half", "dark", "counted", "flagged"]) element.classList.remove(name);
    element.classList.add(mark.state);
    if (mark.flag) element.classList.add("flagged");
    else if (mark.count) element.classList.add("counted");
    if (on) element.classList.add("on");
    element.textContent = mark.flag || mark.count || "";
    if (element.matches("a")) {
      element.setAttribute("aria-label", mark.name);
    } else {
      // Where nothing happens a mark is only a light: the list beside says its name.
      element.removeAttribute("aria-label");
      element.setAttribute("aria-hidden", "true");
      element.title = mark.name;
    }
  });
};

// The markers come when the library has come.
if (box) {
  const watch = new MutationObserver(() => {
    if (!box.querySelector(".m-mark")) return;
    watch.disconnect();
    keepUp();
  });
  watch.observe(box, { childList: true, subtree: true });
  document.addEventListener("htmx:after:swap", keepUp);
  const point = (event, on) => {
    const row = event.target.closest?.("[data-place]");
    if (row) drawn()[Number(row.dataset.place)]?.classList.toggle("on", on);
  };
  for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => point(event, on));
  }
}
