/* What the page of a draft adds to the editor: a name for those who hear it, and its errors' links leading to it.
   And what is written keeps itself: on the server, after a pause and on leaving. */
(() => {
  "use strict";

  document.addEventListener("prose-editor:ready", (event) => {
    const { textarea } = event.detail;
    const written = textarea.closest(".prose-editor")?.querySelector('[contenteditable="true"]');
    if (!written) return;
    written.setAttribute("aria-multiline", "true");
    const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
    if (label) {
      label.id ||= `${textarea.id}-label`;
      written.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => written.focus());
    }
    document.querySelectorAll(`a[href="#${CSS.escape(textarea.id)}"]`).forEach((link) =>
      link.addEventListener("click", (click) => {
        click.preventDefault();
        written.focus();
      }),
    );
  });

  const PAUSE = 3000; // milliseconds without a key
  const LONGEST = 20000; // with keys all the time
  const LARGE = 500000; // characters: pictures are in the text, and sent along
  const BEACON = 60000; // what a browser sends after the page is gone
  const NAMES = ["csrfmiddlewaretoken", "seen", "title", "body", "change_summary", "is_minor"];

  function keepItself(form) {
    const line = form.querySelector("[data-kept-said]");
    const others = document.querySelector("[data-others]");
    const written = () => {
      const all = new FormData(form);
      const few = new FormData();
      for (const name of NAMES) if (all.has(name)) few.set(name, all.get(name));
      return few;
    };
    const asText = (data) => JSON.stringify([...data].filter(([name]) => name !== "csrfmiddlewaretoken"));
    let kept = asText(written());
    let timer = 0;
    let since = 0;
    let failed = false;
    let running = false;

    const say = (words, wrong) => {
      line.hidden = !words;
      line.textContent = words;
      line.classList.toggle("ds-validation-message", wrong);
      if (wrong) line.setAttribute("role", "alert");
      else line.removeAttribute("role");
      failed = wrong;
    };
    const tell = (sentences) => {
      if (!others || !sentences) return;
      others.querySelector("[data-others-said]").replaceChildren(
        ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
      );
      others.hidden = !sentences.length;
    };
    const save = async () => {
      clearTimeout(timer);
      timer = 0;
      const data = written();
      const text = asText(data);
      if (running || form.dataset.sent || text === kept) return;
      running = true;
      since = 0;
      try {
        const answer = await fetch(form.dataset.keeps, { method: "POST", body: data });
        const { saved, problem, others: sentences } = await answer.json();
        if (saved) kept = text;
        say(saved || problem, !saved);
        tell(sentences);
      } catch {
        say(form.dataset.keepsFailed, true);
      } finally {
        running = false;
        if (asText(written()) !== kept) soon();
      }
    };
    const soon = () => {
      const now = Date.now();
      since ||= now;
      clearTimeout(timer);
      const pause = (form.elements.body?.value.length ?? 0) > LARGE || failed ? LONGEST : PAUSE;
      timer = setTimeout(save, Math.max(0, Math.min(pause, since + LONGEST - now)));
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
    addEventListener("pagehide", () => {
      const data = written();
      if (form.dataset.sent || running || asText(data) === kept) return;
      navigator.sendBeacon(form.dataset.keeps, data);
    });
    addEventListener("beforeunload", (event) => {
      const text = asText(written());
      const files = [...form.elements].some((each) => each.type === "file" && each.files.length);
      const unsaved = text !== kept && (failed || text.length > BEACON);
      if (!form.dataset.sent && form.isConnected && (files || unsaved)) event.preventDefault();
    });
  }
  document.querySelectorAll("form[data-keeps]").forEach(keepItself);
})();
