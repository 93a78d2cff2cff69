// A draft beside its document: an item and the place it was read from light up together and are scrolled to; j and k step through the findings.
(() => {
  "use strict";
  const light = (element) => { document.querySelectorAll(".lit").forEach((one) => one.classList.remove("lit")); if (element) element.classList.add("lit"); };
  // At once: what lies between is not laid out before it is seen, and a smooth way there would miss.
  const show = (element, block) => element.scrollIntoView({ block });
  const source = (item) => document.getElementById(item.dataset.source || "");
  const both = (item) => { light(item); const place = source(item); if (place) { place.classList.add("lit"); } return place; };

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href^='#']");
    const to = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!to) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    const item = to.matches(".item") ? to : link.closest(".item");
    const place = item ? both(item) : (light(to), null);
    show(to, to.matches(".item") ? "start" : "center");
    if (to.matches(".item") && place && innerWidth > 1000) show(place, "center");
    if (to.tabIndex >= -1 && to.hasAttribute("tabindex")) to.focus({ preventScroll: true });
  });
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest && event.target.closest(".item");
    if (item && item.dataset.source && !item.classList.contains("lit")) both(item);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[jk]$/.test(event.key) || event.target.closest("input, textarea, select")) return;
    const stops = [...document.querySelectorAll(".draft .finding.red:not(.passed), .draft .finding.yellow:not(.passed)")];
    if (!stops.length) return;
    const current = document.querySelector(".finding.here");
    const at = stops.indexOf(current) + (event.key === "j" ? 1 : -1);
    if (current) current.classList.remove("here");
    const next = stops[(at + stops.length) % stops.length];
    next.classList.add("here");
    const item = next.closest(".item");
    if (item) { const place = both(item); item.focus({ preventScroll: true }); if (place && innerWidth > 1000) show(place, "center"); }
    show(next, "center");
  });
  // Focus stays with the card that was swapped.
  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.elt && event.detail.elt.id;
    const card = id && id.startsWith("i-") && document.getElementById(id);
    const refused = document.getElementById("refused");
    if (refused && refused.closest(".draft")) { refused.scrollIntoView({ block: "center" }); refused.focus({ preventScroll: true }); return; }
    if (!card) return;
    const first = card.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea");
    (card.matches(".editing") && first ? first : card).focus({ preventScroll: true });
    const box = card.getBoundingClientRect();
    if (box.top < 0 || box.top > innerHeight * 0.6) card.scrollIntoView({ block: "start" });
  });
})();
