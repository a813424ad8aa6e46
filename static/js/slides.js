/* From one case to the next with the arrow keys, unless somebody is writing. */
(() => {
  "use strict";

  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const rel = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
    document.querySelector(`a[rel="${rel}"]`)?.click();
  });
})();
