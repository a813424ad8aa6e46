"""A Word file made ready for mammoth: what it would misread is written otherwise, what can't be kept is counted.

Runs in the reader's process alone (``extraction``). What comes out is a new package with nothing in it but text,
lists, styles, notes and the pictures the text shows: no macro, no template, no part that points elsewhere.
"""

from __future__ import annotations

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# Marks for whoever cleans the HTML; no text has these characters (they are taken out of it first).
BEGIN, END = "\ue001", "\ue002"
NUMBERED = re.compile(f"{BEGIN}n([aAiI1])(\\d+){END}")
LEFT_OUT = re.compile(f"{BEGIN}x(\\w+){END}")
MARKS = re.compile("[\ue001\ue002]")

_OPEN = "http://schemas.openxmlformats.org"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": f"{_OPEN}/wordprocessingml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": f"{_OPEN}/officeDocument/2006/relationships".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": (
        f"{_OPEN}/drawingml/2006/wordprocessingDrawing".encode()
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": f"{_OPEN}/drawingml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/picture": f"{_OPEN}/drawingml/2006/picture".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/chart": f"{_OPEN}/drawingml/2006/chart".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/diagram": f"{_OPEN}/drawingml/2006/diagram".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": f"{_OPEN}/officeDocument/2006/math".encode(),
}
W = f"{{{_OPEN}/wordprocessingml/2006/main}}"
R = f"{{{_OPEN}/officeDocument/2006/relationships}}"
_A = f"{{{_OPEN}/drawingml/2006/main}}"
_M = f"{{{_OPEN}/officeDocument/2006/math}}"
_MC = f"{{{_OPEN}/markup-compatibility/2006}}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_V = "{urn:schemas-microsoft-com:vml}"
_CT = f"{{{_OPEN}/package/2006/content-types}}"
_REL = f"{{{_OPEN}/package/2006/relationships}}"
_DC, _DCTERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"
_CP = f"{{{_OPEN}/package/2006/metadata/core-properties}}"

_SHOWN_PICTURES = (".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_REMOTE = re.compile(r"^\s*(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|DDE|DDEAUTO|LINK|DATABASE)\b", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|overskrift)\s*([1-9])\b", re.IGNORECASE)
_TITLES = frozenset({"title", "tittel"})
_LETTERED = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_UNNUMBERED = frozenset({"bullet", "none", ""})
_FORM_FIELDS = (f"{W}dropDownList", f"{W}comboBox", f"{W}date", f"{W}text", f"{_W14}checkbox")
_SAID_IN_FULL = 200  # characters of a line that guesses are made from
_ROWS, _CELLS, _LINES = 20, 10, 60
_DEEPEST = 200  # elements inside each other; Word itself stops long before


@dataclass
class Prepared:
    """The package mammoth is to read; what couldn't be kept; what title, owner and dates may be guessed from."""

    data: bytes
    counts: Counter[str]
    properties: dict[str, str]
    tables: list[list[list[str]]] = field(default_factory=list)  # the first ones, row by row
    lines: list[str] = field(default_factory=list)  # of heads and feet of the pages, and the first of the text


def prepare(archive: zipfile.ZipFile) -> Prepared:
    """Raises ``ValueError``, ``KeyError`` or what zipfile and expat raise for what is no Word file."""
    return _Package(archive).prepared()


def part_of(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """An XML part with the names of Word's usual dialect; None where there is none."""
    try:
        content = archive.read(name)
    except KeyError:
        return None
    for strict, usual in _STRICT.items():
        content = content.replace(strict, usual)
    root = ET.fromstring(content)  # noqa: S314 - without document types, and no larger than a text: see extraction
    level = [root]
    for _depth in range(_DEEPEST):
        level = [child for each in level for child in each]
    if level:
        raise ValueError("more elements inside each other than a text has")
    return root


def main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part with the text; word/document.xml nearly always."""
    root = part_of(archive, "_rels/.rels")
    for each in root if root is not None else ():
        if each.get("Type", "").endswith("/officeDocument"):
            name = posixpath.normpath(each.get("Target", "").lstrip("/"))
            if name in archive.NameToInfo:
                return name
    return "word/document.xml"


class _Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.counts: Counter[str] = Counter()
        self.main = main_part(archive)
        self.folder = posixpath.dirname(self.main)
        if self.main not in archive.NameToInfo:
            raise KeyError(self.main)
        self.relations = self._relations_of(self.main)
        self.styles = _Styles(self._related("styles", "styles.xml"))
        self.numbering = _Numbering(self._related("numbering", "numbering.xml"), self.styles)

    def prepared(self) -> Prepared:
        names = self.archive.namelist()
        lowered = [name.lower() for name in names]
        self.counts["macros"] = sum(name.endswith("vbaproject.bin") for name in lowered)
        main = part_of(self.archive, self.main)
        assert main is not None
        parts = {self.main: main}
        for kind in ("footnotes", "endnotes"):
            name = self._target(kind, f"{kind}.xml")
            root = part_of(self.archive, name)
            if root is not None:
                parts[name] = root
        about = self._about(main)
        pictures: set[str] = set()
        rels: dict[str, bytes] = {}
        for name, root in parts.items():
            relations = self._relations_of(name)
            body = _Body(root, self, relations, has_headings=name != self.main)
            body.prepare()
            rels[name], shown = _kept_relations(root, relations, posixpath.dirname(name), self.archive)
            pictures |= shown
        comments = main.iter(f"{W}commentReference")
        self.counts["comments"] = sum(1 for _each in comments)
        return Prepared(self._packed(parts, rels, pictures), +self.counts, self._properties(), *about)

    def _relations_of(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Id: kind, target, whether it is outside the file."""
        folder, name = posixpath.split(part)
        root = part_of(self.archive, posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                each.get("Target", ""),
                each.get("TargetMode") == "External",
            )
            for each in (root if root is not None else ())
        }

    def _target(self, kind: str, usual: str) -> str:
        for of_kind, target, outside in self.relations.values():
            if of_kind == kind and not outside:
                return resolved(self.folder, target)
        return posixpath.join(self.folder, usual)

    def _related(self, kind: str, usual: str) -> ET.Element | None:
        return part_of(self.archive, self._target(kind, usual))

    def _about(self, main: ET.Element) -> tuple[list[list[list[str]]], list[str]]:
        """The first tables and lines, page heads before the text; counts heads and feet that say something."""
        tables: list[list[list[str]]] = []
        lines: list[str] = []
        seen: set[str] = set()
        for kind, target, outside in self.relations.values():
            if kind not in ("header", "footer") or outside:
                continue
            root = part_of(self.archive, resolved(self.folder, target))
            if root is None:
                continue
            said = " ".join(words_of(root).split())
            if said in seen or len(re.sub(r"\bSide\b|\bPage\b|\bav\b|\bof\b|[\W\d_]", "", said)) < 2:
                continue
            seen.add(said)
            self.counts["heads"] += 1
            tables += [_rows(table) for table in root.iter(f"{W}tbl")]
            lines += [line for each in root.iter(f"{W}p") if (line := _line(each))]
        heads, lines = lines[:_LINES], []
        for index, table in enumerate(main.iter(f"{W}tbl")):
            if index == 4:
                break
            tables.append(_rows(table))
        for each in main.iter(f"{W}p"):
            if line := _line(each):
                lines.append(line)
            if len(lines) == _LINES:
                break
        return tables[:12], heads + lines

    def _properties(self) -> dict[str, str]:
        found: dict[str, str] = {}
        core = part_of(self.archive, "docProps/core.xml")
        wanted = {
            f"{_DC}title": "title", f"{_DC}creator": "creator", f"{_CP}lastModifiedBy": "modified_by",
            f"{_DCTERMS}modified": "modified", f"{_CP}category": "category", f"{_CP}version": "version",
            f"{_DC}subject": "subject",
        }  # fmt: skip
        for each in core if core is not None else ():
            if (name := wanted.get(each.tag)) and each.text and each.text.strip():
                found[name] = each.text.strip()[:_SAID_IN_FULL]
        custom = part_of(self.archive, "docProps/custom.xml")
        for each in list(custom if custom is not None else ())[:50]:
            value = "".join(each.itertext()).strip()
            if value and each.get("name"):
                found[f"custom:{each.get('name')}"[:80]] = value[:_SAID_IN_FULL]
        return found

    def _packed(self, parts: dict[str, ET.Element], rels: dict[str, bytes], pictures: set[str]) -> bytes:
        """A package with these parts alone."""
        result = io.BytesIO()
        styles = self._target("styles", "styles.xml")
        numbering = self._target("numbering", "numbering.xml")
        with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
            target.writestr("[Content_Types].xml", _content_types(self.archive, pictures))
            kind = f"{_OPEN}/officeDocument/2006/relationships/officeDocument"
            target.writestr("_rels/.rels", _relations_xml([("r1", kind, self.main, False)]))
            for name, root in parts.items():
                target.writestr(name, ET.tostring(root))
                folder, file = posixpath.split(name)
                content = rels[name]
                if name == self.main:
                    content = _with_parts(content, self.folder, [styles, numbering, *parts])
                target.writestr(posixpath.join(folder, "_rels", f"{file}.rels"), content)
            for name in (styles, numbering):
                if (part := part_of(self.archive, name)) is not None:
                    target.writestr(name, ET.tostring(part))
            for name in sorted(pictures):
                target.writestr(name, self.archive.read(name))
        return result.getvalue()


def resolved(folder: str, target: str) -> str:
    """The name of a part that is pointed to from a part in the folder."""
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def words_of(element: ET.Element) -> str:
    return "".join(
        each.text or "" if each.tag == f"{W}t" else " " if each.tag in (f"{W}tab", f"{W}br", f"{W}p", f"{W}tc") else ""
        for each in element.iter()
    )


def _line(paragraph: ET.Element) -> str:
    return " ".join(words_of(paragraph).split())[:_SAID_IN_FULL]


def _rows(table: ET.Element) -> list[list[str]]:
    rows = [[_line(cell) for cell in row.findall(f"{W}tc")[:_CELLS]] for row in table.findall(f"{W}tr")[:_ROWS]]
    return [row for row in rows if any(row)]


def _content_types(archive: zipfile.ZipFile, pictures: set[str]) -> bytes:
    root = part_of(archive, "[Content_Types].xml")
    known = {
        (each.get("Extension") or each.get("PartName") or "").lower(): each.get("ContentType", "")
        for each in (root if root is not None else ())
    }
    result = ET.Element(f"{_CT}Types")
    ET.SubElement(result, f"{_CT}Default", Extension="xml", ContentType="application/xml")
    for name in sorted(pictures):
        ending = name.rpartition(".")[2].lower()
        kind = known.get(f"/{name}".lower()) or known.get(ending) or f"image/{ending}"
        ET.SubElement(result, f"{_CT}Override", PartName=f"/{name}", ContentType=kind)
    return ET.tostring(result)


def _relations_xml(relations: list[tuple[str, str, str, bool]]) -> bytes:
    root = ET.Element(f"{_REL}Relationships")
    for key, kind, target, outside in relations:
        each = ET.SubElement(root, f"{_REL}Relationship", Id=key, Type=kind, Target=target)
        if outside:
            each.set("TargetMode", "External")
    return ET.tostring(root)


def _with_parts(relations: bytes, folder: str, names: list[str]) -> bytes:
    """Where the main part finds styles, numbering and notes again, whatever these are called."""
    root = ET.fromstring(relations)  # noqa: S314 - our own
    for number, name in enumerate(names):
        for kind in ("styles", "numbering", "footnotes", "endnotes"):
            if kind in posixpath.basename(name).lower():
                type_ = f"{_OPEN}/officeDocument/2006/relationships/{kind}"
                target = posixpath.relpath(name, folder or ".")
                ET.SubElement(root, f"{_REL}Relationship", Id=f"losPart{number}", Type=type_, Target=target)
    return ET.tostring(root)


def _kept_relations(
    root: ET.Element, relations: dict[str, tuple[str, str, bool]], folder: str, archive: zipfile.ZipFile
) -> tuple[bytes, set[str]]:
    """Links (nobody follows them here) and the pictures the part shows; of all else the text may point to, nothing."""
    kept: list[tuple[str, str, str, bool]] = []
    pictures: set[str] = set()
    used = {value for each in root.iter() for name, value in each.attrib.items() if name.startswith(R)}
    for key, (kind, target, outside) in relations.items():
        if key not in used or kind not in ("hyperlink", "image"):
            continue
        if kind == "image":
            name = resolved(folder, target)
            if outside or name not in archive.NameToInfo:
                continue
            pictures.add(name)
        kept.append((key, f"{_OPEN}/officeDocument/2006/relationships/{kind}", target, outside))
    return _relations_xml(kept), pictures


# Styles and numbers --------------------------------------------------------------------------------------------------


class _Styles:
    """Paragraph styles by id, each with those it is based on."""

    def __init__(self, root: ET.Element | None) -> None:
        self.by_id: dict[str, ET.Element] = {}
        self.default = ""
        for style in root.findall(f"{W}style") if root is not None else ():
            key = style.get(f"{W}styleId", "")
            self.by_id[key] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self.default = key

    def chain(self, key: str) -> Iterator[ET.Element]:
        seen: set[str] = set()
        while key in self.by_id and key not in seen and len(seen) < 20:
            seen.add(key)
            style = self.by_id[key]
            yield style
            key = value_of(style, "basedOn")

    def heading(self, key: str) -> int | None:
        """0 for a title, 1–9 for headings by name or outline level, None for the rest."""
        for style in self.chain(key):
            name = value_of(style, "name").strip()
            if name.casefold() in _TITLES:
                return 0
            if found := _HEADING.fullmatch(name.split(",")[0]):
                return int(found[1])
            if (level := value_of(style, "pPr/outlineLvl")).isdecimal() and int(level) < 9:
                return int(level) + 1
        return None

    def number(self, key: str) -> ET.Element | None:
        for style in self.chain(key):
            if (found := style.find(f"{W}pPr/{W}numPr")) is not None:
                return found
        return None

    def is_bold(self, key: str) -> bool:
        return next((is_on(bold) for s in self.chain(key) if (bold := s.find(f"{W}rPr/{W}b")) is not None), False)

    def begins_with_header(self, key: str) -> bool:
        """Whether a table style makes the first row another."""
        return any(
            part.get(f"{W}type") == "firstRow" for style in self.chain(key) for part in style.iter(f"{W}tblStylePr")
        )


def value_of(element: ET.Element, path: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return found.get(f"{W}val", "") if found is not None else ""


def is_on(element: ET.Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


@dataclass
class _Level:
    format: str
    start: int
    text: str
    style: str


class _Numbering:
    """Counts as Word does: lists of one make go on from each other, a deeper level begins anew."""

    def __init__(self, root: ET.Element | None, styles: _Styles) -> None:
        self.kinds: dict[str, dict[int, _Level]] = {}
        self.lists: dict[str, tuple[str, dict[int, int]]] = {}
        self.by_style: dict[str, tuple[str, int]] = {}
        self.counted: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        links: dict[str, str] = {}
        made: dict[str, str] = {}
        for kind in root.findall(f"{W}abstractNum") if root is not None else ():
            key = kind.get(f"{W}abstractNumId", "")
            self.kinds[key] = {_number(level.get(f"{W}ilvl")): _level(level) for level in kind.findall(f"{W}lvl")}
            if link := value_of(kind, "numStyleLink"):
                links[key] = link
            if style := value_of(kind, "styleLink"):
                made[style] = key
        for key, style in links.items():
            self.kinds[key] = self.kinds.get(made.get(style, ""), self.kinds[key])
        for each in root.findall(f"{W}num") if root is not None else ():
            key, kind_key = each.get(f"{W}numId", ""), value_of(each, "abstractNumId")
            starts = {
                _number(over.get(f"{W}ilvl")): _number(value)
                for over in each.findall(f"{W}lvlOverride")
                if (value := value_of(over, "startOverride"))
            }
            self.lists[key] = (kind_key, starts)
            for index, level in self.kinds.get(kind_key, {}).items():
                if level.style:
                    self.by_style.setdefault(level.style, (key, index))

    def next(self, key: str, index: int) -> tuple[_Level, int, str] | None:
        """The level, its number and how Word writes it; None for what isn't numbered."""
        if key not in self.lists:
            return None
        kind, starts = self.lists[key]
        levels = self.kinds.get(kind, {})
        level = levels.get(index)
        if level is None:
            return None
        counted = self.counted.setdefault(kind, {})
        if index in starts and (key, index) not in self.begun:
            counted[index] = starts[index]
        elif index in counted:
            counted[index] += 1
        else:
            counted[index] = level.start
        self.begun.add((key, index))
        for deeper in [each for each in counted if each > index]:
            del counted[deeper]

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            above = levels.get(at)
            number = counted.get(at, above.start if above else 1)
            return _as(above.format if above else "decimal", number)

        return level, counted[index], re.sub(r"%([1-9])", written, level.text).strip()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _level(element: ET.Element) -> _Level:
    start = value_of(element, "start")
    return _Level(
        value_of(element, "numFmt") or "decimal",
        _number(start) if start else 1,
        value_of(element, "lvlText"),
        value_of(element, "pStyle"),
    )


def _as(format: str, number: int) -> str:
    if format in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letters if format == "lowerLetter" else letters.upper()
    if format in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, sign in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
            strict=True,
        ):
            count, number = divmod(number, value)
            roman += sign * count
        return roman if format == "lowerRoman" else roman.upper()
    return str(number)


# The text ------------------------------------------------------------------------------------------------------------


class _Body:
    """One part with text, changed where it stands."""

    def __init__(
        self, root: ET.Element, package: _Package, relations: dict[str, tuple[str, str, bool]], *, has_headings: bool
    ) -> None:
        self.root, self.package, self.relations = root, package, relations
        self.counts, self.styles, self.numbering = package.counts, package.styles, package.numbering
        self.has_headings = has_headings  # notes have none, and need none
        self.folder = package.folder

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
            boxes = [each for each in self.root.iter(f"{_MC}AlternateContent") if _box_of(each) is not None]
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
                if box.tag == f"{_MC}AlternateContent":  # the same twice: for new programs, and for old ones
                    choice = box.find(f"{_MC}Choice")
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
                _drop(parent, each)
            elif each.tag in (f"{_M}oMathPara", f"{_M}oMath"):
                if parent.tag == f"{_M}oMathPara":
                    continue
                self.counts["equations"] += 1
                _swap(parent, each, _run(_formula(each)))
            elif each.tag in (f"{W}altChunk", f"{W}subDoc"):
                self.counts["parts"] += 1
                _swap(parent, each, _paragraph(_left_out("parts")))
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
            _drop(parent, each)  # the page makes its own table of contents
            return
        about = each.find(f"{W}sdtPr")
        box = about.find(f"{_W14}checkbox") if about is not None else None
        if about is not None and box is not None:
            about.remove(box)  # the box stands as a sign in the text, ticked or not

    def _object(self, parent: ET.Element, each: ET.Element) -> None:
        self.counts["objects"] += 1
        shown = each.find(f".//{_V}imagedata")
        if shown is None or not self._is_shown(shown.get(f"{R}id")):
            _swap_inside(parent, each, _left_out("objects"))

    def _drawing(self, parent: ET.Element, each: ET.Element) -> None:
        """A picture stays; a chart, a diagram, an arrow or a picture that lies elsewhere is counted."""
        uris = [data.get("uri", "") for data in each.iter(f"{_A}graphicData")]
        if any(uri.endswith(("/chart", "/chartex")) for uri in uris):
            self.counts["charts"] += 1
            return _swap_inside(parent, each, _left_out("charts"))
        if any(uri.endswith("/diagram") for uri in uris):
            self.counts["diagrams"] += 1
            return _swap_inside(parent, each, _left_out("diagrams"))
        blips = [(blip.get(f"{R}embed"), blip.get(f"{R}link")) for blip in each.iter(f"{_A}blip")]
        blips += [(data.get(f"{R}id"), data.get(f"{R}href")) for data in each.iter(f"{_V}imagedata")]
        if not blips:
            if each.find(f".//{_V}line") is not None or each.find(f".//{_V}shape") is not None or uris:
                self.counts["drawings"] += 1
            return _drop(parent, each)
        if any(self._is_there(embedded) for embedded, _linked in blips):
            for blip in [*each.iter(f"{_A}blip"), *each.iter(f"{_V}imagedata")]:
                for name in (f"{R}link", f"{R}href"):
                    blip.attrib.pop(name, None)
                for name in (f"{R}embed", f"{R}id"):
                    if blip.get(name) and not self._is_there(blip.get(name)):
                        del blip.attrib[name]
            return None
        outside = [key for pair in blips for key in pair if key in self.relations and self.relations[key][2]]
        self.counts["linked_pictures" if outside else "pictures"] += 1
        return _swap_inside(parent, each, _left_out("pictures"))

    def _is_there(self, key: str | None) -> bool:
        if key not in self.relations:
            return False
        _kind, target, outside = self.relations[key]
        return not outside and resolved(self.folder, target) in self.package.archive.NameToInfo

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
                _set_style(paragraph, "LosTitle" if level == 0 else f"LosHeading{min(level, 3)}")
                _without_number(paragraph)
                if level and number is not None and number[0].format not in _UNNUMBERED and number[2]:
                    _begin_with(paragraph, f"{number[2]} ")
            elif number is not None and number[0].format not in _UNNUMBERED:
                kind = _LETTERED.get(number[0].format, "1")
                _begin_with(paragraph, f"{BEGIN}n{kind}{number[1]}{END}")
            elif number is None:
                plain.append(paragraph)
        if not headings and not self.has_headings:
            self._bold_as_headings(plain)

    def _numbered(self, paragraph: ET.Element, style: str) -> tuple[_Level, int, str] | None:
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
            index = _number(level) if level or by_style is None else by_style[1]
        if key in ("", "0") or not words_of(paragraph).strip():
            return None
        counted = self.numbering.next(key, index)
        if counted is not None:
            _without_number(paragraph)
            properties = _properties_of(paragraph)
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
            _set_style(block, "LosHeading1")
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


def _run(text: str) -> ET.Element:
    run = ET.Element(f"{W}r")
    ET.SubElement(run, f"{W}t").text = text
    return run


def _paragraph(text: str) -> ET.Element:
    paragraph = ET.Element(f"{W}p")
    paragraph.append(_run(text))
    return paragraph


def _drop(parent: ET.Element, child: ET.Element) -> None:
    if child in list(parent):
        parent.remove(child)


def _swap(parent: ET.Element, child: ET.Element, other: ET.Element) -> None:
    children = list(parent)
    if child in children:
        parent[children.index(child)] = other


def _swap_inside(parent: ET.Element, child: ET.Element, text: str) -> None:
    """Within a run only text may stand."""
    piece = ET.Element(f"{W}t")
    piece.text = text
    _swap(parent, child, piece if parent.tag == f"{W}r" else _run(text))


def _properties_of(paragraph: ET.Element) -> ET.Element:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = ET.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties


def _set_style(paragraph: ET.Element, style: str) -> None:
    properties = _properties_of(paragraph)
    for old in properties.findall(f"{W}pStyle"):
        properties.remove(old)
    properties.insert(0, ET.Element(f"{W}pStyle", {f"{W}val": style}))


def _without_number(paragraph: ET.Element) -> None:
    properties = _properties_of(paragraph)
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)


def _begin_with(paragraph: ET.Element, text: str) -> None:
    piece = _run(text)
    piece[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0, piece)


# Equations -----------------------------------------------------------------------------------------------------------


def _formula(element: ET.Element) -> str:
    """An equation on one line: (a + b)/(2), x^(2), √(y)."""

    def part(parent: ET.Element, name: str) -> str:
        found = parent.find(f"{_M}{name}")
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
        sign = element.find(f"{_M}naryPr/{_M}chr")
        written = sign.get(f"{_M}val", "∫") if sign is not None else "∫"
        return f"{written}_({part(element, 'sub')})^({part(element, 'sup')}) {part(element, 'e')}"
    if name == "d":
        return f"({', '.join(_formula(each) for each in element.findall(f'{_M}e'))})"
    if name.endswith("Pr"):
        return ""
    return "".join(_formula(child) for child in element)
