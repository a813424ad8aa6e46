"""What a Word file says of its styles, and how Word counts its lists."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from documents.intake.word_xml import W, is_on, value_of

_HEADING = re.compile(r"(?:heading|overskrift)\s*([1-9])\b", re.IGNORECASE)
_TITLES = frozenset({"title", "tittel"})


class Styles:
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


@dataclass
class Level:
    format: str
    start: int
    text: str
    style: str


class Numbering:
    """Counts as Word does: lists of one make go on from each other, a deeper level begins anew."""

    def __init__(self, root: ET.Element | None, styles: Styles) -> None:
        self.kinds: dict[str, dict[int, Level]] = {}
        self.lists: dict[str, tuple[str, dict[int, int]]] = {}
        self.by_style: dict[str, tuple[str, int]] = {}
        self.counted: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        links: dict[str, str] = {}
        made: dict[str, str] = {}
        for kind in root.findall(f"{W}abstractNum") if root is not None else ():
            key = kind.get(f"{W}abstractNumId", "")
            self.kinds[key] = {plain_number(level.get(f"{W}ilvl")): _level(level) for level in kind.findall(f"{W}lvl")}
            if link := value_of(kind, "numStyleLink"):
                links[key] = link
            if style := value_of(kind, "styleLink"):
                made[style] = key
        for key, style in links.items():
            self.kinds[key] = self.kinds.get(made.get(style, ""), self.kinds[key])
        for each in root.findall(f"{W}num") if root is not None else ():
            key, kind_key = each.get(f"{W}numId", ""), value_of(each, "abstractNumId")
            starts = {
                plain_number(over.get(f"{W}ilvl")): plain_number(value)
                for over in each.findall(f"{W}lvlOverride")
                if (value := value_of(over, "startOverride"))
            }
            self.lists[key] = (kind_key, starts)
            for index, level in self.kinds.get(kind_key, {}).items():
                if level.style:
                    self.by_style.setdefault(level.style, (key, index))

    def next(self, key: str, index: int) -> tuple[Level, int, str] | None:
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


def plain_number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _level(element: ET.Element) -> Level:
    start = value_of(element, "start")
    return Level(
        value_of(element, "numFmt") or "decimal",
        plain_number(start) if start else 1,
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
