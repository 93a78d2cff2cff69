// Fills a preview frame as soon as its page is there. Without script the button beside it does the same.
function fillFrames(root) {
  for (const form of root.querySelectorAll("form[data-now]:not([data-done])")) {
    form.dataset.done = "1";
    form.submit();
  }
}
document.addEventListener("DOMContentLoaded", () => fillFrames(document));
document.addEventListener("htmx:load", (event) => fillFrames(event.target));
