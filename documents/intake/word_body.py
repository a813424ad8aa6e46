"""The text of a Word file, changed where it stands until mammoth reads it as people do."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter

from documents.intake.marks import BEGIN, END, MARKS
from documents.intake.word_styles import Level, Numbering, Styles, plain_number
from documents.intake.word_xml import (
    MC,
    W14,
    A,
    M,
    R,
    V,
    W,
    begin_with,
    drop,
    is_on,
    new_paragraph,
    new_run,
    properties_of,
    resolved,
    set_style,
    swap,
    swap_inside,
    value_of,
    without_number,
    words_of,
)

_SHOWN_PICTURES = (".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_REMOTE = re.compile(r"^\s*(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|DDE|DDEAUTO|LINK|DATABASE)\b", re.IGNORECASE)
_LETTERED = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_UNNUMBERED = frozenset({"bullet", "none", ""})
_FORM_FIELDS = (f"{W}dropDownList", f"{W}comboBox", f"{W}date", f"{W}text", f"{W14}checkbox")


class Body:
    """One part with text, changed where it stands."""

    def __init__(
        self,
        root: ET.Element,
        relations: dict[str, tuple[str, str, bool]],
        *,
        archive: zipfile.ZipFile,
        folder: str,
        counts: Counter[str],
        styles: Styles,
        numbering: Numbering,
        has_headings: bool,
    ) -> None:
        self.root, self.relations, self.archive, self.folder = root, relations, archive, folder
        self.counts, self.styles, self.numbering = counts, styles, numbering
        self.has_headings = has_headings  # notes have none, and need none

    def prepare(self) -> None:
        self._rename()
        self._lift_text_boxes()
        self._replace()
        self._paragraphs()
        for table in self.root.iter(f"{W}tbl"):
            self._header_row(table)

    def _parents(self) -> dict[ET.Element, ET.Element]:
        return {child: parent for parent in self.root.iter() for child in parent}

    def _rename(self) -> None:
        """What mammoth doesn't know, as the nearest that it does; our marks out of the text."""
        same = {f"{W}fldSimple": "smartTag", f"{W}dir": "smartTag", f"{W}bdo": "smartTag", f"{W}cr": "br"}
        same |= {f"{W}ptab": "tab", f"{W}rubyBase": "smartTag", f"{W}ruby": "smartTag"}
        for each in self.root.iter():
            if each.tag == f"{W}fldSimple" and _REMOTE.match(each.get(f"{W}instr", "")):
                self.counts["remote"] += 1
            if each.tag == f"{W}instrText" and _REMOTE.match(each.text or ""):
                self.counts["remote"] += 1
            if each.tag in (f"{W}ins", f"{W}del", f"{W}moveTo") and len(each):
                self.counts["changes"] += 1
            if each.tag == f"{W}ffData" or (
                each.tag == f"{W}sdtPr" and any(each.find(t) is not None for t in _FORM_FIELDS)
            ):
                self.counts["form_fields"] += 1
            if each.tag == f"{W}r" and is_on(each.find(f"{W}rPr/{W}strike")) and words_of(each).strip():
                self.counts["struck"] += 1
            if each.tag in same:
                each.tag = f"{W}{same[each.tag]}"
            if each.text and MARKS.search(each.text):
                each.text = MARKS.sub("", each.text)

    def _lift_text_boxes(self) -> None:
        """What stands in a text box comes after the paragraph the box hangs on."""
        for _round in range(5):
            parents = self._parents()
            boxes = [each for each in self.root.iter(f"{MC}AlternateContent") if _box_of(each) is not None]
            inside = {inner for box in boxes for inner in box.iter() if inner is not box}
            boxes = [box for box in boxes if box not in inside]
            inside = {inner for box in boxes for inner in box.iter()}
            boxes += [
                each
                for tag in (f"{W}drawing", f"{W}pict")
                for each in self.root.iter(tag)
                if each not in inside and _box_of(each) is not None
            ]
            if not boxes:
                return
            for box in boxes:
                contents = list(box.iter(f"{W}txbxContent"))
                if box.tag == f"{MC}AlternateContent":  # the same twice: for new programs, and for old ones
                    choice = box.find(f"{MC}Choice")
                    here = list(choice.iter(f"{W}txbxContent")) if choice is not None else []
                    contents = here or contents
                nested = {inner for each in contents for inner in each.iter(f"{W}txbxContent") if inner is not each}
                blocks = [block for each in contents if each not in nested for block in each]
                self._move_behind(box, blocks, parents)

    def _move_behind(self, box: ET.Element, blocks: list[ET.Element], parents: dict[ET.Element, ET.Element]) -> None:
        paragraph = box
        while paragraph.tag != f"{W}p" and paragraph in parents:
            paragraph = parents[paragraph]
        holder = parents.get(paragraph)
        parents[box].remove(box)
        if holder is None:
            return
        if any(words_of(block).strip() for block in blocks):
            self.counts["text_boxes"] += 1
        at = list(holder).index(paragraph) + 1
        for offset, block in enumerate(blocks):
            holder.insert(at + offset, block)

    def _replace(self) -> None:
        parents = self._parents()
        for each in list(self.root.iter()):
            parent = parents.get(each)
            if parent is None:
                continue
            if each.tag == f"{W}r" and is_on(each.find(f"{W}rPr/{W}vanish")):
                if words_of(each).strip():
                    self.counts["hidden"] += 1
                drop(parent, each)
            elif each.tag in (f"{M}oMathPara", f"{M}oMath"):
                if parent.tag == f"{M}oMathPara":
                    continue
                self.counts["equations"] += 1
                swap(parent, each, new_run(_formula(each)))
            elif each.tag in (f"{W}altChunk", f"{W}subDoc"):
                self.counts["parts"] += 1
                swap(parent, each, new_paragraph(_left_out("parts")))
            elif each.tag == f"{W}sdt":
                self._content_control(parent, each)
            elif each.tag == f"{W}object":
                self._object(parent, each)
            elif each.tag in (f"{W}drawing", f"{W}pict"):
                self._drawing(parent, each)
            elif each.tag == f"{W}hyperlink" and each.get(f"{R}id") not in (None, *self.relations):
                del each.attrib[f"{R}id"]

    def _content_control(self, parent: ET.Element, each: ET.Element) -> None:
        gallery = each.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and "contents" in gallery.get(f"{W}val", "").lower():
            drop(parent, each)  # the page makes its own table of contents
            return
        about = each.find(f"{W}sdtPr")
        box = about.find(f"{W14}checkbox") if about is not None else None
        if about is not None and box is not None:
            about.remove(box)  # the box stands as a sign in the text, ticked or not

    def _object(self, parent: ET.Element, each: ET.Element) -> None:
        self.counts["objects"] += 1
        shown = each.find(f".//{V}imagedata")
        if shown is None or not self._is_shown(shown.get(f"{R}id")):
            swap_inside(parent, each, _left_out("objects"))

    def _drawing(self, parent: ET.Element, each: ET.Element) -> None:
        """A picture stays; a chart, a diagram, an arrow or a picture that lies elsewhere is counted."""
        uris = [data.get("uri", "") for data in each.iter(f"{A}graphicData")]
        if any(uri.endswith(("/chart", "/chartex")) for uri in uris):
            self.counts["charts"] += 1
            return swap_inside(parent, each, _left_out("charts"))
        if any(uri.endswith("/diagram") for uri in uris):
            self.counts["diagrams"] += 1
            return swap_inside(parent, each, _left_out("diagrams"))
        blips = [(blip.get(f"{R}embed"), blip.get(f"{R}link")) for blip in each.iter(f"{A}blip")]
        blips += [(data.get(f"{R}id"), data.get(f"{R}href")) for data in each.iter(f"{V}imagedata")]
        if not blips:
            if each.find(f".//{V}line") is not None or each.find(f".//{V}shape") is not None or uris:
                self.counts["drawings"] += 1
            return drop(parent, each)
        if any(self._is_there(embedded) for embedded, _linked in blips):
            for blip in [*each.iter(f"{A}blip"), *each.iter(f"{V}imagedata")]:
                for name in (f"{R}link", f"{R}href"):
                    blip.attrib.pop(name, None)
                for name in (f"{R}embed", f"{R}id"):
                    if blip.get(name) and not self._is_there(blip.get(name)):
                        del blip.attrib[name]
            return None
        outside = [key for pair in blips for key in pair if key in self.relations and self.relations[key][2]]
        self.counts["linked_pictures" if outside else "pictures"] += 1
        return swap_inside(parent, each, _left_out("pictures"))

    def _is_there(self, key: str | None) -> bool:
        if key not in self.relations:
            return False
        _kind, target, outside = self.relations[key]
        return not outside and resolved(self.folder, target) in self.archive.NameToInfo

    def _is_shown(self, key: str | None) -> bool:
        return self._is_there(key) and key is not None and self.relations[key][1].lower().endswith(_SHOWN_PICTURES)

    def _paragraphs(self) -> None:
        paragraphs = list(self.root.iter(f"{W}p"))
        headings = 0
        plain: list[ET.Element] = []
        for paragraph in paragraphs:
            style = value_of(paragraph, "pPr/pStyle")
            level = self.styles.heading(style) if style else None
            outline = value_of(paragraph, "pPr/outlineLvl")
            if level is None and outline.isdecimal() and int(outline) < 9:
                level = int(outline) + 1
            number = self._numbered(paragraph, style)
            if level is not None:
                headings += level > 0 and bool(words_of(paragraph).strip())
                set_style(paragraph, "LosTitle" if level == 0 else f"LosHeading{min(level, 3)}")
                without_number(paragraph)
                if level and number is not None and number[0].format not in _UNNUMBERED and number[2]:
                    begin_with(paragraph, f"{number[2]} ")
            elif number is not None and number[0].format not in _UNNUMBERED:
                kind = _LETTERED.get(number[0].format, "1")
                begin_with(paragraph, f"{BEGIN}n{kind}{number[1]}{END}")
            elif number is None:
                plain.append(paragraph)
        if not headings and not self.has_headings:
            self._bold_as_headings(plain)

    def _numbered(self, paragraph: ET.Element, style: str) -> tuple[Level, int, str] | None:
        """Its number, and the number written where mammoth looks for it though it comes from the style."""
        direct = paragraph.find(f"{W}pPr/{W}numPr")
        inherited = self.styles.number(style) if style else None
        if direct is None and inherited is None:
            if style not in self.numbering.by_style:
                return None
            key, index = self.numbering.by_style[style]
        else:
            key = (value_of(direct, "numId") if direct is not None else "") or (
                value_of(inherited, "numId") if inherited is not None else ""
            )
            level = (value_of(direct, "ilvl") if direct is not None else "") or (
                value_of(inherited, "ilvl") if inherited is not None else ""
            )
            by_style = self.numbering.by_style.get(style)
            index = plain_number(level) if level or by_style is None else by_style[1]
        if key in ("", "0") or not words_of(paragraph).strip():
            return None
        counted = self.numbering.next(key, index)
        if counted is not None:
            without_number(paragraph)
            properties = properties_of(paragraph)
            about = ET.SubElement(properties, f"{W}numPr")
            ET.SubElement(about, f"{W}ilvl", {f"{W}val": str(index)})
            ET.SubElement(about, f"{W}numId", {f"{W}val": key})
        return counted

    def _bold_as_headings(self, plain: list[ET.Element]) -> None:
        """Where nobody used headings: short lines in bold with something else after them."""
        body = self.root.find(f"{W}body")
        if body is None:
            return
        blocks = list(body)
        candidates = set(plain)
        chosen: list[ET.Element] = []
        for index, block in enumerate(blocks[:-1]):
            if block in candidates and self._stands_out(block):
                after = next((each for each in blocks[index + 1 :] if words_of(each).strip()), None)
                if after is not None and after.tag in (f"{W}p", f"{W}tbl"):
                    chosen.append(block)
        if len(chosen) < 2:
            return
        self.counts["bold_headings"] = len(chosen)
        for block in chosen:
            set_style(block, "LosHeading1")
            for run in block.iter(f"{W}rPr"):
                for bold in run.findall(f"{W}b"):
                    run.remove(bold)

    def _stands_out(self, paragraph: ET.Element) -> bool:
        said = words_of(paragraph).strip()
        if not 2 <= len(said) <= 80 or said.endswith((".", ",", ";")):
            return False
        return self._all_bold(paragraph)

    def _all_bold(self, holder: ET.Element) -> bool:
        runs = [run for run in holder.iter(f"{W}r") if words_of(run).strip()]
        if not runs:
            return False
        paragraph_styles = {value_of(each, "pPr/pStyle") for each in holder.iter(f"{W}p")}
        by_style = bool(paragraph_styles) and all(style and self.styles.is_bold(style) for style in paragraph_styles)
        for run in runs:
            bold = run.find(f"{W}rPr/{W}b")
            character = value_of(run, "rPr/rStyle")
            if bold is None and not by_style and not (character and self.styles.is_bold(character)):
                return False
            if bold is not None and not is_on(bold):
                return False
        return True

    def _header_row(self, table: ET.Element) -> None:
        """Says which row is the head of the table where Word only shows it."""
        rows = table.findall(f"{W}tr")
        if len(rows) < 2 or rows[0].find(f"{W}trPr/{W}tblHeader") is not None:
            return
        look = table.find(f"{W}tblPr/{W}tblLook")
        first = look is not None and (
            look.get(f"{W}firstRow") in ("1", "true")
            or bool(int(look.get(f"{W}val", "0"), 16) & 0x20 if _is_hex(look.get(f"{W}val")) else 0)
        )
        styled = first and self.styles.begins_with_header(value_of(table, "tblPr/tblStyle"))
        if styled or (self._looks_like_head(rows[0]) and not self._looks_like_head(rows[1])):
            properties = rows[0].find(f"{W}trPr")
            if properties is None:
                properties = ET.Element(f"{W}trPr")
                rows[0].insert(0, properties)
            ET.SubElement(properties, f"{W}tblHeader")

    def _looks_like_head(self, row: ET.Element) -> bool:
        cells = row.findall(f"{W}tc")
        if len(cells) < 2 or not all(words_of(cell).strip() for cell in cells):
            return False
        shades = [cell.find(f"{W}tcPr/{W}shd") for cell in cells]
        shaded = all(s is not None and s.get(f"{W}fill", "auto").lower() not in ("auto", "ffffff", "") for s in shades)
        return shaded or all(self._all_bold(cell) for cell in cells)


def _is_hex(text: str | None) -> bool:
    return bool(text) and re.fullmatch(r"[0-9A-Fa-f]{1,8}", text or "") is not None


def _box_of(element: ET.Element) -> ET.Element | None:
    """The first text of a text box in it."""
    return next(iter(element.iter(f"{W}txbxContent")), None)


def _left_out(what: str) -> str:
    return f"{BEGIN}x{what}{END}"


# Equations -----------------------------------------------------------------------------------------------------------


def _formula(element: ET.Element) -> str:
    """An equation on one line: (a + b)/(2), x^(2), √(y)."""

    def part(parent: ET.Element, name: str) -> str:
        found = parent.find(f"{M}{name}")
        return _formula(found) if found is not None else ""

    name = element.tag.rpartition("}")[2]
    if name == "t":
        return element.text or ""
    if name == "f":
        return f"({part(element, 'num')})/({part(element, 'den')})"
    if name == "sSup":
        return f"{part(element, 'e')}^({part(element, 'sup')})"
    if name == "sSub":
        return f"{part(element, 'e')}_({part(element, 'sub')})"
    if name == "sSubSup":
        return f"{part(element, 'e')}_({part(element, 'sub')})^({part(element, 'sup')})"
    if name == "rad":
        degree = part(element, "deg")
        return f"{f'^({degree})' if degree else ''}√({part(element, 'e')})"
    if name == "nary":
        sign = element.find(f"{M}naryPr/{M}chr")
        written = sign.get(f"{M}val", "∫") if sign is not None else "∫"
        return f"{written}_({part(element, 'sub')})^({part(element, 'sup')}) {part(element, 'e')}"
    if name == "d":
        return f"({', '.join(_formula(each) for each in element.findall(f'{M}e'))})"
    if name.endswith("Pr"):
        return ""
    return "".join(_formula(child) for child in element)
