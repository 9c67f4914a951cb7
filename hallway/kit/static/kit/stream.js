// A stream that is there as long as the page is. Browsers come back by themselves when one was cut off, but give up when
// they are refused, as by a proxy while the server starts anew: then it is tried again here, more and more seldom.
//
// follow(address, names, hear, { opened, lost }): `address()` says where, each time anew, so that it can name the last
// event that was heard; `hear(event)` gets every event of one of the names. `opened()` and `lost()` are told when it is
// (again), or is not. Returns { isOpen(), close() }; what was closed stays so, also when the page is come back to.
export function follow(address, names, hear, { opened = () => {}, lost = () => {} } = {}) {
  let source = null;
  let tries = 0;
  let again = 0;

  function open() {
    hush();
    const one = new EventSource(address());
    source = one;
    one.addEventListener("open", () => {
      tries = 0;
      opened();
    });
    for (const name of names) one.addEventListener(name, hear);
    one.addEventListener("error", () => {
      if (one !== source) return;
      lost();
      if (one.readyState !== EventSource.CLOSED) return;
      tries += 1;
      again = setTimeout(open, Math.min(60_000, 1500 * 2 ** Math.min(tries, 5)) * (0.75 + Math.random() / 2));
    });
  }

  function hush() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  const back = (event) => event.persisted && open();

  function close() {
    hush();
    removeEventListener("pagehide", hush);
    removeEventListener("pageshow", back);
  }

  open();
  // A page that is kept for going back holds no connection, and may have been frozen in the middle of a wait.
  addEventListener("pagehide", hush);
  addEventListener("pageshow", back);
  return { isOpen: () => source?.readyState === EventSource.OPEN, close };
}
