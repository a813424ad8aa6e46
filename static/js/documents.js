/* What the page of a draft adds to the editor: a name for those who hear it, and its errors' links leading to it. */
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
})();
