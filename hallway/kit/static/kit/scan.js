// <qr-scanner>: reads QR codes with the camera. kit/scanner.html writes it, with its sentences as data-… attributes.
// Whoever uses it listens for `scanned`, whose detail.text is what a code says. What stands inside it (the field for the
// six characters) stays there: the camera is the quick way, never the only one.
const EVERY = 125; // ms between two looks
const SIDE = 640; // pixels of the square that is looked at: a badge at arm's length
const AGAIN = 3000; // ms out of sight before the same code counts once more

// The decoder beside us, in a worker: a look takes a slow phone up to 50 ms, and the page has better things to do.
function ours(address) {
  const worker = new Worker(address, { type: "module" });
  return new Promise((ready, failed) => {
    const waiting = [];
    const read = (context) => {
      const { data } = context.getImageData(0, 0, SIDE, SIDE);
      worker.postMessage({ side: SIDE, pixels: data.buffer }, [data.buffer]);
      return new Promise((done) => waiting.push(done));
    };
    read.end = () => worker.terminate();
    worker.addEventListener("error", failed);
    worker.addEventListener("message", ({ data }) => (waiting.length ? waiting.shift()(data) : ready(read)));
  });
}

// The browser's own decoder if it has one (Android), otherwise ours (iPhone, Firefox).
async function decoder(address) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return ours(address);
  const native = new BarcodeDetector({ formats: ["qr_code"] });
  let other = null;
  const read = async (context) => {
    if (other) return other(context);
    try {
      return (await native.detect(context.canvas))[0]?.rawValue ?? "";
    } catch {
      other = await ours(address); // some phones promise it and lack what it needs
      return "";
    }
  };
  read.end = () => other?.end();
  return read;
}

class QrScanner extends HTMLElement {
  #run = 0; // changes whenever the camera starts or stops, so that what was begun before it ends by itself
  #stream = null;
  #seen = new Map(); // code → when it was in sight last
  #parts = null;
  #reader = null;
  #resume = false;

  connectedCallback() {
    this.#parts ??= this.#build();
    document.addEventListener("visibilitychange", this);
    addEventListener("pagehide", this);
    if (!isSecureContext || !navigator.mediaDevices?.getUserMedia) {
      this.#parts.start.hidden = true;
      this.#say("insecure");
    } else {
      this.#decoder(); // fetched while there is network, so that it is there when there is none
    }
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this);
    removeEventListener("pagehide", this);
    this.stop();
    this.#reader?.then((decode) => decode.end()).catch(() => {});
    this.#reader = null;
  }

  #decoder() {
    this.#reader ??= decoder(this.dataset.worker);
    this.#reader.catch(() => (this.#reader = null)); // without network; the next press tries again
    return this.#reader;
  }

  #build() {
    const make = (name, className, type) => {
      const part = document.createElement(name);
      part.className = className;
      if (type) part.type = type;
      return part;
    };
    const start = make("button", "button primary", "button");
    const torch = make("button", "button", "button");
    const view = make("div", "scanner-view");
    const video = make("video", "");
    const said = make("p", "scanner-said");
    start.textContent = this.dataset.start;
    torch.textContent = this.dataset.torch;
    torch.hidden = view.hidden = true;
    Object.assign(video, { muted: true, playsInline: true, autoplay: true, disablePictureInPicture: true });
    video.setAttribute("playsinline", "");
    video.setAttribute("aria-hidden", "true");
    said.setAttribute("role", "status");
    start.addEventListener("click", () => (this.#stream || view.hidden === false ? this.stop() : this.start()));
    torch.addEventListener("click", () => this.#light(torch.getAttribute("aria-pressed") !== "true"));
    const row = make("div", "row");
    row.append(start, torch);
    view.append(video);
    this.prepend(view, row, said);
    const canvas = make("canvas", "");
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return { start, torch, view, video, said, context };
  }

  handleEvent(event) {
    if (event.type === "visibilitychange" && !document.hidden) {
      if (this.#resume) this.start();
    } else {
      const was = this.#stream !== null;
      this.stop();
      this.#resume = was;
    }
  }

  async start() {
    const run = ++this.#run;
    this.#resume = false;
    const { start, view, video } = this.#parts;
    view.hidden = false;
    start.textContent = this.dataset.stop;
    start.classList.remove("primary");
    const asked = setTimeout(() => this.#say("waiting"), 600);
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
      clearTimeout(asked);
      if (run !== this.#run) return stream.getTracks().forEach((track) => track.stop());
      this.#stream = stream;
      const [track] = stream.getVideoTracks();
      track.addEventListener("ended", () => run === this.#run && this.#fail("gone"));
      this.#parts.torch.hidden = !track.getCapabilities?.().torch;
      video.srcObject = stream;
      await video.play();
      const decode = await this.#decoder();
      if (run !== this.#run) return;
      this.#say("aim");
      this.#look(run, decode);
    } catch (error) {
      clearTimeout(asked);
      if (run !== this.#run) return;
      const sentences = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };
      this.#fail(sentences[error.name] ?? "gone");
    }
  }

  stop() {
    this.#run++;
    this.#resume = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    if (!this.#parts) return;
    const { start, torch, view, video } = this.#parts;
    video.srcObject = null;
    view.hidden = torch.hidden = true;
    torch.setAttribute("aria-pressed", "false");
    start.textContent = this.dataset.start;
    start.classList.add("primary");
    this.#say("");
  }

  #fail(sentence) {
    this.stop();
    this.#say(sentence);
  }

  #say(name) {
    this.#parts.said.textContent = this.dataset[name] ?? "";
  }

  async #light(on) {
    const [track] = this.#stream?.getVideoTracks() ?? [];
    await track?.applyConstraints({ advanced: [{ torch: on }] }).then(
      () => this.#parts.torch.setAttribute("aria-pressed", String(on)),
      () => (this.#parts.torch.hidden = true),
    );
  }

  async #look(run, decode) {
    const { video, context } = this.#parts;
    while (run === this.#run) {
      const began = performance.now();
      const side = Math.min(video.videoWidth, video.videoHeight);
      if (side) {
        context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
        const answer = decode(context);
        this.busy = performance.now() - began; // how long the page could not answer; a test looks at it
        const text = await answer;
        if (text && run === this.#run) this.#found(text);
      }
      await new Promise((done) => setTimeout(done, Math.max(EVERY - (performance.now() - began), EVERY / 3)));
    }
  }

  #found(text) {
    const now = performance.now();
    const before = this.#seen.get(text) ?? -Infinity;
    this.#seen.set(text, now);
    if (now - before < AGAIN) return;
    navigator.vibrate?.(80);
    this.#parts.view.classList.add("read");
    setTimeout(() => this.#parts.view.classList.remove("read"), 400);
    this.dispatchEvent(new CustomEvent("scanned", { bubbles: true, detail: { text } }));
  }
}

customElements.define("qr-scanner", QrScanner);
