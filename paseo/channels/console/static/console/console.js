// What only the console needs: a sound and a sentence for a new order, the wall clock, the position of a shop.
// Every page works without it.
const live = () => document.querySelector("#live");
const told = new Set([...document.querySelectorAll("[data-order]")].map((row) => row.dataset.order));

const clock = document.querySelector("[data-clock]");
const place = document.querySelector("[data-zone-of]");
if (clock && place) clock.dataset.zone = place.dataset.zoneOf;

// Minutes pass without anything happening: "in 7 min" becomes "in 6 min".
setInterval(() => {
  if (!document.hidden && live()) document.body.dispatchEvent(new CustomEvent("paseo:minute", { bubbles: true }));
}, 60000);

// Two short tones, made here. A browser makes no sound before the page was touched once.
const button = document.querySelector("[data-sound]");
const kept = { get: () => localStorage.getItem("paseo-sound") === "on", set: (on) => localStorage.setItem("paseo-sound", on ? "on" : "off") };
let audio = null;
const ready = () => {
  if (!("AudioContext" in window)) return null;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  return audio;
};
const ring = () => {
  const context = ready();
  if (!context) return;
  [880, 1174.7].forEach((pitch, turn) => {
    const start = context.currentTime + turn * 0.22;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.35, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.21);
  });
};
const show = (on) => {
  button.setAttribute("aria-pressed", String(on));
  const words = button.querySelector("[data-sound-words]");
  words.textContent = on ? words.dataset.on : words.dataset.off;
};
if (button) {
  button.hidden = false;
  show(kept.get());
  button.addEventListener("click", () => {
    const on = !kept.get();
    kept.set(on);
    show(on);
    if (on) ring();
  });
  if (kept.get()) addEventListener("pointerdown", ready, { once: true });
}

// After the list was fetched anew: say and sound what was not there before.
const look = () => {
  const fresh = [...document.querySelectorAll("[data-order]")].filter((row) => !told.has(row.dataset.order));
  fresh.forEach((row) => told.add(row.dataset.order));
  if (fresh.length) {
    const heard = document.querySelector("[data-heard]");
    if (heard) heard.textContent = fresh.map((row) => row.dataset.says).join(" ");
    document.body.dataset.rang = String(Number(document.body.dataset.rang || 0) + 1);
    if (button && kept.get()) ring();
  }
  count();
};
const title = document.title;
const count = () => {
  if (!live()?.dataset.new) return;
  const waiting = Number(live().dataset.new);
  document.title = waiting ? `(${waiting}) ${title.replace(/^\(\d+\) /, "")}` : title.replace(/^\(\d+\) /, "");
  const room = document.querySelector('.rail a[href$="/orders/"]');
  if (!room) return;
  let dot = room.querySelector(".dot");
  if (!dot && waiting) {
    dot = document.createElement("span");
    dot.className = "dot";
    room.append(dot);
  }
  if (dot) waiting ? (dot.textContent = waiting) : dot.remove();
};
document.addEventListener("htmx:after:swap", look);
count();

// Most days are like Monday.
document.querySelectorAll("[data-copy-day]").forEach((button) =>
  button.addEventListener("click", () => {
    const days = button.dataset.copyDay.split(" ");
    document.querySelectorAll("[name^='Mo-']").forEach((from) =>
      days.forEach((day) => {
        const to = document.getElementsByName(from.name.replace("Mo-", `${day}-`))[0];
        if (to) to.value = from.value;
      }),
    );
  }),
);

// The tab and the room where one is are in sight, also where the row is longer than the phone.
document
  .querySelectorAll(".subtabs [aria-current], .rail [aria-current]")
  .forEach((tab) => tab.scrollIntoView({ block: "nearest", inline: "center" }));

// A shopkeeper who stands in the shop knows its position best.
const box = document.querySelector("[data-here]");
if (box && "geolocation" in navigator && window.isSecureContext) {
  box.hidden = false;
  const says = box.querySelector("[role=status]");
  box.querySelector("button").addEventListener("click", () => {
    says.textContent = says.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.querySelector(box.dataset.here).value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        says.textContent = "";
      },
      () => (says.textContent = says.dataset.denied),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}
