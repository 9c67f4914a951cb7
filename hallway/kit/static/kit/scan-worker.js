// Reads QR codes beside the page, so that the page answers at once while it scans; scan.js sends the pixels of a square.
import { decodeQR } from "./vendor/qr/0.7.0/decode.js";

addEventListener("message", ({ data: { side, pixels } }) => {
  let text = "";
  try {
    text = decodeQR({ width: side, height: side, data: new Uint8ClampedArray(pixels) });
  } catch {
    // no code in this picture
  }
  postMessage(text);
});
postMessage("ready");
