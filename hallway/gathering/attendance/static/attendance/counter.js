// How many people are here, as it is now: whoever checks in anywhere is counted on every page that shows it.
import { follow } from "../kit/stream.js";

const place = document.querySelector("[data-live]");
const said = document.querySelector("[data-said]");
let waiting = 0;

function show({ came, going }) {
  place.querySelector("[data-came]").textContent = came;
  place.querySelector("[data-going]").textContent = going;
  clearTimeout(waiting);
  // One sentence for those who listen, once a crowd is through.
  waiting = setTimeout(() => (said.textContent = said.dataset.words.replace("{came}", came).replace("{going}", going)), 3000);
}

let after = "";

function here() {
  const address = new URL(place.dataset.live, location.href);
  if (after) address.searchParams.set("after", after);
  return address;
}

if (place)
  follow(here, ["door_book_written"], (event) => {
    after = event.lastEventId;
    show(JSON.parse(event.data));
  });
