// Beside the form: which procedures are about what is written. Asked for when one leaves a field, never waited for, and
// not at all where somebody reports without a name.
(() => {
  "use strict";
  const place = document.querySelector("[data-procedures-about]");
  const form = place?.closest("form");
  if (!form) return;
  let asked = "";

  const look = async () => {
    const data = new FormData();
    const nameless = form.querySelector("[name=naming]:checked")?.value === "anonymous";
    const text = form.elements.text?.value.trim() || "";
    const category = form.elements.category?.value || "";
    if (nameless || (text.length < 12 && !category)) {
      asked = "";
      place.replaceChildren();
      return;
    }
    if (asked === text + category) return;
    asked = text + category;
    data.set("text", text);
    data.set("category", category);
    data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(place.dataset.proceduresAbout, { method: "POST", body: data });
      if (!answer.ok || answer.redirected || asked !== text + category) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.children);
    } catch {
      asked = ""; // without net there is nothing to show, and nothing to tell
    }
  };

  form.addEventListener("change", (event) => {
    if (["text", "category", "naming"].includes(event.target.name)) look();
  });
})();
