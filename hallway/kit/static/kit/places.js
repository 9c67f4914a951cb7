// Proposes towns while one types: <input data-places="/places">. Without it the field is free text.
// data-places-as="name" leaves the town alone in the field; a <select data-zone-of-place> or
// <select data-country-of-place> in the same form is proposed what belongs to the town, if nothing stands there.
let number = 0;

for (const input of document.querySelectorAll("input[data-places]")) {
  const list = document.createElement("datalist");
  list.id = `places-${++number}`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.autocomplete = "off";
  let known = new Map();
  let latest = 0;
  let waiting;

  const look = async () => {
    const mine = ++latest;
    const wanted = new URLSearchParams({ q: input.value, lang: document.documentElement.lang });
    const answer = await fetch(`${input.dataset.places}?${wanted}`).catch(() => null);
    if (!answer?.ok || mine !== latest) return;
    const { places } = await answer.json();
    known = new Map(places.map((place) => [place.label, place]));
    list.replaceChildren(...places.map((place) => new Option(place.label, place.label)));
  };

  const propose = (select, value) => {
    if (!select || select.value || ![...select.options].some((option) => option.value === value)) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const chosen = known.get(input.value);
    if (!chosen) {
      if (input.value.trim().length > 1) waiting = setTimeout(look, 150);
      return;
    }
    propose(input.form?.querySelector("select[data-zone-of-place]"), chosen.zone);
    propose(input.form?.querySelector("select[data-country-of-place]"), chosen.country);
    if (input.dataset.placesAs === "name") input.value = chosen.name;
  });
}
