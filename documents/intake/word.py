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
from dataclasses import dataclass, field

from documents.intake.word_body import Body
from documents.intake.word_styles import Numbering, Styles
from documents.intake.word_xml import CT, OPEN, REL, R, W, main_part, part_of, resolved, words_of

_DC, _DCTERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"
_CP = f"{{{OPEN}/package/2006/metadata/core-properties}}"
_SAID_IN_FULL = 200  # characters of a line that guesses are made from
_ROWS, _CELLS, _LINES = 20, 10, 60


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


class _Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.counts: Counter[str] = Counter()
        self.main = main_part(archive)
        self.folder = posixpath.dirname(self.main)
        if self.main not in archive.NameToInfo:
            raise KeyError(self.main)
        self.relations = self._relations_of(self.main)
        self.styles = Styles(self._related("styles", "styles.xml"))
        self.numbering = Numbering(self._related("numbering", "numbering.xml"), self.styles)

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
            Body(
                root,
                relations,
                archive=self.archive,
                folder=self.folder,
                counts=self.counts,
                styles=self.styles,
                numbering=self.numbering,
                has_headings=name != self.main,
            ).prepare()
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
            kind = f"{OPEN}/officeDocument/2006/relationships/officeDocument"
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
    result = ET.Element(f"{CT}Types")
    ET.SubElement(result, f"{CT}Default", Extension="xml", ContentType="application/xml")
    for name in sorted(pictures):
        ending = name.rpartition(".")[2].lower()
        kind = known.get(f"/{name}".lower()) or known.get(ending) or f"image/{ending}"
        ET.SubElement(result, f"{CT}Override", PartName=f"/{name}", ContentType=kind)
    return ET.tostring(result)


def _relations_xml(relations: list[tuple[str, str, str, bool]]) -> bytes:
    root = ET.Element(f"{REL}Relationships")
    for key, kind, target, outside in relations:
        each = ET.SubElement(root, f"{REL}Relationship", Id=key, Type=kind, Target=target)
        if outside:
            each.set("TargetMode", "External")
    return ET.tostring(root)


def _with_parts(relations: bytes, folder: str, names: list[str]) -> bytes:
    """Where the main part finds styles, numbering and notes again, whatever these are called."""
    root = ET.fromstring(relations)  # noqa: S314 - our own
    for number, name in enumerate(names):
        for kind in ("styles", "numbering", "footnotes", "endnotes"):
            if kind in posixpath.basename(name).lower():
                type_ = f"{OPEN}/officeDocument/2006/relationships/{kind}"
                target = posixpath.relpath(name, folder or ".")
                ET.SubElement(root, f"{REL}Relationship", Id=f"losPart{number}", Type=type_, Target=target)
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
        kept.append((key, f"{OPEN}/officeDocument/2006/relationships/{kind}", target, outside))
    return _relations_xml(kept), pictures
