// A muted map of our own beside a list. The list stays the source of truth: the map adds nothing that is not in it.
//   <div class="map" data-map data-vendor="/static/vendor/maplibre/" data-base="/map/base.geojson"
//        data-marks="#marks" data-lat="60.17" data-lon="24.94" data-zoom="15"></div>
//   <script type="application/json" id="marks">[{"lat":…,"lon":…,"number":1,"name":"…","state":"lit","href":"…"}]</script>
const color = (name) => {
  const probe = document.createElement("i");
  probe.style.color = `var(--map-${name})`;
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

function styleFor(base) {
  const kind = (name) => ["==", ["get", "kind"], name];
  const width = (small, large) => ["interpolate", ["exponential", 1.6], ["zoom"], 12, small, 18, large];
  const line = (id, names, paint) => ({
    id,
    type: "line",
    source: "base",
    filter: ["in", ["get", "kind"], ["literal", names]],
    layout: { "line-cap": "round", "line-join": "round" },
    paint,
  });
  const layers = [
    { id: "land", type: "background", paint: { "background-color": color("land") } },
    { id: "green", type: "fill", source: "base", filter: kind("green"), paint: { "fill-color": color("green") } },
    { id: "water", type: "fill", source: "base", filter: kind("water"), paint: { "fill-color": color("water") } },
    { id: "block", type: "fill", source: "base", filter: kind("building"), paint: { "fill-color": color("block") } },
    line("path", ["path"], { "line-color": color("street"), "line-width": width(0.4, 3), "line-dasharray": [2, 2] }),
    line("street", ["street"], { "line-color": color("street"), "line-width": width(0.8, 14) }),
    line("main", ["main"], { "line-color": color("main"), "line-width": width(1.6, 22) }),
    line("rail", ["rail"], { "line-color": color("label"), "line-width": 1, "line-opacity": 0.4, "line-dasharray": [2, 3] }),
  ];
  return { version: 8, sources: base ? { base: { type: "geojson", data: base } } : {}, layers: base ? layers : layers.slice(0, 1) };
}

export async function showMap(box) {
  const marksAt = box.dataset.marks && document.querySelector(box.dataset.marks);
  const marks = marksAt ? JSON.parse(marksAt.textContent) : [];
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = `${box.dataset.vendor}maplibre-gl.css`;
  document.head.append(sheet);
  let library;
  try {
    library = await import(`${box.dataset.vendor}maplibre-gl.mjs`);
  } catch {
    box.classList.add("missing");
    return;
  }
  const words = document.body.dataset;
  const center = [Number(box.dataset.lon), Number(box.dataset.lat)];
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  // MapLibre's own sheet, which is in no layer, would make it relative and flat.
  Object.assign(canvas.style, { position: "absolute", inset: "0" });
  box.prepend(canvas);
  let map;
  try {
    map = new library.Map({
      container: canvas,
      style: styleFor(box.dataset.base),
      center,
      zoom: Number(box.dataset.zoom || 15),
      attributionControl: false,
      cooperativeGestures: box.dataset.quiet !== undefined,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      locale: {
        "NavigationControl.ZoomIn": words.wordsZoomIn,
        "NavigationControl.ZoomOut": words.wordsZoomOut,
        "Map.Title": words.wordsMap,
        "Marker.Title": words.wordsMark,
      },
    });
  } catch {
    // No WebGL: the list beside says everything.
    canvas.remove();
    box.classList.add("missing");
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  if (box.dataset.you !== undefined) {
    const you = document.createElement("span");
    you.className = "m-you";
    new library.Marker({ element: you }).setLngLat(center).addTo(map);
  }
  const bounds = new library.LngLatBounds(center, center);
  for (const mark of marks) {
    const element = document.createElement(mark.href ? "a" : "span");
    element.className = `m-mark ${mark.state || "lit"}${mark.number ? " numbered" : ""}`;
    if (mark.href) element.href = mark.href;
    if (mark.number) element.textContent = mark.number;
    if (mark.name) element.setAttribute("aria-label", mark.number ? `${mark.number} ${mark.name}` : mark.name);
    else element.ariaHidden = "true";
    if (mark.number) bounds.extend([mark.lon, mark.lat]);
    new library.Marker({ element }).setLngLat([mark.lon, mark.lat]).addTo(map);
    const row = mark.number && document.querySelector(`[data-mark="${mark.number}"]`);
    if (row) {
      row.addEventListener("pointerenter", () => element.classList.add("on"));
      row.addEventListener("pointerleave", () => element.classList.remove("on"));
    }
  }
  if (marks.some((mark) => mark.number)) map.fitBounds(bounds, { padding: 48, maxZoom: 16.5, animate: false });
  const repaint = () => map.setStyle(styleFor(box.dataset.base));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}
