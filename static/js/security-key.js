// A security key that does not answer, or that the person gave up: [data-key-failed] says so in words.
document.addEventListener("allauth.error", (event) => {
  const words = document.querySelector("[data-key-failed]");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
