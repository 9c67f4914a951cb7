// The room on a phone: what is pressed is sent without leaving the page, and the page follows what others do.
import { follow as listen } from "../kit/stream.js";

const main = document.querySelector("[data-room]");
const said = document.querySelector("[data-said]");
const offline = document.querySelector("[data-offline]");
const HEARD = [
  "question_asked", "question_edited", "question_withdrawn", "question_shown", "question_refused", "refusal_taken_back",
  "question_merged", "question_separated", "question_voted", "case_told", "question_taken", "answered_live", "answer_written",
  "answer_withdrawn", "floor_changed", "floor_reopened", "floor_handed_over", "asker_muted", "said_hidden",
];
const { live, liveRoom } = main.dataset; // what everybody hears; what waits to be let in
const PATIENCE = 10_000;
const ENDED = new Set([401, 403, 404, 410]); // signed out, or the link has ended: the page says so itself
const OWN = new Set(["part-problem", "part-toast"]); // what this person did; what others do leaves it alone

const parts = (root) => [...root.querySelectorAll("[data-part]")].filter((part) => !part.parentElement.closest("[data-part]"));
const written = (part) => part.outerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
const as = new Map(parts(document).map((part) => [part.id, written(part)])); // each part as the server wrote it

// --- showing a page anew without losing what is open, typed or in focus ----------------------------------------------
function typed(part) {
  const fields = [...part.querySelectorAll("input[id]:not([type=hidden]):not([readonly]), textarea[id]")];
  return new Map(fields.filter((one) => one.value !== one.defaultValue).map((one) => [one.id, one.value]));
}

function put(part, found, sent) {
  const values = new Map([...typed(part)].filter(([id]) => !sent.has(id)));
  const open = new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
  const focus = part.contains(document.activeElement) ? document.activeElement : null;
  const place = focus?.selectionStart ?? null;
  part.replaceWith(found);
  for (const [id, is] of open) {
    const one = document.getElementById(id);
    if (one) one.open = is || one.open;
  }
  for (const [id, value] of values) {
    const one = document.getElementById(id);
    if (one) one.value = value;
  }
  if (!focus) return;
  const same = focus.id ? document.getElementById(focus.id) : null;
  const next = same ?? document.querySelector("#part-toast button") ?? main;
  if (next === main) main.tabIndex = -1;
  next.focus({ preventScroll: true });
  if (same && place !== null) same.setSelectionRange(place, place);
}

let speaking = 0;
function announce() {
  clearTimeout(speaking);
  const words = document.querySelector("[data-announce]")?.dataset.announce;
  speaking = setTimeout(() => words && said.textContent !== words && (said.textContent = words), 3000);
}

// `own`: the answer to a press of one's own. `sent`: ids of the fields that were sent, whose text is not needed any more.
function show(html, { own = false, sent = new Set() } = {}) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const now = parts(page);
  if (!now.length) return false;
  for (const found of now) {
    const part = document.getElementById(found.id);
    if (!part || (OWN.has(found.id) && !own) || as.get(found.id) === written(found)) continue;
    as.set(found.id, written(found));
    put(part, document.adoptNode(found), sent);
  }
  announce();
  return true;
}

// --- following ------------------------------------------------------------------------------------------------------
let busy = false;
let again = false;
let sending = 0;
async function follow() {
  if (!live) return; // somebody chooses: the page stays as it is
  if (busy || sending) return void (again = true);
  busy = true;
  try {
    do {
      again = false;
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(location.href, { cache: "no-store", redirect: "manual", signal });
      if (answer.type === "opaqueredirect" || ENDED.has(answer.status)) return void location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!sending) show(html);
      if (again) await new Promise((resolve) => setTimeout(resolve, 500)); // votes come four times a second
    } while (again && !sending);
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  } finally {
    busy = false;
  }
}

let fading = 0;
function fade() {
  const toast = document.querySelector("#part-toast");
  if (toast.matches(":focus-within")) fading = setTimeout(fade, 5_000);
  else toast.replaceChildren();
  as.delete("part-toast");
}

// What was taken up is answered in the panel on top: it comes into view, with what one presses there above the toast.
function toStage() {
  const stage = document.querySelector("#part-stage");
  const taps = stage?.querySelector(".qroom-taps");
  if (!taps) return;
  const above = document.querySelector(".door-top").offsetHeight + 8;
  const below = document.querySelector(".toast") ? innerHeight - document.querySelector(".toast").getBoundingClientRect().top + 8 : 8;
  const top = Math.max(stage.getBoundingClientRect().top - above, taps.getBoundingClientRect().bottom - innerHeight + below);
  stage.focus({ preventScroll: true });
  scrollBy({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

// --- pressing -------------------------------------------------------------------------------------------------------
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !main.contains(form) || form.matches("[data-leave]")) return;
  event.preventDefault();
  if (form.dataset.sent) return; // an impatient thumb
  form.dataset.sent = "1";
  sending += 1;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), signal });
    if (ENDED.has(answer.status)) return void location.reload();
    const fields = answer.ok ? [...form.elements].map((one) => one.id) : [];
    if (!show(await answer.text(), { own: true, sent: new Set(fields) })) throw new Error(String(answer.status));
    clearTimeout(fading);
    fading = setTimeout(fade, 12_000);
    if (answer.ok && event.submitter?.value === "take") toStage();
    if (!answer.ok) document.querySelector("#part-problem").scrollIntoView({ block: "center" });
    offline.hidden = true;
  } catch {
    offline.hidden = false; // nothing was done; what was typed is still there
  } finally {
    delete form.dataset.sent;
    sending -= 1;
    if (again) follow();
  }
});

// Each opening asks anew, too: what was said while nobody listened.
const streams = [live, liveRoom].filter(Boolean).map((address) => listen(() => address, HEARD, follow, { opened: follow }));
const hears = () => streams.every((stream) => stream.isOpen());
setInterval(() => document.hidden || hears() || follow(), 4_000);
setInterval(() => document.hidden || follow(), 20_000);
addEventListener("online", follow);
addEventListener("offline", () => (offline.hidden = false));
document.addEventListener("visibilitychange", () => document.hidden || follow());
// The undo of a moment ago is gone when the page is read again.
if (location.search.includes("done=")) {
  const address = new URL(location);
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}
