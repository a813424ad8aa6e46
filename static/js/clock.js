/* Lets the clocks of duties to tell run while the page is open. What the server wrote stands without it. */
(() => {
  "use strict";

  const tick = () => {
    for (const each of document.querySelectorAll("[data-clock]")) {
      const seconds = (new Date(each.dataset.clock) - Date.now()) / 1000;
      const minutes = Math.floor(Math.abs(seconds) / 60);
      const [hour, minute] = each.dataset.units.split(" ");
      const time = `${Math.floor(minutes / 60)} ${hour} ${minutes % 60} ${minute}`;
      const said = (seconds < 0 ? each.dataset.late : each.dataset.left).replace("{time}", time);
      if (each.textContent !== said) each.textContent = said;
      const box = each.parentElement;
      box.classList.toggle("los-late", seconds < 0);
      box.classList.toggle("los-clock", seconds >= 0);
    }
  };

  if (document.querySelector("[data-clock]")) {
    tick();
    setInterval(tick, 15000);
  }
})();
