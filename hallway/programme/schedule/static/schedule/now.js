// A programme left open, or read offline, still says what is on: the fragment is asked for again when it turned old.
const place = document.querySelector("[data-now]");

async function renew() {
  try {
    const answer = await fetch(place.dataset.now, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      place.innerHTML = await answer.text();
      markCards();
    }
  } catch {
    // No network: what stands there stays, and is tried again.
  }
  plan();
}

function plan() {
  const until = Date.parse(place.querySelector("[data-until]")?.dataset.until || "");
  if (!Number.isNaN(until)) setTimeout(renew, Math.max(until - Date.now() + 1000 + Math.random() * 4000, 30_000)); // not all readers at once
}

// The cards of a programme left open say so, too: those on now are the ones the fragment names.
const idOf = (link) => link.pathname.match(/sessions\/(\d+)/)?.[1];

function markCards() {
  const running = new Set([...place.querySelectorAll("[data-running] a")].map(idOf));
  for (const link of document.querySelectorAll(".bytime li > a")) {
    const dot = link.querySelector(".live-dot");
    if (running.has(idOf(link)) === Boolean(dot)) continue;
    if (dot) {
      dot.remove();
      continue;
    }
    let line = link.querySelector(".track");
    if (!line) link.prepend((line = Object.assign(document.createElement("span"), { className: "track" })));
    line.append(Object.assign(document.createElement("span"), { className: "live-dot", textContent: place.dataset.word }));
  }
  for (const slot of document.querySelectorAll(".bytime .slot")) {
    const dot = slot.querySelector("h4 > .live-dot");
    if (slot.querySelector("li .live-dot")) {
      if (!dot) slot.querySelector("h4").append(Object.assign(document.createElement("span"), { className: "live-dot", textContent: place.dataset.word }));
    } else dot?.remove();
  }
}

if (place) plan();

// On the cover's drawing a line stands where the programme is now; between two days, and after the last, there is none.
function markCover() {
  const now = Date.now() / 1000;
  for (const mark of document.querySelectorAll(".now-mark")) {
    const moments = mark.dataset.moments.split(" ").map(Number);
    const next = moments.findIndex((moment) => moment > now);
    const { top, height, width } = mark.dataset;
    const share = next > 0 ? (next - 1 + (now - moments[next - 1]) / (moments[next] - moments[next - 1])) / (moments.length - 1) : -1;
    const x = Math.round(share * width);
    mark.setAttribute("d", share < 0 ? "" : `M${x} ${Number(top) + Number(height)}V${top - 5}m-5-4a5 5 0 0 0 10 0a5 5 0 0 0-10 0`);
  }
}

markCover();
setInterval(markCover, 60_000);

// "2 hours ago" is worked out by the reader's clock, since the page is the same for everybody for a long time.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
for (const time of document.querySelectorAll("[data-ago] time")) {
  const minutes = (Date.parse(time.dateTime) - Date.now()) / 60_000;
  const [amount, unit] = Math.abs(minutes) < 60 ? [minutes, "minute"] : Math.abs(minutes) < 1440 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  if (Math.abs(minutes) < 43_200) time.textContent = words.format(Math.round(amount), unit);
}

// Without network the page says so, since what it shows may be old.
const notice = document.querySelector("[data-offline-notice]");
const tell = () => (notice.hidden = navigator.onLine);
if (notice && !("stored" in notice.dataset)) {
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
}
