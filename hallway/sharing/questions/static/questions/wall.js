// The wall of a room: fetched anew when something happened, when the clock changes it, and now and then in any case.
import { follow } from "../kit/stream.js";

document.documentElement.classList.remove("no-js");
const lost = document.querySelector("[data-lost]");
const shown = () => document.querySelector("[data-part]");
const HEARD = [
  "question_asked", "question_edited", "question_withdrawn", "question_shown", "question_refused", "refusal_taken_back",
  "question_merged", "question_separated", "question_voted", "question_taken", "answered_live", "answer_written", "answer_withdrawn",
  "floor_changed", "floor_reopened", "said_hidden",
];

let stream = null;
let followed = "";
let busy = false;
let again = false;
let asOf = Date.now();
let timer = 0;
let last = shown().outerHTML;

function listen() {
  const address = shown().dataset.live || "";
  if (address === followed) return;
  stream?.close();
  followed = address;
  // Each opening fetches it as well: what was said while nobody listened.
  stream = address ? follow(() => address, HEARD, fetchAnew, { opened: fetchAnew }) : null;
}

function wait() {
  clearTimeout(timer);
  const until = Number(shown().dataset.until || Infinity);
  timer = setTimeout(fetchAnew, Math.max(500, Math.min(until - Date.now() + 200, 30_000)));
}

function say() {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(asOf);
  lost.textContent = lost.dataset.words.replace("{time}", time);
  lost.hidden = false;
}

async function fetchAnew() {
  if (busy) return void (again = true);
  busy = true;
  try {
    do {
      again = false;
      const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(answer.status);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part]");
      if (!found) throw new Error("no wall");
      if (found.outerHTML !== last) {
        last = found.outerHTML;
        shown().replaceWith(found);
      }
      asOf = Date.now();
      lost.hidden = true;
      listen();
      if (again) await new Promise((resolve) => setTimeout(resolve, 500)); // votes come four times a second
    } while (again);
  } catch {
    say(); // it goes on showing what it shows
  }
  busy = false;
  wait();
}

listen();
wait();
addEventListener("online", fetchAnew);
addEventListener("offline", say);
