// The slider over a plan's days: it moves the date field, which alone is sent. Without script the field does by itself.
(() => {
  "use strict";
  let waiting = 0;
  const slide = () => document.getElementById("slide");
  const dayAt = (first, days) => { const day = new Date(`${first}T00:00:00Z`); day.setUTCDate(day.getUTCDate() + days); return day.toISOString().slice(0, 10); };
  const tell = () => { const one = slide(); if (one) one.setAttribute("aria-valuetext", document.getElementById("on").value); };
  document.addEventListener("DOMContentLoaded", () => { const one = slide(); if (one && Number(one.max) > 0) { one.hidden = false; tell(); } });
  // On a phone the form would fill the screen before the table begins.
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".narrowing");
    if (form && !("used" in form.dataset) && matchMedia("(max-width: 760px)").matches) form.open = false;
  });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "slide") return;
    const field = document.getElementById("on");
    field.value = dayAt(event.target.dataset.first, Number(event.target.value));
    tell();
    clearTimeout(waiting);
    waiting = setTimeout(() => field.dispatchEvent(new Event("change", { bubbles: true })), 250);
  });
  // The slider's own change would ask a second time.
  document.addEventListener("change", (event) => { if (event.target.id === "slide") event.stopPropagation(); }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    const sheet = document.getElementById("sheet"), one = slide();
    if (event.detail.target.id === "sheet" && sheet && one) { one.value = sheet.dataset.place; tell(); }
  });
  // The address names only what was asked for.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "narrow") return;
    const asked = event.detail.parameters;
    for (const name of Object.keys(asked)) if (!asked[name] || (name === "on" && asked[name] === document.getElementById("on").max)) delete asked[name];
  });
  document.addEventListener("htmx:validation:halted", (event) => { if (event.detail.elt.id === "narrow") event.detail.elt.reportValidity(); });
  // A refusal has no table to put in: the page itself says what is wrong.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "sheet" && event.detail.xhr.status >= 400) { event.detail.shouldSwap = false; location.assign(event.detail.pathInfo.finalRequestPath); }
  });
})();
