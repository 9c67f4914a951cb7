// The door on a phone. What is done here is written on the device first and sent when there is network; the list is kept
// on the device for the evening. Whatever the order in which lines of several devices arrive, they make the same book.
import { follow } from "../kit/stream.js";

const STORE = "hallway-doors"; // pages and lists of doors, in the browser's cache; the service worker reads it
const main = document.querySelector("[data-door]");
const { door: path, admission } = main.dataset;
const until = Number(main.dataset.until);
const LINE = `door ${path} `;
const LIST = `${path}list.json`;
const MOST = 200; // lines sent at once
const part = (name) => document.querySelector(`[data-${name}]`);
const list = part("rows");
const field = document.querySelector("#q");
const words = {};
for (const one of document.querySelectorAll("#door-words [data-word]")) words[one.dataset.word] = one;
const say = (name, values = {}) => words[name].textContent.replace(/{(\w+)}/g, (all, key) => values[key] ?? all);
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

let known = { rev: "", last: 0, came: 0, going: 0 };
const people = new Map(); // id of a registration, or number of somebody who walked in → what the server says, and the row
const unsent = new Map(); // uid → line
const latest = new Map(); // whom the newest unsent line of somebody is about → that line
let ended = false;

// --- lines ----------------------------------------------------------------------------------------------------------
const about = (line) => line.registration ?? line.walk_in;
const later = (one, other) => one.done_at - other.done_at || (one.uid < other.uid ? -1 : 1);

function readLines() {
  unsent.clear();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(LINE)) unsent.set(key.slice(LINE.length), JSON.parse(localStorage.getItem(key)));
  }
  order();
}

function order() {
  latest.clear();
  for (const line of [...unsent.values()].sort(later)) latest.set(about(line), line);
  for (const line of latest.values()) {
    if (line.walk_in && !people.has(line.walk_in)) people.set(line.walk_in, { id: line.walk_in, name: line.name, seats: 1, here: 0, state: "" });
  }
  const note = part("unsent");
  note.hidden = unsent.size === 0;
  note.textContent = unsent.size === 1 ? note.dataset.one : note.dataset.more.replace("{n}", unsent.size);
}

const uuid = () =>
  crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

let moment = 0;
function put(fields) {
  moment = Math.max(Date.now(), moment + 1); // two lines of this device are never of the same moment
  const line = { uid: uuid(), done_at: moment, ...fields };
  try {
    localStorage.setItem(LINE + line.uid, JSON.stringify(line));
  } catch {
    problem(say("full"));
    return null;
  }
  unsent.set(line.uid, line);
  return line;
}

// Lines that belong together go out together.
function write(...all) {
  const lines = [];
  for (const fields of all) {
    const line = put(fields);
    if (!line) {
      for (const { uid } of lines.splice(0)) drop(uid);
      break;
    }
    lines.push(line);
  }
  order();
  for (const line of lines) draw(people.get(about(line)));
  count();
  if (lines.length) sync();
  return lines.length === all.length;
}

function drop(uid) {
  localStorage.removeItem(LINE + uid);
  unsent.delete(uid);
}

// --- what is shown --------------------------------------------------------------------------------------------------
function here(person) {
  const line = latest.get(person.id);
  return line ? (line.kind === "came" ? line.seats : 0) : person.here;
}

const nameOf = (person) => person.name || say("nobody");

function build(person) {
  const row = document.querySelector("#door-row").content.firstElementChild.cloneNode(true);
  const button = row.firstElementChild;
  row.querySelector(".door-name").textContent = nameOf(person);
  const badge = row.querySelector(".badge");
  const state = typeof person.id === "string" ? "walked-in" : person.state === "g" ? "" : person.state;
  badge.hidden = !state;
  if (state) badge.textContent = words[state].dataset.short ?? say(state);
  badge.classList.toggle("warn", state !== "walked-in");
  row.querySelector(".door-guests").textContent = person.seats > 1 ? `+${person.seats - 1}` : "";
  if (words[state]?.dataset.short) row.querySelector(".door-more p").textContent = say(state);
  button.addEventListener("click", () => tap(person));
  row.querySelector("[data-let]").addEventListener("click", () => {
    more(person, false);
    checkIn(person, listed(person));
    button.focus();
  });
  row.querySelector("[data-fewer]").addEventListener("click", () => seats(person, -1));
  row.querySelector("[data-another]").addEventListener("click", () => seats(person, 1));
  person.row = row;
  person.folded = fold(nameOf(person));
  person.words = person.folded.split(" ").filter(Boolean);
}

// Who registered after walking in has two rows. Names only say who it may be: whoever stands at the door knows.
const MOST_ALIKE = 3;
const isWalkIn = (person) => typeof person.id === "string";
const apart = (one, other) => {
  const [fewer, more] = one.words.length < other.words.length ? [one.words, other.words] : [other.words, one.words];
  return fewer.length && fewer.every((word) => more.includes(word)) ? more.length - fewer.length : Infinity;
};
function alike(person) {
  const others = [...people.values()].filter((one) => isWalkIn(one) !== isWalkIn(person) && one.row && one.name);
  const may = others.filter((one) => (isWalkIn(one) ? here(one) > 0 : one.state === "g") && apart(person, one) < Infinity);
  return person.name ? may.sort((a, b) => apart(person, a) - apart(person, b)).slice(0, MOST_ALIKE) : [];
}

function offerAlike(walked) {
  const place = walked.row.querySelector(".door-same");
  const may = here(walked) > 0 ? alike(walked) : [];
  place.hidden = may.length === 0;
  const ids = may.map((person) => person.id).join();
  if (place.dataset.ids === ids) return; // somebody may have a finger, or the keyboard, on one of them
  place.dataset.ids = ids;
  place.replaceChildren(...may.map((person) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button small", textContent: say("same", { name: person.name }) });
    button.addEventListener("click", () => join(walked, person));
    return button;
  }));
}

function draw(person) {
  if (!person.row) {
    build(person);
    place();
  }
  const number = here(person);
  const button = person.row.firstElementChild;
  button.setAttribute("aria-pressed", String(number > 0));
  const mark = person.row.querySelector(".door-mark");
  mark.replaceChildren(document.querySelector(number > 0 ? "#door-here" : "#door-out").content.cloneNode(true));
  const steps = person.row.querySelector(".door-seats");
  steps.hidden = !(number > 0 && (person.seats > 1 || number > 1));
  steps.querySelector(":scope > span").textContent = say("seats", { here: number, all: Math.max(person.seats, number) });
  if (isWalkIn(person)) offerAlike(person);
}

function place() {
  const shown = [...people.values()].filter((person) => person.row);
  const compare = new Intl.Collator(document.documentElement.lang).compare;
  shown.sort((one, other) => compare(one.folded, other.folded));
  list.replaceChildren(...shown.map((person) => person.row));
  look();
}

let speaking = 0;
function count() {
  let came = known.came;
  for (const [id, line] of latest) came += (line.kind === "came" ? line.seats : 0) - (people.get(id)?.here ?? 0);
  part("came").textContent = came;
  part("going").textContent = known.going;
  clearTimeout(speaking);
  const said = part("said");
  speaking = setTimeout(() => (said.textContent = said.dataset.words.replace("{came}", came).replace("{going}", known.going)), 3000);
}

function problem(sentence) {
  const box = part("problem");
  box.hidden = !sentence;
  box.querySelector("span").textContent = sentence;
}

// --- what is pressed ------------------------------------------------------------------------------------------------
const listed = (person) => (person === byCode ? "code" : "list");
let pressed = [null, 0];
function tap(person) {
  const now = Date.now();
  if (pressed[0] === person && now - pressed[1] < 500) return; // an impatient thumb does not undo what it did
  pressed = [person, now];
  if (here(person) > 0) undo(person);
  else if (typeof person.id === "string" || person.state === "g") checkIn(person, listed(person));
  else more(person, person.row.querySelector(".door-more").hidden);
}

function more(person, open) {
  person.row.querySelector(".door-more").hidden = !open;
  person.row.firstElementChild.setAttribute("aria-expanded", String(open));
}

const subject = (person) => (isWalkIn(person) ? { walk_in: person.id, name: person.name } : { registration: person.id });

function checkIn(person, how) {
  const done = write({ kind: "came", how: isWalkIn(person) ? "walked_in" : how, seats: Math.max(person.seats, 1), ...subject(person) });
  if (done) toast(say("in", { name: nameOf(person) }), () => undo(person), person);
}

// As many are here as before: of guests who were registered since, nobody has seen any yet.
function join(one, other) {
  const [walked, person] = [people.get(one.id), people.get(other.id)]; // the list may be another since it was offered
  const number = walked && person ? here(walked) : 0;
  if (!number || person.state !== "g") return;
  const is = { kind: "came", seats: number };
  const gone = { kind: "undone", how: "list", seats: number };
  const wasOut = here(person) === 0;
  const done = write(...(wasOut ? [{ ...is, how: "list", ...subject(person) }] : []), { ...gone, ...subject(walked) });
  if (!done) return;
  person.row.firstElementChild.focus({ preventScroll: true }); // what was pressed is gone
  toast(say("joined", { name: nameOf(person) }), () =>
    write({ ...is, how: "walked_in", ...subject(walked) }, ...(wasOut ? [{ ...gone, ...subject(person) }] : [])),
  );
}

function undo(person) {
  const number = here(person);
  const done = write({ kind: "undone", how: "list", seats: number || 1, ...subject(person) });
  if (done) toast(say("out", { name: nameOf(person) }), () => write({ kind: "came", how: "list", seats: number, ...subject(person) }));
}

function seats(person, step) {
  const number = Math.min(Math.max(here(person) + step, 1), 11);
  if (number !== here(person)) write({ kind: "came", how: "list", seats: number, ...subject(person) });
}

let back = null;
let hiding = 0;
function toast(sentence, otherwise, person = null) {
  const box = part("toast");
  box.querySelector("p").textContent = sentence;
  box.querySelector("[data-undo]").hidden = !otherwise;
  const [walked] = person && !isWalkIn(person) && person.state === "g" ? alike(person) : [];
  const same = box.querySelector("[data-same]");
  same.hidden = !walked;
  same.textContent = walked ? say("walked", { name: walked.name }) : "";
  same.onclick = () => join(walked, person);
  box.hidden = false;
  back = otherwise;
  clearTimeout(hiding);
  hiding = setTimeout(() => (box.hidden = true), 10_000);
}

part("toast").querySelector("[data-undo]").addEventListener("click", () => {
  part("toast").hidden = true;
  back?.();
});

part("walk").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value.trim().slice(0, 120);
  const person = { id: uuid(), name, seats: 1, here: 0, state: "" };
  people.set(person.id, person);
  checkIn(person, "walked_in");
  event.target.elements.name.value = "";
  part("fold").open = false;
  if (field.value) {
    field.value = "";
    look();
  }
});

// --- finding somebody -----------------------------------------------------------------------------------------------
async function digest(text, size) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes.slice(0, size))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBadge = (text) => [...people.values()].find((person) => person.badge === text);
const withCode = (text) => [...people.values()].find((person) => person.code === text);

// Browsers count digests on secure addresses only. On others the server looks for a code, and its page names who it is.
const asked = field.value;
const named = crypto.subtle ? [] : [...list.querySelectorAll("button[value]")].map((button) => button.value);
if (!crypto.subtle) field.form.querySelector("button").classList.remove("no-js-only");
let byCode = null; // whom the code in the field is of
let carried = ""; // what was typed to find somebody, offered as the name of who walks in

const codeIn = (typed) => typed.replace(/[\s-]/g, "").toUpperCase().match(/^[2-9A-HJ-NP-Z]{6}$/)?.[0];
const onlyServerKnows = (typed) => !crypto.subtle && typed !== asked && codeIn(typed) && part("offline").hidden;

async function whose(typed) {
  const code = codeIn(typed);
  if (!code) return null;
  if (crypto.subtle) return withCode(await digest(`${admission}:${code}`, 6)) ?? null;
  const tokens = fold(typed).split(" ");
  const found = typed === asked ? named.map((id) => people.get(Number(id))) : [];
  return found.find((person) => person?.folded && !tokens.every((token) => person.folded.includes(token))) ?? null;
}

async function look() {
  const typed = field.value;
  const tokens = fold(typed).split(" ").filter(Boolean);
  const one = await whose(typed);
  if (typed !== field.value) return;
  byCode = one;
  let number = 0;
  for (const person of people.values()) {
    if (!person.row) continue;
    const fits = person === one || tokens.every((token) => person.folded.includes(token));
    person.row.hidden = !fits;
    number += fits;
  }
  const nobody = tokens.length > 0 && number === 0;
  part("found").textContent = nobody ? say(onlyServerKnows(typed) ? "perhaps" : "none") : "";
  const walks = document.querySelector("#walk-name");
  if (nobody) {
    part("fold").open = true;
    walks.value = carried = typed.trim().slice(0, 120);
  } else if (carried && walks.value === carried) {
    // The next person is another one: what was typed for this one must not become their name.
    part("fold").open = false;
    walks.value = carried = "";
  }
}

field.addEventListener("input", look);
field.form.addEventListener("submit", (event) => {
  if (onlyServerKnows(field.value)) return;
  event.preventDefault();
  list.querySelector("li:not([hidden]) > button")?.focus();
});

document.addEventListener("scanned", async (event) => {
  const token = event.detail.text.match(/[1-9]\d{0,17}\.[A-Za-z0-9_-]{24}/)?.[0];
  const person = token && withBadge(await digest(token, 16));
  if (!person) return toast(say("unknown"));
  field.value = "";
  await look();
  if (here(person) > 0) toast(say("already", { name: nameOf(person) }), () => undo(person), person);
  else if (person.state === "g") checkIn(person, "scanned");
  else {
    more(person, true);
    person.row.scrollIntoView({ block: "center" });
    person.row.querySelector("[data-let]").focus();
  }
});

// --- keeping --------------------------------------------------------------------------------------------------------
async function keepList() {
  const rows = [...people.values()].filter((one) => typeof one.id === "number").map((one) => [one.id, one.name, one.state, one.seats, one.here, one.badge, one.code]);
  const walks = [...people.values()].filter((one) => typeof one.id === "string" && one.row).map((one) => [one.id, one.name, one.here]);
  const body = JSON.stringify({ ...known, rows, walk_ins: walks });
  const cache = await caches.open(STORE);
  await cache.put(LIST, new Response(body, { headers: { "Content-Type": "application/json", "Door-Until": String(until) } }));
}

let pageKept = false;
async function keepPage() {
  if (pageKept) return;
  const answer = await fetch(path, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
  if (!answer.ok || ended) return;
  pageKept = true;
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("Door-Until", String(until));
  await (await caches.open(STORE)).put(path, new Response(await answer.text(), { headers }));
}

let keeping = Promise.resolve();
function keep() {
  return (keeping = keeping.catch(() => {}).then(async () => {
    if (!("caches" in window) || ended) return;
    await keepList();
    if (!ended) await keepPage();
  }));
}

async function forget() {
  ended = true;
  for (const uid of [...unsent.keys()]) drop(uid);
  localStorage.removeItem(`door-until ${path}`);
  order();
  if (!("caches" in window)) return;
  await keeping.catch(() => {}); // what is being written at this moment would come after what is taken away
  const cache = await caches.open(STORE);
  await Promise.all([cache.delete(path), cache.delete(LIST)]);
}

async function end(sentence) {
  await forget();
  people.clear();
  stream?.close();
  for (const one of [...main.children]) if (!one.matches("[data-problem]")) one.remove();
  part("toast").hidden = true;
  problem(sentence);
}

// --- sending and hearing --------------------------------------------------------------------------------------------
function take(answer) {
  if (!answer.rows && answer.last < known.last) return;
  known = { rev: answer.rev, last: answer.last, came: answer.came, going: answer.going };
  if (answer.rows) {
    people.clear();
    for (const [id, name, state, number, present, badge, code] of answer.rows) people.set(id, { id, name, state, seats: number, here: present, badge, code });
  }
  for (const [id, present] of answer.here ?? []) if (people.has(id)) people.get(id).here = present;
  for (const [id, name, present] of answer.walk_ins) people.set(id, Object.assign(people.get(id) ?? {}, { id, name, seats: 1, here: present, state: "" }));
  order();
  // Whoever walked in and was taken out again need not stand in the list.
  for (const person of people.values()) {
    if (typeof person.id === "number" || here(person) > 0) {
      if (!person.row) build(person);
    } else delete person.row;
  }
  if (answer.rows || answer.walk_ins.length) place();
  const touched = answer.rows ? people.values() : [...(answer.here ?? []), ...answer.walk_ins].map(([id]) => people.get(id));
  for (const person of touched) if (person?.row) draw(person);
  for (const line of latest.values()) draw(people.get(about(line)));
  document.querySelector("[data-nobody]")?.remove();
  document.querySelector("[data-more]:not([data-unsent])")?.remove();
  count();
}

class SignedOut extends Error {}

async function ask(address, options = {}) {
  const signal = AbortSignal.timeout(20_000);
  const answer = await fetch(address, { redirect: "manual", cache: "no-store", signal, ...options, headers: { Accept: "application/json", ...options.headers } });
  if (answer.type === "opaqueredirect") throw new SignedOut();
  if (answer.ok) return answer.json();
  if (answer.status === 410 && unsent.size && !options.body) return null; // written meanwhile: it is brought first
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 410 || /^attendance\.not_(at_)?door$/.test(told.code) || (answer.status === 404 && told.code)) {
    await end(told.detail);
    return null;
  }
  if (told.detail) problem(told.detail);
  throw new Error(String(answer.status));
}

async function round() {
  const batch = [...unsent.values()].sort(later).slice(0, MOST);
  const asked = new URLSearchParams({ rev: known.rev });
  let answer;
  if (batch.length) {
    const body = JSON.stringify({ lines: batch, after: known.last });
    answer = await ask(`${path}book/?${asked}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  } else {
    if (known.rev) asked.set("after", known.last);
    answer = await ask(`${LIST}?${asked}`);
  }
  if (!answer) return;
  for (const uid of answer.kept ?? []) drop(uid);
  for (const line of answer.refused ?? []) {
    drop(line.uid);
    problem(line.detail);
  }
  if (!answer.ended) take(answer);
  else if (!unsent.size) await end(answer.ended); // else the rest goes first: what was done before the end is taken
}

const offline = (is) => ended || (part("offline").hidden = !is);
let busy = false;
let again = false;
let wait = 0;
let timer = 0;
async function sync() {
  if (ended) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  clearTimeout(timer);
  try {
    do {
      again = false;
      await round();
    } while (!ended && (again || unsent.size));
    wait = 0;
    if (!ended) {
      offline(false);
      keep().catch(() => {}); // a full device: the door goes on, without a copy
    }
  } catch (error) {
    if (error instanceof SignedOut) problem(say("signed-out"));
    else offline(true);
    wait = Math.min(60_000, Math.max(2_000, wait * 2));
    timer = setTimeout(sync, wait * (0.75 + Math.random() / 2));
  }
  busy = false;
}

// --- beginning ------------------------------------------------------------------------------------------------------
try {
  localStorage.setItem(`door-until ${path}`, String(until));
} catch {
  problem(say("full"));
}
const forgetting = part("forget");
part("forget-here").hidden = !("caches" in window);
forgetting.addEventListener("click", async () => {
  if (unsent.size && !confirm(forgetting.dataset.sure)) return;
  await end(say("forgotten"));
});

const stored = "caches" in window ? await caches.match(LIST, { cacheName: STORE }).catch(() => null) : null;
readLines();
if (stored) take(await stored.json());
sync();

let heard = 0;
function hear(event) {
  if (JSON.parse(event.data).last <= known.last) return;
  clearTimeout(heard);
  heard = setTimeout(sync, 100 + Math.random() * 300);
}
// Each opening asks for the list, too: what was said while nobody listened.
const stream = follow(() => part("live").dataset.live, ["door_book_written"], hear, { opened: sync });
setInterval(() => document.hidden || sync(), 20_000);
setInterval(() => document.hidden || stream.isOpen() || sync(), 5_000);
addEventListener("online", sync);
addEventListener("offline", () => offline(true));
addEventListener("storage", (event) => {
  if (event.key?.startsWith(LINE)) {
    readLines();
    for (const person of people.values()) if (person.row) draw(person);
    count();
  }
});
document.addEventListener("visibilitychange", () => document.hidden || sync());
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js");
