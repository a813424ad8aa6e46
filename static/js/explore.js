// Where there is room beside the answer, what else one can ask stands open.
"use strict";

(() => {
  const form = document.querySelector("[data-explore]");
  if (form && matchMedia("(min-width: 64em)").matches) form.open = true;
})();
