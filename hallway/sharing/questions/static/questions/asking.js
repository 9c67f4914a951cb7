// Asking and voting without leaving the page, and what others ask as it comes in. Without it all of this works by reload.
import { follow } from "../kit/stream.js";

const place = document.querySelector("[data-floor]");
const language = document.documentElement.lang;
const words = Object.fromEntries([...document.querySelectorAll("template[data-words]")].map((one) => [one.dataset.words, one.content]));
const say = (name, value) => words[name].textContent.trim().replace("%s", value);
const part = (name) => place.querySelector(`[data-${name}]`);
const base = `/q/${place.dataset.floor}/`;
const items = part("items");
const article = (id) => document.getElementById(`question-${id}`);
const everywhere = { voted: new Set(), own: new Set() };

// One press after the other: a device is known by its first answer, and a second press beside it were somebody else's.
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work, work));

// What hangs is given up: the presses after it wait for it, and a network that is hardly there never says no.
async function ask(address, options = {}) {
  const signal = AbortSignal.timeout(10_000);
  return fetch(address, { credentials: "same-origin", signal, ...options, headers: { Accept: "application/json", ...options.headers } });
}

function mark(one) {
  const id = Number(one.dataset.question);
  const button = one.querySelector("button.vote");
  if (!button) return;
  button.setAttribute("aria-pressed", String(everywhere.voted.has(id)));
  button.disabled = everywhere.own.has(id);
}

function showMine(html) {
  const mine = part("mine");
  const focused = mine.contains(document.activeElement) ? document.activeElement.href : null;
  mine.innerHTML = html;
  mine.hidden = !mine.firstElementChild;
  if (focused) [...mine.querySelectorAll("a")].find((one) => one.href === focused)?.focus({ preventScroll: true });
  countDown();
}

// What is one's own: the page is the same for everybody, so it is asked for, once this device did something here.
async function mine() {
  const answer = await ask(`${base}mine.json`);
  if (!answer.ok) return;
  const found = await answer.json();
  everywhere.voted = new Set(found.voted);
  everywhere.own = new Set(found.own);
  for (const one of items.children) mark(one);
  showMine(found.html);
}

for (const button of items.querySelectorAll("button.vote")) {
  const id = Number(button.closest("article").dataset.question);
  if (button.getAttribute("aria-pressed") === "true") everywhere.voted.add(id);
  if (button.disabled) everywhere.own.add(id);
}
if (!("personal" in place.dataset) && document.cookie.includes("hallway_known=")) mine().catch(() => {});

// Five minutes to think again, told to the eyes alone: a screen reader reads until when, not each second.
let ticking = 0;
function countDown() {
  clearInterval(ticking);
  const tick = () => {
    const left = [...place.querySelectorAll("[data-editable]")].filter((one) => {
      const seconds = Number(one.dataset.editable) - Math.floor(Date.now() / 1000);
      if (seconds <= 0) one.remove();
      else one.querySelector("[data-countdown]").textContent = say("time", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
      return seconds > 0;
    });
    if (!left.length) clearInterval(ticking);
  };
  ticking = setInterval(tick, 1000);
  tick();
}
countDown();

// When something was asked, as people say it.
const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
function age() {
  for (const time of place.querySelectorAll("[data-since] time")) {
    const minutes = (Date.parse(time.dateTime) - Date.now()) / 60_000;
    if (minutes > -0.5 && minutes < 1) time.textContent = say("just-now");
    else if (minutes > -60 && minutes < 1) time.textContent = ago.format(Math.round(minutes), "minute");
    else if (minutes > -1440 && minutes < 1) time.textContent = ago.format(Math.round(minutes / 60), "hour");
  }
}
age();
setInterval(age, 30_000);

// Voting.
items.addEventListener("submit", async (event) => {
  const form = event.target.closest(".vote-form");
  if (!form) return;
  event.preventDefault();
  const one = form.closest("article");
  const button = form.querySelector("button");
  const wants = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(wants));
  if (!(await vote(Number(one.dataset.question), wants, (sentence) => beside(one, sentence)))) button.setAttribute("aria-pressed", String(!wants));
  else one.querySelector("[data-not-voted]")?.remove();
});

// Why a vote did not count is read where it was pressed, far down the list as well.
function beside(one, sentence) {
  const line = one.querySelector("[data-not-voted]") || Object.assign(document.createElement("p"), { className: "small bad" });
  line.dataset.notVoted = "";
  line.textContent = sentence;
  one.querySelector(".question-foot").before(line);
  spoken(sentence);
}

async function vote(id, wants, otherwise = refuse) {
  try {
    const answer = await inTurn(() => ask(`${base}${id}/vote/`, { method: "POST", body: new URLSearchParams({ want: wants ? "yes" : "no" }) }));
    const said = await answer.json();
    if (said.detail) {
      otherwise(said.detail);
      return false;
    }
    everywhere.voted[said.voted ? "add" : "delete"](id);
    count(id, said.votes);
    return true;
  } catch {
    otherwise(say("failed"));
    return false;
  }
}

function count(id, votes) {
  for (const one of [article(id), ...waiting.filter((other) => other.id === `question-${id}`)]) {
    if (!one) continue;
    one.dataset.votes = votes;
    one.querySelector("[data-votes-said]").textContent = votes;
  }
}

// Asking: the same form as without a script, and whatever was typed stays until it is in.
const form = part("ask");
const text = form?.querySelector("textarea");
const done = part("done");
const refused = part("refused");

function spoken(sentence) {
  const status = part("said");
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = sentence));
}

function tell(sentence, box = done) {
  spoken(sentence);
  if (!box) return;
  for (const one of [done, refused]) one.hidden = one !== box;
  box.lastElementChild.textContent = sentence;
  box.scrollIntoView({ block: "nearest" }); // below an open fold it would be out of sight
}

const refuse = (sentence) => tell(sentence, refused);

// That it is in, and under it what one asked: both at once, above the bar at the foot of a phone.
function showAsked() {
  const first = part("mine").querySelector("li");
  if (first && first.getBoundingClientRect().bottom > innerHeight - 80) done.scrollIntoView({ block: "start" });
}

function showErrors(errors) {
  for (const box of form.querySelectorAll("[data-errors]")) {
    const found = errors[box.dataset.errors] || [];
    box.replaceChildren(...(found.length ? [listOf(found)] : []));
    const field = form.elements[box.dataset.errors];
    if (field) field[found.length ? "setAttribute" : "removeAttribute"]("aria-invalid", "true");
    const fold = box.closest("details");
    if (found.length && fold) fold.open = true;
  }
  const first = Object.keys(errors).find((name) => form.elements[name]);
  if (first) form.elements[first].focus();
  if (errors.__all__) refuse(errors.__all__.join(" "));
}

function listOf(sentences) {
  const list = Object.assign(document.createElement("ul"), { className: "errors" });
  for (const sentence of sentences) list.append(Object.assign(document.createElement("li"), { textContent: sentence }));
  return list;
}

let sending = null;
const meanwhile = []; // what comes while a question is sent: it may be that very one, and is no news then
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = text.value;
  if (sending === sent) return; // an impatient thumb; another question waits its turn
  sending = sent;
  done.hidden = refused.hidden = true;
  try {
    const body = new FormData(form);
    const answer = await inTurn(() => ask(form.action, { method: "POST", body }));
    const said = await answer.json();
    showErrors(said.errors || {});
    if (said.errors) return;
    // What was typed meanwhile is the next question, and stays.
    if (text.value === sent) text.value = "";
    form.querySelector("[name=named]").checked = false;
    form.querySelector("details").open = false;
    alike([]);
    left();
    everywhere.own.add(said.id);
    if (said.html && !article(said.id)) put(made(said.html));
    if (said.html) mark(article(said.id));
    showMine(said.mine);
    tell(said.message);
    showAsked();
  } catch {
    refuse(say("failed"));
  } finally {
    if (sending === sent) sending = null;
    if (sending === null) for (const [id, html] of meanwhile.splice(0)) show(id, html, true);
  }
});

// How many characters are left is shown near the end, and read out when typing pauses.
let pause = 0;
function left() {
  const rest = Number(text.dataset.limit) - [...text.value.trim()].length;
  const line = part("left");
  line.hidden = rest > 100;
  line.textContent = rest < 0 ? say("over", -rest) : say("left", rest);
  line.classList.toggle("bad", rest < 0);
  clearTimeout(pause);
  pause = setTimeout(() => (part("left-said").textContent = line.hidden ? "" : line.textContent), 1500);
}

// Questions like the one being typed: a vote says it as well.
let typing = 0;
let looked = 0;
text?.addEventListener("input", () => {
  left();
  clearTimeout(typing);
  typing = setTimeout(look, 600);
});

async function look() {
  const typed = text.value.trim();
  const turn = ++looked;
  if (typed.length < 8) return alike([]);
  try {
    const answer = await ask(`${base}similar.json?${new URLSearchParams({ text: typed.slice(0, 500) })}`);
    if (answer.ok && turn === looked) alike((await answer.json()).alike);
  } catch {
    // Without network nothing is offered, and one can still ask.
  }
}

function alike(found) {
  const box = part("alike");
  const others = found.filter((one) => !everywhere.own.has(one.id));
  box.querySelector("ul").replaceChildren(...others.map(offered));
  box.hidden = !others.length;
}

function offered(one) {
  const row = words[one.answered ? "alike-answered" : "alike"].firstElementChild.cloneNode(true);
  row.firstElementChild.textContent = one.text;
  row.firstElementChild.lang = one.language;
  if (one.answered) {
    row.querySelector("a").href = article(one.id) ? `#question-${one.id}` : `${base}${one.id}/`;
    return row;
  }
  row.querySelector("button").addEventListener("click", async () => {
    if (!(await vote(one.id, true))) return;
    text.value = "";
    alike([]);
    left();
    if (article(one.id)) mark(article(one.id));
    tell(say("voted"));
    text.focus();
  });
  return row;
}

// The list. Nothing moves under the eyes of somebody who has scrolled: what is new waits behind a button.
const list = part("list");
const isPartOnly = Boolean(list.querySelector("[data-more]"));
const waiting = [];
const compare = {
  top: (a, b) => b.dataset.votes - a.dataset.votes || a.dataset.asked - b.dataset.asked || a.dataset.question - b.dataset.question,
  new: (a, b) => b.dataset.asked - a.dataset.asked || b.dataset.question - a.dataset.question,
};
compare.open = compare.top;
const sorted = (all) => all.sort((a, b) => b.classList.contains("on-stage") - a.classList.contains("on-stage") || compare[list.dataset.order](a, b));

function made(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.querySelector("article");
}

function fits(one) {
  one.hidden = list.dataset.order === "open" && one.dataset.state !== "open";
}

function put(one) {
  fits(one);
  const after = [...items.querySelectorAll("article")].find((other) => sorted([one, other])[0] === one);
  items.insertBefore(one, after || null);
  part("empty").hidden = true;
  age();
}

function order(by) {
  list.dataset.order = by;
  for (const link of list.querySelectorAll("[data-by]")) link[link.dataset.by === by ? "setAttribute" : "removeAttribute"]("aria-current", "true");
  const all = sorted([...items.querySelectorAll("article")]);
  for (const one of all) fits(one);
  const focused = document.activeElement;
  items.append(...all);
  if (items.contains(focused)) focused.focus({ preventScroll: true });
}

list.addEventListener("click", (event) => {
  const link = event.target.closest("[data-by]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  bringIn();
  order(link.dataset.by);
  history.replaceState(null, "", location.pathname === new URL(link.href).pathname ? link.href.split("#")[0] : location.href);
});

function bringIn() {
  const [first] = waiting;
  for (const one of waiting.splice(0)) put(one);
  part("fresh").hidden = true;
  return first;
}

part("fresh").querySelector("button").addEventListener("click", () => {
  const first = bringIn();
  order(list.dataset.order);
  const link = first?.querySelector("h3 a");
  if (link) link.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "center" });
});

let fresh = 0;
let announcing = 0;
function announce() {
  fresh += 1;
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    part("said").textContent = fresh === 1 ? say("fresh-one") : say("fresh-other", fresh);
    fresh = 0;
  }, 3000);
}

function arrive(one) {
  mark(one);
  if (everywhere.own.has(Number(one.dataset.question))) return put(one);
  announce();
  const reading = scrollY > 40 && list.getBoundingClientRect().top < innerHeight;
  if (!reading && !items.contains(document.activeElement)) return put(one);
  waiting.push(one);
  const button = part("fresh");
  button.hidden = false;
  button.querySelector("span").textContent = waiting.length === 1 ? say("fresh-one") : say("fresh-other", waiting.length);
}

function replace(old, one) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const inside = focused && [...old.querySelectorAll("a, button, summary")].indexOf(focused);
  for (const [index, fold] of [...old.querySelectorAll("details")].entries()) {
    const same = one.querySelectorAll("details")[index];
    if (same) same.open = fold.open;
  }
  fits(one);
  old.replaceWith(one);
  mark(one);
  age();
  if (focused) ([...one.querySelectorAll("a, button, summary")][inside] || one.querySelector("h3 a"))?.focus({ preventScroll: true });
}

function show(id, html, isNew) {
  const one = made(html);
  if (!one) return;
  const held = waiting.findIndex((other) => other.id === one.id);
  if (held >= 0) waiting[held] = one;
  else if (article(id)) replace(article(id), one);
  else if (isNew && sending !== null) meanwhile.push([id, html]);
  else if (isNew) arrive(one); // what else happens to questions further down is none of this page
}

function drop(id) {
  const held = waiting.findIndex((other) => other.id === `question-${id}`);
  if (held >= 0) waiting.splice(held, 1);
  if (!waiting.length) part("fresh").hidden = true;
  const one = article(id);
  if (!one) return;
  if (!one.contains(document.activeElement)) return one.remove();
  const note = words.gone.firstElementChild.cloneNode(true);
  one.replaceWith(note);
  note.focus({ preventScroll: true });
  note.addEventListener("blur", () => note.remove());
}

// Live.
async function lookAt(id, isNew) {
  if (!isNew && !article(id)) return;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 800));
  const answer = await fetch(`${base}${id}/item/`, { credentials: "same-origin" });
  if (answer.ok) show(id, await answer.text(), isNew);
  else if (answer.status === 404) drop(id);
}

function stage(id) {
  for (const one of items.querySelectorAll(".on-stage")) one.classList.remove("on-stage");
  article(id)?.classList.add("on-stage");
}

// Whether it is about what stands under "What you asked"; a vote says nothing new there.
function isMine(said) {
  const about = [...(said.gone || []), said.back, ...(said.html || said.look ? [said.id] : [])];
  const mine = part("mine");
  if ("stage" in said && mine.querySelector("[data-standing=on_stage]")) return true;
  return about.some((id) => mine.querySelector(`[data-own="${id}"]`));
}

function hear(said, isNew) {
  for (const id of said.gone || []) drop(id);
  if (said.html) show(said.id, said.html[language] || said.html.en, isNew);
  else if (said.look) lookAt(said.id, isNew).catch(() => {});
  if (said.back) lookAt(said.back, true).catch(() => {});
  if ("votes" in said) count(said.id, said.votes);
  if ("stage" in said) stage(said.stage);
  if (said.words) {
    part("asked-words").textContent = said.words[language].asked;
    part("ledger").textContent = said.words[language].ledger;
    part("ledger").hidden = false;
  }
  if (isMine(said)) mine().catch(() => {});
  if (said.floor) changed();
}

// Whether one may ask is another now: the field is made anew unless somebody is writing in it.
async function changed() {
  if (text?.value.trim()) return refuse(say("changed"));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 1500)); // the whole room looks
  const answer = await fetch(location.href.split("#")[0], { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-ask-place]");
  if (now && Boolean(now.querySelector("[data-ask]")) !== Boolean(form)) location.reload();
}

const KINDS = "asked edited withdrawn shown refused merged separated taken voted".split(" ").map((one) => `question_${one}`);
const NEW = new Set(["question_asked", "question_shown", "refusal_taken_back"]);
KINDS.push("refusal_taken_back", "case_told", "case_withdrawn", "answered_live", "answer_written", "answer_edited", "answer_withdrawn", "answer_accepted", "said_hidden", "floor_changed", "floor_reopened");

let silent = 0;
let after = place.dataset.newest;

function here() {
  const address = new URL(place.dataset.live, location.href);
  address.searchParams.set("after", after);
  return address;
}

function listen() {
  return follow(here, KINDS, heard, {
    opened: () => {
      clearTimeout(silent);
      silent = 0;
      part("silent").hidden = true;
    },
    lost: () => (silent ||= setTimeout(() => (part("silent").hidden = false), 10_000)),
  });
}

function heard(event) {
  after = event.lastEventId || after;
  hear(JSON.parse(event.data), NEW.has(event.type));
}

// While nothing comes by itself the counts are asked for, which costs next to nothing. A session's page shows some of the
// questions only, so what is not there is not looked for there.
let looking = false;
async function poll(stream) {
  if (document.hidden || looking || stream.isOpen()) return;
  looking = true;
  try {
    const answer = await ask(`${base}votes.json`);
    if (!answer.ok) return;
    const found = await answer.json();
    for (const [id, votes] of Object.entries(found.votes)) {
      if (article(id)) count(id, votes);
      else if (!isPartOnly && !waiting.some((one) => one.id === `question-${id}`)) await lookAt(id, true);
    }
    stage(found.stage);
  } finally {
    looking = false;
  }
}

if (place.dataset.live) {
  const stream = listen();
  setInterval(() => poll(stream).catch(() => {}), 20_000);
}
