/* What consequence and likelihood come to, while one chooses: the row of the table in templates/deviations/classes.html
   is marked, and said in a sentence. The matrix comes with the page; the server decides. */
(() => {
  "use strict";

  const box = document.querySelector("[data-severity]");
  const form = box?.closest("form");
  if (!form) return;
  const matrix = box.dataset.severity.split(" ");
  const said = box.querySelector("[data-severity-said]");
  const words = said.textContent;

  const chosen = (name) => Number(form.querySelector(`[name="${name}"]:checked`)?.value || 0);

  const show = () => {
    const consequence = chosen("consequence");
    const probability = chosen("probability");
    const known = consequence > 0 && probability > 0;
    const name = known ? matrix[(consequence - 1) * 5 + probability - 1] : "";
    said.hidden = !known;
    for (const row of box.querySelectorAll("[data-class]")) {
      const is = row.dataset.class === name;
      row.toggleAttribute("data-chosen", is);
      if (!is) continue;
      said.textContent = words
        .replace("{severity}", row.cells[0].textContent)
        .replace("{score}", String(consequence * probability))
        .replace("{day}", row.cells[2].textContent.trim());
    }
  };

  form.addEventListener("change", show);
  show();
})();
