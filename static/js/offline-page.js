/* A page kept to be read without net: says when it was fetched as people say it, and that there is net again. It
   doesn't change by itself under the eyes of somebody who reads, where the signal comes and goes. */
(() => {
  "use strict";

  for (const time of document.querySelectorAll("time[data-today]")) {
    const then = new Date(time.dateTime);
    const clock = `${String(then.getHours()).padStart(2, "0")}.${String(then.getMinutes()).padStart(2, "0")}`;
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86400000);
    if (days === 0) time.textContent = `${time.dataset.today} ${clock}`;
    if (days === 1) time.textContent = `${time.dataset.yesterday} ${clock}`;
  }
  const again = document.querySelector("[data-online]");
  addEventListener("online", () => (again.hidden = false));
  addEventListener("offline", () => (again.hidden = true));
})();
