"""What a file from elsewhere seems to be: title, type, number, people, dates and laws, for somebody to correct.

Guessed from the table many municipalities have at the top («Dokumentnr / Utarbeidet av / Godkjent av / Gyldig fra»),
the text's heading, the file's properties, its name and the folders it lay in, in that order. No database here.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from documents.intake.conversion import Said
from documents.laws import references_in
from kvalitetslosen.files import names

MOST_LAWS = 12
_EARLIEST, _LATEST = 1980, 2100  # years a procedure can be approved or reviewed in
_NUMBER_LENGTH = 32

# The words people write before each thing, bokmål and nynorsk, folded.
LABELS: dict[str, frozenset[str]] = {
    "number": frozenset({
        "dokumentnr", "dokumentnummer", "dok nr", "doknr", "dok id", "dokument id", "dokid", "dokumentid",
        "dokument nr", "id", "id nr", "prosedyrenr", "prosedyrenummer", "rutinenr", "nr", "nummer",
        "document number", "document no",
    }),
    "title": frozenset({"tittel", "dokumenttittel", "dokumentnavn", "dokumentnamn", "navn på dokument", "title"}),
    "author": frozenset({
        "utarbeidet av", "utarbeida av", "utarbeidd av", "skrevet av", "skrive av", "forfatter", "forfattar",
        "laget av", "utstedt av", "prepared by", "author",
    }),
    "owner": frozenset({
        "dokumentansvarlig", "dokumentansvarleg", "dokumenteier", "dokumenteigar", "eier", "eigar", "ansvarlig",
        "ansvarleg", "fagansvarlig", "fagansvarleg", "prosedyreeier", "prosesseier", "prosesseigar", "owner",
    }),
    "approved_by": frozenset({
        "godkjent av", "godkjend av", "godkjenner", "godkjennar", "godkjent", "godkjend", "vedtatt av", "vedteke av",
        "approved by",
    }),
    "approved_on": frozenset({
        "godkjent dato", "godkjend dato", "godkjenningsdato", "dato godkjent", "dato godkjend", "godkjent den",
        "gyldig fra", "gyldig frå", "gjelder fra", "gjeld frå", "gjeldende fra", "gjeldande frå", "i kraft fra",
        "vedtatt", "vedteke", "vedtatt dato", "gyldig fra dato", "valid from", "approved",
    }),
    "revised_on": frozenset({
        "revisjonsdato", "revidert", "revidert dato", "sist revidert", "sist endret", "sist endra", "oppdatert",
        "dato", "sist oppdatert", "dato revidert", "date",
    }),
    "review_on": frozenset({
        "neste revisjon", "neste revisjonsdato", "revideres innen", "revideres", "reviderast innan", "gyldig til",
        "revisjonsfrist", "skal revideres", "neste gjennomgang", "ny revisjon", "next review",
    }),
    "version": frozenset({"versjon", "revisjon", "rev", "utgave", "utgåve", "versjonsnr", "revisjonsnr", "version"}),
    "type": frozenset({"dokumenttype", "type", "type dokument", "document type"}),
    "unit": frozenset({
        "avdeling", "enhet", "eining", "virksomhet", "verksemd", "tjeneste", "teneste", "tjenestested", "tenestestad",
        "omfang", "gjelder for", "gjeld for", "område", "unit",
    }),
}  # fmt: skip
_BY_LABEL = {label: name for name, labels in LABELS.items() for label in labels}

# What each type is called in names of files and folders, bokmål and nynorsk; the first that fits, longest words first.
TYPE_WORDS: dict[str, tuple[str, ...]] = {
    "action_card": ("tiltakskort", "aksjonskort"),
    "checklist": ("sjekkliste", "sjekklister", "sjekklista", "kontrolliste", "huskeliste"),
    "contingency_plan": ("beredskapsplan", "beredskapsplaner", "kriseplan", "evakueringsplan"),
    "risk_assessment": ("risikovurdering", "risikovurderinger", "risikoanalyse", "ros", "rosanalyse"),
    "policy": ("policy", "styringsdokument", "kvalitetspolitikk"),
    "guide": ("veileder", "veiledere", "rettleiar", "veiledning", "rettleiing", "brukerveiledning"),
    "template": ("mal", "maler", "malar"),
    "guideline": ("retningslinje", "retningslinjer", "retningsliner"),
    "instruction": ("instruks", "instrukser", "instruksar", "arbeidsinstruks", "stillingsinstruks"),
    "regulation": ("reglement", "reglementer", "forskrift", "vedtekter"),
    "form": ("skjema", "skjemaer", "blankett"),
    "plan": ("plan", "planer", "planar", "handlingsplan", "opplæringsplan"),
    "routine": ("rutine", "rutiner", "rutinar", "rutinebeskrivelse"),
    "procedure": ("prosedyre", "prosedyrer", "prosedyrar"),
}
_TYPE_OF = {word: kind for kind, words in TYPE_WORDS.items() for word in words}
_TYPE_ENDS = sorted(
    ((word, kind) for word, kind in _TYPE_OF.items() if len(word) > 5 or word == "plan"),
    key=lambda each: -len(each[0]),
)


_MONTHS = {
    name: number
    for number, spelled in enumerate(
        ("januar jan", "februar feb", "mars mar", "april apr", "mai", "juni jun", "juli jul", "august aug",
         "september sep sept", "oktober okt", "november nov", "desember des"), 1,
    )
    for name in spelled.split()
}  # fmt: skip
_DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})\s?[-./]\s?(?P<m>\d{1,2})\s?[-./]\s?(?P<y>(?:19|20)?\d\d)\b"),
    re.compile(r"\b(?P<d>\d{1,2})\.?\s+(?P<n>[a-z]{3,9})\.?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
)
_VERSION = re.compile(r"\b(\d{1,3})(?:[.,](\d{1,3}))?\b")
_NUMBER = re.compile(r"[0-9A-Za-zÆØÅæøå]+(?:[-._][0-9A-Za-zÆØÅæøå]+)*")
_NUMBER_IN_NAME = re.compile(
    r"^\s*((?:[A-ZÆØÅ]{1,5}[-_ ]?\d{1,5}(?:[.\-]\d{1,4}){0,4})|(?:\d{1,3}(?:\.\d{1,3}){1,4}))(?=[\s_\-–.:)]|$)"
)
_VERSION_IN_NAME = re.compile(
    r"[\s_\-–(]+(?:v|ver|versjon|version|rev|revisjon|utg|utgave)[\s._]*(\d{1,2}(?:[.,]\d{1,2})?)\)?\s*$",
    re.IGNORECASE,
)
_LEFT_IN_NAME = re.compile(
    r"(?:[\s_\-–]*\(\d{1,2}\)|[\s_\-–]+(?:kopi|copy|endelig|ferdig|siste|final|godkjent|ny|revidert))\s*$"
    r"|^(?:kopi av|kopi|copy of)\s+",
    re.IGNORECASE,
)
_JUNK_TITLES = re.compile(
    r"^(?:microsoft word\b.*|word document|dokument\s*\d*|document\s*\d*|untitled|uten (?:navn|tittel)|slide \d+)$"
    r"|^\W*$",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b((?:[a-zæøå]+- og )?[a-zæøå]{3,40}(?:loven|lova|forskriften|forskrifta|forordningen))\b"
    r"((?:\s*(?:kap(?:ittel|\.)?\s*\d+[a-z]?))?(?:,?\s*§{1,2}\s*\d+(?:\s?-\s?\d+)?(?:\s?[a-z]\b)?(?:(?:,|\s+og|\s+til)\s+\d+(?:\s?-\s?\d+)?)*)?)",
    re.IGNORECASE,
)  # fmt: skip
_NO_LAW = frozenset({"lovforskriften", "grunnforskriften", "avloven"})


@dataclass
class Guess:
    """Empty is what nothing was found for."""

    title: str = ""
    type: str = ""  # one of ``TYPE_WORDS``
    number: str = ""
    version: str = ""
    units: list[str] = field(default_factory=list)  # what the unit may be called, the likeliest first
    people: list[str] = field(default_factory=list)  # who may own it, the likeliest first
    approved_by: str = ""
    approved_on: datetime.date | None = None
    revised_on: datetime.date | None = None
    review_on: datetime.date | None = None
    laws: list[str] = field(default_factory=list)


def guess(path: str, said: Said, text: str) -> Guess:
    """``path`` is the file's place, its folders and name with / between; ``text`` its words."""
    *folders, name = path.split("/")
    named = _from_name(names.split(name)[0])
    told = dict(_told(said))
    found = Guess(
        number=_as_number(told.get("number", "")) or named.number, version=_as_version(told.get("version", ""))
    )
    found.version = found.version or named.version or _as_version(said.properties.get("version", ""))
    found.title = _title(told.get("title", ""), said, named.title)
    number_first = _NUMBER_IN_NAME.match(found.title)
    if number_first and number_first.end() < len(found.title):
        found.number = found.number or _as_number(number_first[1])
        found.title = found.title[number_first.end() :].strip(" -–_.:)") or found.title
    found.type = _type(told.get("type", ""), named.title, found.title, *reversed(folders))
    for label in ("approved_by", "approved_on", "revised_on", "review_on", "version"):
        value = told.get(label, "")
        day = date_in(value)
        if label == "approved_by":
            found.approved_by = _person(value)
            found.approved_on = found.approved_on or day
        elif label == "version":
            found.revised_on = found.revised_on or day
        elif day:
            setattr(found, label, day)
    found.people = [
        person
        for each in (told.get("owner", ""), told.get("author", ""), said.properties.get("creator", ""))
        if (person := _person(each))
    ]
    found.units = [*reversed([_bare(folder) for folder in folders]), *filter(None, [told.get("unit", "")])]
    found.laws = laws_in(text)
    return found


def folded(text: str) -> str:
    """For comparing what people write: small letters, one space, no signs at the ends."""
    text = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub(r"[^\w\s]+", " ", text).split())


def _told(said: Said) -> Iterator[tuple[str, str]]:
    """What stands after, or under, the words we know; the last one said first, so that the first one counts."""
    pairs = list(_pairs(said))
    pairs += [(name.partition(":")[2], value) for name, value in said.properties.items() if name.startswith("custom:")]
    for label, written in reversed(pairs):
        name = _BY_LABEL.get(folded(label))
        value = " ".join(written.split()).strip(" :–-")
        if name and value and folded(value) not in _BY_LABEL:
            yield name, value


def _pairs(said: Said) -> Iterator[tuple[str, str]]:
    for table in said.tables:
        for index, row in enumerate(table):
            below = table[index + 1] if index + 1 < len(table) else []
            known = [folded(cell) in _BY_LABEL for cell in row]
            if sum(known) > 1 and all(known) and len(below) == len(row):
                yield from zip(row, below, strict=True)  # words above, values below
                continue
            for cell in row:
                yield from _in_line(cell)
            for label, value in pairwise(row):
                if folded(label.rstrip(":")) in _BY_LABEL:
                    yield label, value
    for line in said.lines:
        yield from _in_line(line)


def _in_line(line: str) -> Iterator[tuple[str, str]]:
    """Each word we know that a colon comes after, and what stands from there to the next: «Nr: R-12 Versjon: 4»."""
    found: list[tuple[str, int, int]] = []  # the words, where they begin, where what they say begins
    for colon in re.finditer(":", line):
        before = line[: colon.start()]
        starts = [word.start() for word in re.finditer(r"\S+", before)][-4:]
        label = next((before[at:] for at in starts if folded(before[at:]) in _BY_LABEL), None)
        if label is not None:
            found.append((label, colon.start() - len(label), colon.end()))
    for index, (label, _start, says) in enumerate(found):
        end = found[index + 1][1] if index + 1 < len(found) else len(line)
        yield label, line[says:end]


def _title(told: str, said: Said, from_name: str) -> str:
    candidates = (told, said.title, said.properties.get("title", ""), from_name)
    for each in candidates:
        title = " ".join(each.split()).strip(" :–-")
        if 2 < len(title) <= 200 and not _JUNK_TITLES.match(title) and folded(title) not in _BY_LABEL:
            return title
    return from_name or "–"


def _from_name(stem: str) -> Guess:
    """Number, title and version in a file's name: «P-012 Fallforebygging v2»."""
    found = Guess()
    name = " ".join(stem.replace("_", " ").split())
    for _again in range(3):
        if version := _VERSION_IN_NAME.search(name):
            found.version = found.version or _as_version(version[1])
            name = name[: version.start()]
        for date in _DATES:
            name = re.sub(rf"[\s\-–(]*{date.pattern}\)?\s*$", "", name)
        name = _LEFT_IN_NAME.sub("", name).strip(" -–.")
    if number := _NUMBER_IN_NAME.match(name):
        found.number = _as_number(number[1])
        name = name[number.end() :].strip(" -–_.:)") or name
    found.title = (name[:1].upper() + name[1:])[:200]
    return found


def _as_number(text: str) -> str:
    """A number as an address can have it: letters, digits and - . _, with at least one digit."""
    number = "-".join(text.replace("/", "-").split())
    match = _NUMBER.match(number)
    if not match or not any(each.isdigit() for each in match[0]) or not 2 <= len(match[0]) <= _NUMBER_LENGTH:
        return ""
    return match[0]


def _as_version(text: str) -> str:
    if date_in(text):
        text = _without_dates(text)
    found = _VERSION.search(text)
    return f"{int(found[1])}.{int(found[2] or 0)}" if found and int(found[1]) else ""


def _without_dates(text: str) -> str:
    for date in _DATES:
        text = date.sub(" ", text)
    return text


def _person(text: str) -> str:
    """A name without title, date and what else stands beside it."""
    text = _without_dates(text)
    text = re.split(r"[,/(;]|\s-\s|\bdato\b", text, maxsplit=1, flags=re.IGNORECASE)[0]
    name = " ".join(text.split()).strip(" .:–-")
    return name[:120] if 2 <= len(name.split()) <= 5 or (name and name.isalpha() and len(name) > 2) else ""


def date_in(text: str) -> datetime.date | None:
    """The first date in a text, day before month."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            month = int(parts["m"]) if parts.get("m") else _MONTHS.get((parts.get("n") or "").lower(), 0)
            year = int(parts["y"])
            year += 0 if year > 99 else 2000 if year < 70 else 1900
            try:
                day = datetime.date(year, month, int(parts["d"]))
            except ValueError:
                continue
            if _EARLIEST <= year <= _LATEST:
                return day
    return None


def _type(*places: str) -> str:
    """The type the first of these names; a title says it in its first words, or as the end of one."""
    for place in places:
        words = folded(place).split()
        for word in words[:4]:
            if word in _TYPE_OF:
                return _TYPE_OF[word]
        for word in words:
            for end, kind in _TYPE_ENDS:
                if word.endswith(end):
                    return kind
    return ""


def _bare(folder: str) -> str:
    """A folder's name without the number that sorts it: «03 Hjemmetjenesten», «2.1 - Sykehjem»."""
    return re.sub(r"^[\d.\s_\-–)]+", "", folder).replace("_", " ").strip()


def laws_in(text: str) -> list[str]:
    """The laws and regulations a text names, with the section where it says one, each once.

    Those of the register first, by every name they go by («aml», «forskrift om brannforebygging»); then what is called
    a law or a regulation and isn't in it.
    """
    found = {f"{each.source} {each.place}".strip(): "" for each in references_in(text)}
    for match in _LAW.finditer(text):
        name = match[1].lower()
        if name in _NO_LAW or references_in(name):
            continue
        reference = " ".join(f"{name}{match[2]}".replace(",", "").split())
        found.setdefault(reference, "")
        if len(found) == 60:
            break
    # «kommuneloven» says nothing where «kommuneloven § 25-1» stands too.
    kept = [each for each in found if not any(other != each and other.startswith(f"{each} ") for other in found)]
    return kept[:MOST_LAWS]
