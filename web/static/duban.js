// What forms do beyond the browser's own: typed words outlive a lost session or connection, a form is sent once, files are listed, sending is shown.
(() => {
  "use strict";
  const words = (name) => document.body.dataset[`words${name}`] || "";
  const slot = (form) => `duban:${document.body.dataset.account}:${location.pathname}:${form.dataset.kept}`;
  const skipped = (field) => !field.name || ["hidden", "password", "file", "submit"].includes(field.type);
  const fields = (form) => [...form.elements].filter((field) => !skipped(field));

  const keep = (form) => {
    const values = fields(form).map((field) => [field.name, /^(checkbox|radio)$/.test(field.type) ? field.value : null, /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value]);
    try { sessionStorage.setItem(slot(form), JSON.stringify(values)); } catch { /* no room: nothing is promised then */ }
  };
  const forget = (form) => sessionStorage.removeItem(slot(form));
  const bringBack = (form) => {
    const text = sessionStorage.getItem(slot(form));
    if (!text || document.getElementById("refused")) return;
    let changed = false;
    const rows = JSON.parse(text);
    for (const field of fields(form)) {
      const at = rows.findIndex(([name, value]) => name === field.name && (value === null || value === field.value));
      if (at < 0) continue;
      const [[, value, now]] = rows.splice(at, 1);
      if (value === null ? field.value !== now : field.checked !== now) { changed = true; if (value === null) field.value = now; else field.checked = now; }
    }
    if (!changed) return;
    const note = document.createElement("p");
    note.className = "kept";
    note.setAttribute("role", "status");
    note.textContent = words("Kept") + " ";
    const drop = document.createElement("button");
    drop.type = "button"; drop.className = "quiet"; drop.textContent = words("Drop");
    drop.addEventListener("click", () => { forget(form); form.reset(); note.remove(); });
    note.append(drop);
    form.prepend(note);
  };

  const size = (bytes) => bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const listFiles = (input) => {
    const list = input.closest("[data-files]").querySelector(".chosen");
    list.replaceChildren(...[...input.files].map((file, at) => {
      const row = document.createElement("li");
      const remove = document.createElement("button");
      remove.type = "button"; remove.className = "quiet"; remove.textContent = words("Remove"); remove.setAttribute("aria-label", `${words("Remove")} ${file.name}`);
      remove.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].forEach((one, number) => { if (number !== at) rest.items.add(one); });
        input.files = rest.files;
        listFiles(input);
      });
      row.append(`${file.name} · ${size(file.size)} `, remove);
      return row;
    }));
  };
  const addFiles = (input, more) => {
    const all = new DataTransfer();
    if (input.multiple) [...input.files].forEach((file) => all.items.add(file));
    [...more].slice(0, input.multiple ? undefined : 1).forEach((file) => all.items.add(file));
    input.files = all.files;
    listFiles(input);
  };

  const busy = (form, on, text = "") => {
    form.toggleAttribute("aria-busy", on);
    form.querySelectorAll("button:not([type=button])").forEach((button) => { button.disabled = on; });
    const line = form.querySelector(".sending");
    if (line) { line.hidden = !text; line.textContent = text; }
  };

  const ready = () => document.querySelectorAll("form[data-kept]").forEach((form) => { if (!form.dataset.ready) { form.dataset.ready = "1"; bringBack(form); } });
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:load", ready);
  document.addEventListener("input", (event) => { const form = event.target.form; if (form && form.dataset.kept) keep(form); });
  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.closest("[data-files]")) listFiles(event.target);
    const form = event.target.form;
    if (form && form.dataset.kept && event.target.type !== "file") keep(form);
    if (form && form.hasAttribute("data-at-once")) form.requestSubmit();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target.closest && event.target.closest("[data-files]");
      if (!area) return;
      event.preventDefault();
      area.classList.toggle("over", kind === "dragover");
      if (kind === "drop") addFiles(area.querySelector("input[type=file]"), event.dataTransfer.files);
    });
  }
  // A form without htmx: only the second click is held back.
  document.addEventListener("submit", (event) => { if (event.target.matches("form[data-plain]")) setTimeout(() => busy(event.target, true), 0); });
  document.addEventListener("click", (event) => { if (event.target.closest && event.target.closest("form[action='/log-out'] button")) sessionStorage.clear(); });
  // A field that asks for something itself (completion) does not send its form.
  const formOf = (event) => event.detail.elt && event.detail.elt.matches && !event.detail.elt.matches("input, select, textarea") && event.detail.elt.closest("form[data-kept]");
  document.addEventListener("htmx:beforeRequest", (event) => { const form = formOf(event); if (form) busy(form, true, words("Sending")); });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = formOf(event);
    if (form && event.detail.lengthComputable && event.detail.total > 200000) {
      const done = event.detail.loaded >= event.detail.total;
      busy(form, true, done ? words("Taken") : `${words("Sending")} ${Math.floor(100 * event.detail.loaded / event.detail.total)}%`);
    }
  });
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) {
    document.addEventListener(kind, (event) => { const form = formOf(event); if (form) { busy(form, false, words("Unsent")); form.querySelector(".sending").scrollIntoView({ block: "nearest" }); } });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    const said = (name) => event.detail.xhr.getResponseHeader(name);
    // A redirect by header leaves htmx before it says that the request succeeded: the status tells.
    const status = event.detail.xhr.status;
    if (form && status >= 200 && status < 400 && (said("Duban-Done") || !said("HX-Redirect"))) forget(form);
  });
  // What changes a part of the page leaves the focus where it is.
  document.addEventListener("htmx:afterSwap", (event) => {
    const old = event.detail.target, content = document.getElementById("content");
    const target = old && (old.isConnected ? old : document.getElementById(old.id));
    if (target && content && content !== target && content.contains(target)) return;
    const refused = document.getElementById("refused");
    if (refused) { refused.tabIndex = -1; refused.focus(); } else { const main = document.getElementById("content"); if (main) main.focus({ preventScroll: true }); }
  });
})();
