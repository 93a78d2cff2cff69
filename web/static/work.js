// The table of shares adds itself up while it is filled in; the service checks again.
(() => {
  "use strict";
  const value = (cell) => { const [low] = String(cell.value ?? cell.textContent).replaceAll(",", "").match(/\d+(?:\.\d+)?/) || ["0"]; return Number(low); };
  const add = (table) => {
    for (const sum of table.querySelectorAll("[data-sum]")) {
      const total = [...table.querySelectorAll(`[data-share="${sum.dataset.sum}"]`)].reduce((all, cell) => all + value(cell), 0);
      sum.textContent = Math.round(total * 1e6) / 1e6;
      sum.classList.toggle("off", sum.dataset.wanted !== undefined && total + 1e-9 < Number(sum.dataset.wanted));
    }
  };
  const all = () => document.querySelectorAll("[data-shares]").forEach(add);
  document.addEventListener("input", (event) => {
    const table = event.target.closest("[data-shares]");
    if (!table) return;
    if (event.target.dataset.share && event.target.value) event.target.closest("tr").querySelector("input[type=checkbox]").checked = true;
    add(table);
  });
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:load", all);
  if (document.readyState !== "loading") all();
})();
