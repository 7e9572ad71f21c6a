// Reads codes with the camera and puts them into a field. The field is the truth: typing always works.
//   <div data-scanner data-field="#code" data-send="1" data-words-start="Use the camera" data-words-stop="Stop"
//        data-words-refused="…" data-vendor="/static/vendor/zxing/"></div>
const FORMATS = ["qr_code", "ean_13", "ean_8", "code_128", "upc_a"];

export function offerScanner(box) {
  box.dataset.started = "1";
  if (!navigator.mediaDevices?.getUserMedia) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn wide";
  button.textContent = box.dataset.wordsStart;
  const message = document.createElement("p");
  message.className = "meta";
  message.setAttribute("role", "status");
  box.append(button, message);

  let stop = null;
  button.addEventListener("click", async () => {
    if (stop) {
      stop();
      stop = null;
      button.textContent = box.dataset.wordsStart;
      return;
    }
    message.textContent = "";
    try {
      stop = await scan(box, (text) => {
        stop?.();
        stop = null;
        button.textContent = box.dataset.wordsStart;
        take(box, text);
      });
      button.textContent = box.dataset.wordsStop;
    } catch {
      message.textContent = box.dataset.wordsRefused || "";
    }
  });
  addEventListener("pagehide", () => stop?.());
}

function take(box, text) {
  navigator.vibrate?.(60);
  const field = document.querySelector(box.dataset.field);
  if (!field) return;
  field.value = codeOf(text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (box.dataset.send) field.form?.requestSubmit();
  else field.focus();
}

// A link behind a QR code ends in the code; anything else is taken as it is.
function codeOf(text) {
  try {
    const address = new URL(text);
    return address.searchParams.get("code") || address.pathname.split("/").filter(Boolean).pop() || text;
  } catch {
    return text;
  }
}

async function detectorFor(box) {
  if ("BarcodeDetector" in window) {
    const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
    const formats = FORMATS.filter((format) => known.includes(format));
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats });
      return async (video) => (await detector.detect(video))[0]?.rawValue;
    }
  }
  const vendor = box.dataset.vendor;
  const zxing = await import(`${vendor}reader/index.js`);
  zxing.prepareZXingModule({ overrides: { locateFile: (name) => `${vendor}reader/${name}` } });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 800 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = await zxing.readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ["QRCode", "EAN13", "EAN8", "Code128", "UPCA"],
      tryHarder: true,
      maxNumberOfSymbols: 1,
    });
    return found[0]?.text;
  };
}

async function scan(box, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const video = document.createElement("video");
  video.className = "viewfinder";
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  box.prepend(video);
  let running = true;
  const stop = () => {
    running = false;
    stream.getTracks().forEach((track) => track.stop());
    video.remove();
  };
  try {
    await video.play();
    const detect = await detectorFor(box);
    const look = async () => {
      if (!running) return;
      const text = video.readyState >= 2 ? await detect(video).catch(() => undefined) : undefined;
      if (!running) return;
      if (text) found(text);
      else setTimeout(look, 120);
    };
    look();
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}
