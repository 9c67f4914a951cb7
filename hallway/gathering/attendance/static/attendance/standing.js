// Pages everybody shares cannot say where one reader stands: a device that registered asks for its own line.
if (document.querySelector("[data-registered]")) {
  // What a button did is said once: the page opened again says only where somebody stands.
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    history.replaceState(null, "", address);
  }
}

for (const place of document.querySelectorAll("[data-standing]")) {
  if (!document.cookie.includes("hallway_known=")) continue;
  try {
    const answer = await fetch(place.dataset.standing, { headers: { Accept: "text/html" } });
    if (answer.status !== 200) continue;
    place.innerHTML = await answer.text();
    place.hidden = false;
    for (const button of document.querySelectorAll("[data-instead]")) button.hidden = true;
  } catch {
    // No network: the page says what it said before.
  }
}
