/* The questions of a category: shown when the answer they depend on is given, and only where something has happened.
   Without script all of them stand there, and the server looks at those that count. */
(() => {
  "use strict";

  const chosen = (form, name) => {
    const inputs = [...form.elements].filter((each) => each.name === name);
    if (!inputs.length) return null;
    return inputs.filter((each) => each.type !== "radio" || each.checked).map((each) => each.value)[0] ?? "";
  };

  const update = (form) => {
    const block = form.querySelector("[data-questions]");
    if (!block) return;
    const kind = chosen(form, "kind");
    block.hidden = Boolean(kind) && !block.dataset.questions.split(" ").includes(kind);
    const hidden = new Set();
    for (const box of block.querySelectorAll("[data-question]")) {
      const on = box.dataset.shownWhen;
      const value = on && chosen(form, on);
      const shows = !on || value === null || (!hidden.has(on) && box.dataset.shownFor.split(" ").includes(value));
      if (!shows) hidden.add(`q_${box.dataset.question}`);
      box.hidden = !shows;
    }
  };

  const all = () => document.querySelectorAll("form").forEach(update);
  document.addEventListener("change", (event) => event.target.form && update(event.target.form));
  document.addEventListener("htmx:afterSettle", (event) => {
    all();
    if (!event.detail.elt.matches("[data-questions]")) return;
    const about = event.detail.elt.querySelector(".los-questions__about");
    document.querySelector("[data-questions-said]").textContent = about ? about.textContent : "";
  });
  all();
})();
