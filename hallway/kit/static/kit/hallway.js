// Small things that make pages nicer; every public page works without them.
document.documentElement.classList.remove("no-js");

// Choosing a language keeps it for later pages.
for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => {
    document.cookie = `hallway_language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax`;
  });
}

// Where more tabs than fit stand side by side, the one that is open is in sight.
const open = document.querySelector(".doors [aria-current]");
if (open) open.parentElement.scrollLeft += Math.max(0, open.getBoundingClientRect().right - open.parentElement.getBoundingClientRect().right + 8);

// Times are the venue's; a reader elsewhere gets theirs beside it.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const frenchClock = (said, hour, minute) => (document.documentElement.lang === "fr" ? `${hour}\u00a0h\u00a0${minute === "00" ? "" : minute}`.trim() : said);
for (const time of document.querySelectorAll("time[data-zone]")) {
  const moment = new Date(time.dateTime);
  const clock = (zone) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: zone, weekday: "short", hourCycle: "h23" }).format(moment).replace(/0?(\d+):(\d\d)/, frenchClock);
  if (clock(here) !== clock(time.dataset.zone)) {
    const mine = document.createElement("span");
    mine.className = "mine-time muted small";
    mine.textContent = ` ${(time.dataset.here || "%s").replace("%s", clock(here))}`;
    time.after(mine);
  }
}

// A button that was pressed once is not pressed twice by an impatient thumb. A form that stays on its page looks itself.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    setTimeout(() => {
      if (event.defaultPrevented) return;
      for (const button of form.querySelectorAll("button:not([name])")) {
        button.disabled = true;
        setTimeout(() => (button.disabled = false), 4000);
      }
    });
  });
}

// A form that came back with a fault is gone on with at the first one, also where that lies in a fold.
const wrong = document.querySelector("main :is(input, select, textarea):is([aria-invalid=true], .has-errors *):not([type=hidden], :disabled)");
if (wrong) {
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  wrong.focus();
}

// What a door wrote on this device and could not send in time is forgotten half a day after its evening.
try {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("door-until "))) {
    if (Number(localStorage.getItem(key)) > Date.now() - 43_200_000) continue;
    const line = key.replace("door-until ", "door ");
    for (const other of Object.keys(localStorage)) if (other === key || other.startsWith(`${line} `)) localStorage.removeItem(other);
  }
} catch {
  // A browser that keeps nothing has nothing to forget.
}

// Whoever signs out leaves no notes behind on the device, but for what could not be sent yet.
for (const form of document.querySelectorAll('form[action$="/logout/"]')) {
  form.addEventListener("submit", () => {
    try {
      localStorage.removeItem("note-who");
      for (const key of Object.keys(localStorage)) if (/^note \d+ /.test(key) && !JSON.parse(localStorage.getItem(key)).waits) localStorage.removeItem(key);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  });
}

// What is read here can be read again without network; of a programme also the sessions it names, once a visit.
const read = document.querySelector("[data-offline]");
if ("serviceWorker" in navigator && read) {
  navigator.serviceWorker.register("/service-worker.js");
  const pages = [location.href.split("#")[0]];
  const visit = `kept ${location.pathname}`;
  if (!sessionStorage.getItem(visit) && !navigator.connection?.saveData) {
    pages.push(location.origin + location.pathname, ...[...read.querySelectorAll('a[href*="/sessions/"]')].slice(0, 80).map((link) => link.href));
    sessionStorage.setItem(visit, "1");
  }
  navigator.serviceWorker.ready.then((worker) => worker.active.postMessage({ keep: [...new Set(pages)], language: document.documentElement.lang }));
}
