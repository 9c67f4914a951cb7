// While one types: the next three dates of a rule, and the words on the cover. Without it, a button shows the dates.
const box = document.querySelector("[data-dates]");
if (box) {
  const form = box.closest("form");
  const shown = box.querySelector(".dates-box");
  let latest = 0;
  let waiting;
  const show = async () => {
    const mine = ++latest;
    const wanted = new URLSearchParams();
    for (const name of ["every", "ordinal", "weekday", "local_time", "minutes", "starts_on", "zone"]) {
      wanted.set(name, form.elements[name].value);
    }
    const answer = await fetch(`${box.dataset.dates}?${wanted}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && mine === latest) {
      shown.innerHTML = await answer.text();
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
}

const mirror = document.querySelector("[data-mirror]");
if (mirror) {
  const typed = document.querySelector(`[name="${mirror.dataset.mirror}.${document.documentElement.lang}"]`);
  const copy = () => (mirror.textContent = typed.value);
  typed?.addEventListener("input", copy);
  if (typed) copy();
}
