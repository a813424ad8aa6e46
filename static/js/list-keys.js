// The list of cases by the keyboard alone. Everything here is also reached with Tab, and all of it can be turned off
// (WCAG 2.1.4): a single letter is never taken from a field, from a dialog, or together with Ctrl, Alt or Cmd.
(() => {
  "use strict";
  const dialog = document.querySelector("[data-keys]");
  if (!dialog) return;
  const KEPT = "los-list-keys";
  const help = document.querySelector("[data-keys-help]");
  const box = dialog.querySelector("[data-keys-on]");
  const rows = [...document.querySelectorAll("[data-row]")];
  const read = () => {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true; // a browser that keeps nothing
    }
  };
  let on = read();
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    try {
      localStorage.setItem(KEPT, on ? "on" : "off");
    } catch {
      // It then holds for this page only.
    }
  });
  help.hidden = false;
  help.addEventListener("click", () => dialog.showModal());

  const writes = (target) =>
    target instanceof Element &&
    target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]") !== null;
  const current = () => rows.indexOf(document.activeElement?.closest?.("li, tr")?.querySelector("[data-row]"));
  const go = (step) => {
    const at = current();
    const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    if (next < 0 || next >= rows.length) return;
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const choose = () => {
    const row = rows[current()];
    if (!row) return false;
    const mark = row.closest("li, tr").querySelector("input[name=sak]");
    if (mark) {
      mark.click();
      row.focus();
      return true;
    }
    const link = document.querySelector("[data-choose]");
    if (!link) return false;
    location.assign(`${link.href}&merket=${encodeURIComponent(row.getAttribute("href").split("/")[2])}`);
    return true;
  };
  // Chosen with x where one wasn't choosing yet: the page comes back with boxes, and that one is ticked.
  const marked = new URLSearchParams(location.search).get("merket");
  if (marked) {
    const mark = document.querySelector(`input[name=sak][value="${CSS.escape(marked)}"]`);
    if (mark) {
      addEventListener("load", () => {
        if (!mark.checked) mark.click();
        mark.closest("li, tr").querySelector("[data-row]").focus();
      });
    }
  }
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writes(event.target)) return;
    let taken = true;
    if (event.key === "j" || (event.key === "ArrowDown" && current() !== -1)) go(1);
    else if (event.key === "k" || (event.key === "ArrowUp" && current() !== -1)) go(-1);
    else if (event.key === "x") taken = choose();
    else if (event.key === "/") {
      const field = document.getElementById("q");
      field.focus();
      field.select();
    } else if (event.key === "?") dialog.showModal();
    else taken = false;
    if (taken) event.preventDefault();
  });
})();
