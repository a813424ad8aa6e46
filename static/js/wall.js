/* The screen on the wall is shown anew every ten minutes, as long as there is net. */
"use strict";

setInterval(() => {
  if (navigator.onLine) location.reload();
}, 600_000);
