// A passkey that was not given says so in a sentence; the console stays quiet.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("passkey-trouble");
  document.getElementById("main").querySelector("h1")?.after(trouble);
  trouble.classList.remove("wrap");
  trouble.hidden = false;
  for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
});
