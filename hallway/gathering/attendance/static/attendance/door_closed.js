// A door that is closed by now: what was done before and is still on this device is brought all the same. A phone throws
// pages away that nobody looks at, so the page of the door itself may never have had the time.
const place = document.querySelector("[data-brings]");
const path = place.dataset.brings;
const LINE = `door ${path} `;
const MOST = 200; // lines sent at once
let brought = 0;

function show(name, number) {
  const box = place.querySelector(`[data-${name}]`);
  box.hidden = number === 0;
  box.querySelector("span").textContent = number === 1 ? box.dataset.one : box.dataset.more.replace("{n}", number);
}

function refuse(sentence) {
  const box = place.querySelector("[data-refused]");
  box.hidden = false;
  box.querySelector("span").textContent = sentence;
}

const left = () => Object.keys(localStorage).filter((key) => key.startsWith(LINE));

function forget() {
  for (const key of left()) localStorage.removeItem(key);
  localStorage.removeItem(`door-until ${path}`);
}

async function bring() {
  const lines = left().map((key) => JSON.parse(localStorage.getItem(key)));
  const batch = lines.sort((one, other) => one.done_at - other.done_at).slice(0, MOST);
  const answer = await fetch(`${path}book/`, { method: "POST", body: JSON.stringify({ lines: batch }), headers: { "Content-Type": "application/json" } });
  const told = await answer.json();
  if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status)); // later
  if (!answer.ok) {
    refuse(told.detail);
    if (told.code === "attendance.not_at_door") forget(); // too late for the book
    return false;
  }
  for (const { uid, detail } of told.refused) {
    localStorage.removeItem(LINE + uid);
    refuse(detail);
  }
  for (const uid of told.kept) localStorage.removeItem(LINE + uid);
  brought += told.kept.length;
  return true;
}

let busy = false;
let wait = 1_000;
async function bringAll() {
  if (busy) return;
  busy = true;
  try {
    let goesOn = left().length > 0;
    while (goesOn) goesOn = (await bring()) && left().length > 0;
    if (brought && !left().length) forget();
    show("left", 0);
  } catch {
    show("left", left().length);
    wait = Math.min(60_000, wait * 2); // no network, or a server that starts anew
    setTimeout(bringAll, wait);
  }
  busy = false;
  show("brought", brought);
}

bringAll();
addEventListener("online", bringAll);
