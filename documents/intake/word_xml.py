"""The XML of Word files: its names, its parts, and the few changes that are made to it."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
import zipfile

OPEN = "http://schemas.openxmlformats.org"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": f"{OPEN}/wordprocessingml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": f"{OPEN}/officeDocument/2006/relationships".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": (
        f"{OPEN}/drawingml/2006/wordprocessingDrawing".encode()
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": f"{OPEN}/drawingml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/picture": f"{OPEN}/drawingml/2006/picture".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/chart": f"{OPEN}/drawingml/2006/chart".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/diagram": f"{OPEN}/drawingml/2006/diagram".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": f"{OPEN}/officeDocument/2006/math".encode(),
}
W = f"{{{OPEN}/wordprocessingml/2006/main}}"
R = f"{{{OPEN}/officeDocument/2006/relationships}}"
A = f"{{{OPEN}/drawingml/2006/main}}"
M = f"{{{OPEN}/officeDocument/2006/math}}"
MC = f"{{{OPEN}/markup-compatibility/2006}}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
V = "{urn:schemas-microsoft-com:vml}"
CT = f"{{{OPEN}/package/2006/content-types}}"
REL = f"{{{OPEN}/package/2006/relationships}}"

_DEEPEST = 200  # elements inside each other; Word itself stops long before


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


def resolved(folder: str, target: str) -> str:
    """The name of a part that is pointed to from a part in the folder."""
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def words_of(element: ET.Element) -> str:
    return "".join(
        each.text or "" if each.tag == f"{W}t" else " " if each.tag in (f"{W}tab", f"{W}br", f"{W}p", f"{W}tc") else ""
        for each in element.iter()
    )


def value_of(element: ET.Element, path: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return found.get(f"{W}val", "") if found is not None else ""


def is_on(element: ET.Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


# Changes -------------------------------------------------------------------------------------------------------------


def new_run(text: str) -> ET.Element:
    run = ET.Element(f"{W}r")
    ET.SubElement(run, f"{W}t").text = text
    return run


def new_paragraph(text: str) -> ET.Element:
    paragraph = ET.Element(f"{W}p")
    paragraph.append(new_run(text))
    return paragraph


def drop(parent: ET.Element, child: ET.Element) -> None:
    if child in list(parent):
        parent.remove(child)


def swap(parent: ET.Element, child: ET.Element, other: ET.Element) -> None:
    children = list(parent)
    if child in children:
        parent[children.index(child)] = other


def swap_inside(parent: ET.Element, child: ET.Element, text: str) -> None:
    """Within a run only text may stand."""
    piece = ET.Element(f"{W}t")
    piece.text = text
    swap(parent, child, piece if parent.tag == f"{W}r" else new_run(text))


def properties_of(paragraph: ET.Element) -> ET.Element:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = ET.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties


def set_style(paragraph: ET.Element, style: str) -> None:
    properties = properties_of(paragraph)
    for old in properties.findall(f"{W}pStyle"):
        properties.remove(old)
    properties.insert(0, ET.Element(f"{W}pStyle", {f"{W}val": style}))


def without_number(paragraph: ET.Element) -> None:
    properties = properties_of(paragraph)
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)


def begin_with(paragraph: ET.Element, text: str) -> None:
    piece = new_run(text)
    piece[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0, piece)
