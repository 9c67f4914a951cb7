// Without network: the programmes that are on this device, by the titles of their pages.
const section = document.querySelector("[data-kept]");

async function show() {
  const cache = await caches.open("hallway-pages");
  const programmes = (await cache.keys()).filter((request) => /^\/e\/[^/]+\/schedule\/$/.test(new URL(request.url).pathname) && !new URL(request.url).search);
  for (const request of programmes) {
    const answer = await cache.match(request);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const item = section.querySelector("ul").appendChild(document.createElement("li"));
    const link = item.appendChild(document.createElement("a"));
    link.className = "title";
    link.href = request.url;
    link.textContent = page.title;
  }
  section.hidden = programmes.length === 0;
}

if (section && "caches" in window) show();
