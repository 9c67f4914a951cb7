// Marks and joining without leaving the place one reads at; without this the same buttons load the page anew.
const thread = () => document.querySelector("[data-thread]");
const offline = document.querySelector("[data-offline]");

// What somebody is writing in another form of the page comes along, and the folds it stands in stay open.
function carry(fresh, sent) {
  for (const field of thread().querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")) {
    const same = fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (!same || field.form === sent) continue;
    if (field.type === "checkbox" || field.type === "radio") same.checked = field.checked;
    else if (field.value !== (field.defaultValue ?? field.value)) same.value = field.value;
    else if (field.matches("select")) same.value = field.value || same.value;
    if (field.closest("details")?.open) same.closest("details")?.setAttribute("open", "");
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-in-place]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const button = event.submitter;
  const pressed = button.id;
  const said = new FormData(form, button);
  button.disabled = true;
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(form.action, { method: "POST", body: said, headers: { Accept: "text/html" }, signal });
    if ([403, 404, 410].includes(answer.status)) return void location.reload(); // it is not there any more
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-thread]");
    if (!fresh) throw new Error(String(answer.status));
    carry(fresh, form);
    thread().replaceWith(fresh);
    document.querySelector(".messages")?.remove();
    const messages = page.querySelector(".messages");
    if (messages) document.querySelector("main").before(messages);
    document.getElementById(pressed)?.focus({ preventScroll: true });
    offline.hidden = true;
  } catch {
    // Nothing was done, and whatever is typed here stays: the page is not left for another that may not come.
    button.disabled = false;
    offline.hidden = false;
  }
});
