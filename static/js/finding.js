// The suggestions under a search field with the arrow keys; with Tab they are reached without this.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const box = event.target instanceof Element && event.target.closest(".los-suggest");
    if (!box) return;
    const field = box.querySelector("input");
    const links = [...box.querySelectorAll(".los-suggest__list a")];
    if (event.key === "Escape" && links.length) {
      box.querySelector(".los-suggest__list").replaceChildren();
      field.focus();
      event.preventDefault();
    }
    if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || !links.length) return;
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (at < -1) return;
    (at === -1 ? field : links[Math.min(at, links.length - 1)]).focus();
    event.preventDefault();
  });
})();
