// What only the storefront needs: the device's position on request, plus and minus, and a fresh key for the next press.
const box = document.querySelector("[data-locate]");
if (box && "geolocation" in navigator && window.isSecureContext) {
  box.hidden = false;
  const says = box.querySelector("[data-locate-says]");
  box.querySelector("[data-locate-now]").addEventListener("click", () => {
    says.textContent = says.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(`?at=${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`),
      () => (says.textContent = says.dataset.denied),
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 300000 },
    );
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-map-show]")) document.querySelector("[data-map-open]")?.click();
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const before = input.value;
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A form that stays on the page after it was sent gets a new key: pressing again is a new wish, sending twice is not.
const fresh = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form[data-fresh-key]");
  if (form) form.elements.key.value = fresh();
});
