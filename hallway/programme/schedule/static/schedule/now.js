// A programme left open, or read offline, still says what is on: the fragment is asked for again when it turned old.
const place = document.querySelector("[data-now]");

async function renew() {
  try {
    const answer = await fetch(place.dataset.now, { headers: { Accept: "text/html" } });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch {
    // No network: what stands there stays, and is tried again.
  }
  plan();
}

function plan() {
  const until = Date.parse(place.querySelector("[data-until]")?.dataset.until || "");
  if (!Number.isNaN(until)) setTimeout(renew, Math.max(until - Date.now() + 1000, 30_000));
}

if (place) plan();

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
