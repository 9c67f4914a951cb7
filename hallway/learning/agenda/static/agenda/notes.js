// Notes beside a session: on the device first, then with the account, as one types. Nothing is overwritten silently: the
// server keeps both texts when two devices wrote from the same one. Somebody not signed in keeps them on the device, and
// they come along on signing in. A copy of the page read without network knows the reader by what the device remembers.
const box = document.querySelector("[data-note]");
const form = box.querySelector("form");
const field = form.querySelector("textarea");
const WHO = "note-who";
const PAUSE = 800;
const AGAIN = 15_000;
const isStored = Boolean(document.querySelector("[data-stored]"));
const keep = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: what is typed goes to the server alone.
  }
};
const kept = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const keys = () => {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
};
const keyOf = (who, session) => `note ${who} ${session}`;
const entryAt = (key) => JSON.parse(kept(key) || "null");

const who = box.dataset.person || (isStored ? kept(WHO) || "" : "");
const own = keyOf(who, box.dataset.session);
let entry = { text: field.value, base: Number(form.elements.revision.value), address: box.dataset.note, waits: false };
let timer = 0;
let sending = false;
let spoken = "";

function say(word, moment = new Date()) {
  // The zone and the form that the list of all one's notes has.
  const zone = box.dataset.zone || undefined;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(moment);
  const french = (_said, hour, minute) => `${hour}\u00a0h${minute === "00" ? "" : `\u00a0${minute}`}`;
  const time = document.documentElement.lang === "fr" ? clock.replace(/0?(\d+):(\d\d)/, french) : clock;
  const said = form.querySelector("[data-said]");
  said.textContent = box.querySelector(`[data-word=${word}]`).textContent.replace("{time}", time);
  said.hidden = false;
  // Heard once for each state, not at each save.
  if (spoken !== word) form.querySelector("[data-aloud]").textContent = said.textContent;
  spoken = word;
}

function sayThat(sentence) {
  const said = form.querySelector("[data-said]");
  said.textContent = sentence;
  said.hidden = false;
  form.querySelector("[data-aloud]").textContent = sentence;
  spoken = "";
}

function settle(address) {
  const note = form.querySelector("[data-settle]");
  if (note) {
    note.querySelector("a").href = address;
    note.hidden = false;
  }
  field.readOnly = true;
}

// Sends one text. Resolves to what the server says of it, `detail` where it refuses; null without network, "out" for
// somebody who is signed out. What is sent while the page closes may have 64 KiB, in which a letter can take nine bytes.
async function send({ text, base, address }, signal) {
  if (!navigator.onLine) return null;
  const body = new URLSearchParams({ text, revision: base, person: who });
  try {
    const keepalive = body.toString().length < 60_000;
    const answer = await fetch(address, { method: "POST", body, signal, headers: { Accept: "application/json" }, keepalive });
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) return answer.status >= 500 ? null : "out";
    const said = await answer.json();
    return said.revision === undefined && !said.detail ? "out" : said;
  } catch {
    return null;
  }
}

async function save() {
  clearTimeout(timer);
  if (!who || !entry.waits || sending) return;
  sending = true;
  const sent = entry.text;
  const said = await send(entry);
  sending = false;
  if (said === null) {
    say("waiting");
    timer = setTimeout(save, AGAIN);
  } else if (said === "out") say("out");
  else if (said.detail) sayThat(said.detail);
  else {
    if (!said.settle) entry.base = said.revision; // a text that was put beside still grows from where it grew from
    entry.waits = entry.text !== sent;
    keep(own, entry);
    if (said.settle) settle(said.settle);
    if (entry.waits) timer = setTimeout(save, PAUSE);
    else if (said.settle) return;
    else if (said.saved_at) say("saved", new Date(said.saved_at));
  }
}

function typed() {
  entry = { ...entry, text: field.value, waits: true };
  keep(own, entry);
  if (!who) return say("here");
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

// What waits from other sessions, and what was written on this device before its reader signed in.
async function sendTheOthers() {
  for (const key of keys().filter((one) => one.startsWith(`note ${who} `) || one.startsWith("note  "))) {
    const other = entryAt(key);
    if (key === own || !other?.waits) continue;
    const was = kept(key);
    const said = await send(other);
    if (said === null || said === "out") return;
    if (said.detail) continue; // of a session that is gone, say: it stays on the device, and holds nothing else up
    if (kept(key) === was) keep(key, null); // else another tab wrote there meanwhile
  }
}

function begin() {
  form.hidden = false;
  const before = entryAt(own);
  if (before?.waits || (before && isStored)) {
    field.value = before.text;
    entry = { ...before, address: box.dataset.note };
  }
  if (!box.dataset.person) return;
  keep(WHO, who);
  if (!entry.waits && (entry.text || before)) keep(own, entry); // for the page without network
  const alone = keyOf("", box.dataset.session);
  const brought = entryAt(alone);
  if (brought?.text) {
    field.value = [field.value, brought.text].filter((text, place, all) => text && all.indexOf(text) === place).join("\n\n");
    typed();
    say("came");
  }
  keep(alone, null);
}

// On a device where nobody is signed in any more, nothing that was saved stays behind.
if (!who && !isStored) {
  keep(WHO, null);
  for (const key of keys().filter((one) => /^note \d+ /.test(one))) if (!entryAt(key)?.waits) keep(key, null);
}
begin();
if (box.querySelector("form > .message:not([data-settle])")) field.readOnly = true;
field.addEventListener("input", typed);
addEventListener("online", () => save().then(sendTheOthers));
addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.hidden && save());
if (entry.waits && who) save().then(sendTheOthers);
else if (who && navigator.onLine) sendTheOthers();
