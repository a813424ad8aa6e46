/* What texts of the handbook have beyond paragraphs: call-outs, checklists, links to documents, pictures with words.
   Loaded by the editor itself (DJANGO_PROSE_EDITOR_EXTENSIONS). The dialogs and all words are on the page:
   templates/documents/editor_dialogs.html. What is stored is said in documents/html.py. */

import { BulletList, Extension, Mark, Node, Plugin, crel } from "django-prose-editor/editor";

const page = document.getElementById("editor-words");
const words = page ? JSON.parse(page.dataset.words) : {};
const titles = page ? JSON.parse(page.dataset.titles) : {};
const said = (name) => words[name] || name;

/* Call-outs and checklists ----------------------------------------------------------------------------------------- */

const CALLOUTS = { note: "info", warning: "warning", remember: "lightbulb" };

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes() {
    return {
      kind: {
        default: "note",
        parseHTML: (element) => (element.dataset.callout in CALLOUTS ? element.dataset.callout : "note"),
        renderHTML: ({ kind }) => ({ "data-callout": kind }),
      },
    };
  },
  parseHTML() {
    return [{ tag: "aside" }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["aside", HTMLAttributes, 0];
  },
  addNodeView() {
    return ({ node }) => {
      const word = crel("p", { className: "los-callout__kind", textContent: said(`callout:${node.attrs.kind}`) });
      word.contentEditable = "false";
      const contentDOM = crel("div");
      const dom = crel("aside", { className: "los-callout", "data-callout": node.attrs.kind }, [word, contentDOM]);
      return { dom, contentDOM };
    };
  },
  addMenuItems({ buttons, menu }) {
    for (const [kind, icon] of Object.entries(CALLOUTS)) {
      menu.defineItem({
        name: `callout:${kind}`,
        groups: "callouts",
        button: buttons.material(icon, kind),
        active: (editor) => editor.isActive("callout", { kind }),
        enabled: (editor) => editor.isActive("callout") || editor.can().wrapIn("callout", { kind }),
        command(editor) {
          const chain = editor.chain().focus();
          if (editor.isActive("callout", { kind })) chain.lift("callout").run();
          else if (editor.isActive("callout")) chain.updateAttributes("callout", { kind }).run();
          else chain.wrapIn("callout", { kind }).run();
        },
      });
    }
  },
});

export const Checklist = BulletList.extend({
  name: "checklist",
  parseHTML() {
    return [{ tag: 'ul[data-list="check"]', priority: 60 }];
  },
  renderHTML() {
    return ["ul", { "data-list": "check" }, 0];
  },
  addCommands() {
    return {
      toggleChecklist:
        () =>
        ({ commands }) =>
          commands.toggleList("checklist", "listItem"),
    };
  },
  addKeyboardShortcuts() {
    return {};
  },
  addInputRules() {
    return [];
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "checklist",
      groups: "lists",
      priority: 90,
      button: buttons.material("checklist", "checklist"),
      active: (editor) => editor.isActive("checklist"),
      command(editor) {
        editor.chain().focus().toggleChecklist().run();
      },
    });
  },
});

/* Links to documents ----------------------------------------------------------------------------------------------- */

const target = {
  document: {
    default: null,
    parseHTML: (element) => element.dataset.document,
    renderHTML: ({ document }) => ({ "data-document": document }),
  },
  part: {
    default: null,
    parseHTML: (element) => element.dataset.part || null,
    renderHTML: ({ part }) => (part ? { "data-part": part } : {}),
  },
};

// With words of the writer's own.
export const DocumentLink = Mark.create({
  name: "documentLink",
  inclusive: false,
  excludes: "documentLink link",
  addAttributes: () => target,
  parseHTML() {
    return [{ tag: "a[data-document]", priority: 60, getAttrs: (element) => (element.textContent.trim() ? null : false) }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["a", HTMLAttributes, 0];
  },
});

// With the title the document has when one reads.
export const DocumentTitle = Node.create({
  name: "documentTitle",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => target,
  parseHTML() {
    return [{ tag: "a[data-document]", priority: 61, getAttrs: (element) => (element.textContent.trim() ? false : null) }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["a", HTMLAttributes];
  },
  addNodeView() {
    return ({ node }) => ({
      dom: crel("span", { className: "los-linked", textContent: titles[node.attrs.document] || said("unseen") }),
    });
  },
});

/* Dialogs ---------------------------------------------------------------------------------------------------------- */

// Opens one of the page's dialogs, and calls `done` with its form when it is sent.
function ask(name, editor, { open, done }) {
  const dialog = document.getElementById(`editor-${name}`);
  const form = dialog?.querySelector("form");
  if (!form) return;
  form.reset();
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  open(form);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const wrong = await done(form);
    problem.hidden = !wrong;
    problem.textContent = wrong || "";
    if (wrong) return;
    dialog.close();
  };
  form.querySelector("[data-cancel]").onclick = () => dialog.close();
  dialog.onclose = () => editor.commands.focus();
  dialog.showModal();
}

const ADDRESS = /^(?:https?:\/\/|mailto:|tel:|www\.|#)\S|^[^\s@]+@[^\s@]+\.\w+$|^[\w-]+(?:\.[\w-]+)+(?:\/\S*)?$/i;

function asAddress(text) {
  if (/^www\./i.test(text) || (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(text) && !text.includes("@"))) return `https://${text}`;
  if (/^[^\s@:/]+@[^\s@]+$/.test(text)) return `mailto:${text}`;
  return text;
}

// As documents.html.contents_of makes them, so that a link to a heading of this text leads there.
function headings(editor) {
  const found = [];
  const taken = new Set();
  editor.state.doc.descendants((node) => {
    const text = node.type.name === "heading" ? node.textContent.trim() : "";
    if (!text) return;
    const slug = text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\s-]/gu, "")
      .replace(/[-\s]+/g, "-")
      .replace(/^[-_]+|[-_]+$/g, "");
    const base = `del-${slug.slice(0, 60).replace(/-+$/, "")}`;
    let anchor = base;
    for (let again = 2; taken.has(anchor); again++) anchor = `${base}-${again}`;
    taken.add(anchor);
    found.push({ text, address: `#${anchor}` });
  });
  return found;
}

async function answered(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

function chooseLink(editor) {
  const now = editor.isActive("documentLink") || editor.isActive("documentTitle");
  let chosen = null;
  let asked = 0;
  ask("link", editor, {
    open(form) {
      const [input, list, part] = ["to", "found", "part"].map((name) => form.querySelector(`[data-link-${name}]`));
      // The places in a document are asked of the server. Their field stands there at once, and doesn't wait for the
      // answer: a button that moves while somebody presses it isn't pressed.
      const choose = async (option, button) => {
        if (chosen === option) return;
        chosen = option;
        for (const each of list.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button));
        const select = part.querySelector("select");
        select.replaceChildren(select.options[0]);
        part.hidden = !option.document;
        if (!option.document) return;
        const { parts = [] } = await answered(`${page.dataset.find}?deler=${encodeURIComponent(option.number)}`);
        if (chosen === option) select.append(...parts.map((each) => new Option(each.text, each.anchor)));
      };
      const show = (options) => {
        list.replaceChildren(
          ...options.map((option) => {
            const button = crel("button", { type: "button", className: "los-found__one", "aria-pressed": "false" }, [
              crel("span", { textContent: option.text }),
              crel("span", { className: "los-quiet", textContent: option.hint }),
            ]);
            button.addEventListener("click", () => choose(option, button));
            return crel("li", {}, [button]);
          }),
        );
        if (options.length === 1) choose(options[0], list.querySelector("button"));
      };
      const search = async () => {
        const text = input.value.trim();
        const turn = ++asked;
        chosen = null;
        part.hidden = true;
        const options = ADDRESS.test(text) ? [{ text, hint: said("address"), address: asAddress(text) }] : [];
        if (text.length > 1 && !/^(https?|mailto|tel):/i.test(text)) {
          const { documents = [] } = await answered(`${page.dataset.find}?q=${encodeURIComponent(text)}`);
          if (turn !== asked) return;
          for (const each of documents) {
            titles[each.id] = each.title;
            options.push({ text: each.title, hint: each.number, document: each.id, number: each.number });
          }
          const like = headings(editor).filter((each) => each.text.toLowerCase().includes(text.toLowerCase()));
          options.push(...like.map((each) => ({ ...each, hint: said("here") })));
        }
        if (text) show(options);
        else list.replaceChildren();
        if (text.length > 1 && !options.length) list.append(crel("li", { className: "los-quiet", textContent: said("nothing") }));
      };
      let timer = 0;
      input.oninput = () => {
        clearTimeout(timer);
        timer = setTimeout(search, 250);
      };
      list.replaceChildren();
      part.hidden = true;
      input.value = now ? titles[editor.getAttributes(editor.isActive("documentTitle") ? "documentTitle" : "documentLink").document] || "" : editor.getAttributes("link").href || "";
      if (input.value) search();
    },
    done(form) {
      if (!chosen) return said("choose");
      const part = form.querySelector("[data-link-part] select");
      insertLink(editor, chosen, part.closest("[hidden]") ? "" : part.value);
      return "";
    },
  });
}

function insertLink(editor, chosen, part) {
  const chain = editor.chain().focus();
  for (const mark of ["link", "documentLink"]) if (editor.isActive(mark)) chain.extendMarkRange(mark);
  const isEmpty = editor.state.selection.empty && !editor.isActive("link") && !editor.isActive("documentLink");
  const attrs = { document: String(chosen.document), part: part || null };
  if (chosen.document && (isEmpty || editor.isActive("documentTitle"))) {
    chain.insertContent([{ type: "documentTitle", attrs }, { type: "text", text: " " }]).run();
  } else if (chosen.document) {
    chain.unsetMark("link").setMark("documentLink", attrs).run();
  } else if (isEmpty) {
    const marks = [{ type: "link", attrs: { href: chosen.address } }];
    chain.insertContent([{ type: "text", text: chosen.text, marks }, { type: "text", text: " " }]).run();
  } else {
    chain.unsetMark("documentLink").setMark("link", { href: chosen.address }).run();
  }
}

function choosePicture(editor, given = null) {
  const now = editor.isActive("image") ? editor.getAttributes("image") : null;
  ask("picture", editor, {
    open(form) {
      form.elements.file.closest(".ds-field").hidden = Boolean(given);
      if (now) {
        form.elements.alt.value = now.alt || "";
        form.elements.decoration.checked = now.alt === "";
      }
    },
    async done(form) {
      const { file, alt, decoration } = form.elements;
      const picture = given || file.files[0];
      if (!picture && !now) return said("file");
      if (!alt.value.trim() && !decoration.checked) return said("alt");
      const text = decoration.checked ? "" : alt.value.trim();
      if (!picture) {
        editor.chain().focus().updateAttributes("image", { alt: text }).run();
        return "";
      }
      const sent = new FormData();
      sent.set("picture", picture);
      sent.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      let answer;
      try {
        answer = await (await fetch(page.dataset.picture, { method: "POST", body: sent })).json();
      } catch {
        return said("failed");
      }
      if (answer.problem) return answer.problem;
      if (now) editor.chain().focus().updateAttributes("image", { src: answer.src, alt: text }).run();
      else editor.chain().focus().setImage({ src: answer.src, alt: text }).run();
      return "";
    },
  });
}

function chooseTable(editor) {
  ask("table", editor, {
    open() {},
    done(form) {
      const { rows, cols, header } = form.elements;
      const withHeaderRow = header.checked;
      editor.chain().focus().insertTable({ rows: Number(rows.value), cols: Number(cols.value), withHeaderRow }).run();
      return "";
    },
  });
}

// Its items replace those the editor brings, which is why it stands last among the extensions.
export const Choosing = Extension.create({
  name: "choosing",
  priority: 50,
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        window.event?.preventDefault();
        chooseLink(editor);
        return true;
      },
    };
  },
  addMenuItems({ buttons, menu }) {
    const linked = (editor) => ["link", "documentLink"].some((name) => editor.isActive(name));
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", "link"),
      active: (editor) => linked(editor) || editor.isActive("documentTitle"),
      command: chooseLink,
    });
    menu.defineItem({
      name: "unlink",
      groups: "link",
      button: buttons.material("link_off", "unlink"),
      hidden: (editor) => !linked(editor),
      command(editor) {
        const chain = editor.chain().focus();
        for (const name of ["link", "documentLink"]) {
          if (editor.isActive(name)) chain.extendMarkRange(name).unsetMark(name);
        }
        chain.run();
      },
    });
    menu.defineItem({
      name: "picture",
      groups: "pictures",
      button: buttons.material("image", "picture"),
      active: (editor) => editor.isActive("image"),
      command: (editor) => choosePicture(editor),
    });
    menu.defineItem({
      name: "table",
      groups: "table",
      button: buttons.material("grid_on", "table"),
      hidden: (editor) => editor.isActive("table"),
      command: chooseTable,
    });
  },
  onCreate({ editor }) {
    // After the menu is made, which is when the editor is created too.
    queueMicrotask(() => named(editor));
  },
  addProseMirrorPlugins() {
    const { editor } = this;
    const picture = (files) => [...(files || [])].find((each) => /^image\/(png|jpeg|webp)$/.test(each.type));
    const taken = (event, files) => {
      const file = picture(files);
      if (!file) return false;
      event.preventDefault();
      choosePicture(editor, file);
      return true;
    };
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => !event.clipboardData?.types.includes("text/html") && taken(event, event.clipboardData?.files),
          handleDrop: (view, event) => taken(event, event.dataTransfer?.files),
        },
      }),
    ];
  },
});

// The editor's own buttons speak English.
function named(editor) {
  const box = editor.view.dom.closest(".prose-editor");
  for (const button of box.querySelectorAll("[data-name]")) {
    const word = words[button.dataset.name];
    if (!word) continue;
    if (button.classList.contains("prose-menubar__option")) button.firstElementChild.textContent = word;
    else {
      button.title = word;
      button.setAttribute("aria-label", word);
    }
  }
  // What it shows is a copy of a button, made anew whenever something else is chosen.
  for (const choice of box.querySelectorAll(".prose-menubar__selected")) {
    const name = () => {
      const shown = choice.firstElementChild;
      if (!shown || shown.title === said("blockType")) return;
      shown.title = said("blockType");
      shown.setAttribute("aria-label", said("blockType"));
    };
    editor.on("transaction", name);
    name();
    choice.addEventListener("click", (event) => {
      if (event.detail === 0) choice.parentElement.querySelector(".prose-menubar__option")?.focus();
    });
  }
}
