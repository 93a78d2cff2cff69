// Preview frames, and the second look before a paper goes out. Without script the button beside a frame fills it, and the second look is a page of its own.
(() => {
  "use strict";
  const fillFrames = (root) => root.querySelectorAll("form[data-now]:not([data-done])").forEach((form) => { form.dataset.done = "1"; form.submit(); });
  document.addEventListener("DOMContentLoaded", () => fillFrames(document));
  document.addEventListener("htmx:load", () => fillFrames(document));
  // A button that fills a frame is the browser's own business: htmx does not hear of it. A new frame each time leaves nothing behind for the way back.
  document.addEventListener("submit", (event) => {
    const name = event.submitter && event.submitter.formTarget;
    const frame = name && document.querySelector(`iframe[name="${name}"]`);
    if (!frame) return;
    event.stopPropagation();
    const fresh = frame.cloneNode();
    fresh.removeAttribute("src");
    frame.replaceWith(fresh);
  }, true);
  // What was looked at is gone when something else is typed.
  document.addEventListener("input", (event) => {
    const asked = document.getElementById("ask");
    if (asked && event.target.closest("form.asks")) asked.replaceChildren();
  });
  // A button that changed only a part of the page leaves its form ready to be sent.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.matches("button[hx-post]") && event.target.closest("form");
    if (!form) return;
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    form.querySelectorAll(".sending").forEach((line) => { line.hidden = true; });
  });
})();
