"""Norwegian identity numbers, and other traces of a person, in free text.

Cases tell what happened, not to whom: helsepersonelloven § 26 lets staff give management what internal control needs,
as far as possible without identity. `find` says where a text gives somebody away, and how sure that is:

* HIGH: an identity number; date and check digits are right. It can't be stored (`guard`); there is no way around it.
* MEDIUM: may be one (mistyped, a date of birth, a DUF number) or is a phone number. Pointed out; the writer may say
  that it isn't (`kept`).
* LOW: a hint (e-mail address, car plate, street address, room with initials, a name, a diagnosis with an age).

Rules: a fødselsnummer is DDMMYY, three digits and two check digits (modulus 11). From 1 January 2032 the first check
digit of new numbers may miss by up to three (skatteetaten.no, "pid"); both kinds are taken from the start. D-numbers
have 40 added to the day, H-numbers to the month, synthetic numbers 40 (Nav), 65 (Norsk helsenett) or 80
(Skatteetaten) to the month. Shared help numbers (felles hjelpenummer) begin with 8 or 9 and hold no date. Century and
sex are never used.

Bank accounts and KID numbers have a modulus of their own that is the second check digit's: one in ten of those written
as eleven digits in one piece can't be told from an identity number and is held back. Written 1234.56.78901 it passes.

`static/js/identity-numbers.js` does the same in the browser. Both are held to tests/rules/identity_numbers.json.
No function here logs, returns or puts into an error what it found: only its kind and where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html.parser import HTMLParser
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Kind(StrEnum):
    NATIONAL = "national"  # fødselsnummer
    D_NUMBER = "d_number"
    H_NUMBER = "h_number"  # or Nav's synthetic ones, which look the same
    FH_NUMBER = "fh_number"
    SYNTHETIC = "synthetic"
    POSSIBLE = "possible"  # mistyped, or written the way bank accounts are
    DUF_NUMBER = "duf_number"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMAIL = "email"
    CAR_PLATE = "car_plate"
    ADDRESS = "address"
    ROOM = "room"
    NAME = "name"
    DIAGNOSIS = "diagnosis"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something stands in the text, as offsets into the text that was given; never the something itself."""

    kind: Kind
    level: Level
    start: int
    end: int


class _Hit(NamedTuple):
    """A finding with offsets into the folded text."""

    kind: Kind
    level: Level
    start: int
    end: int


# Numbers of services, which name nobody: Arbeidstilsynet's alarm phone, Giftinformasjonen.
SERVICE_PHONES = frozenset({"73199700", "22591300"})


def find(text: str, *, names: Collection[str] = (), phones: Collection[str] = ()) -> list[Finding]:
    """Everything in the text that points to a person, in the order it stands there; no two overlap.

    `names`: people to look for, first and last name together or apart. `phones`: numbers that are no person's (the
    municipality's switchboards), eight digits each.
    """
    folded, source = _fold(text)
    hits = list(_numbers(folded))
    hits += _duf_numbers(folded)
    hits += _birth_dates(folded)
    hits += _phones(folded, frozenset(phones))
    hits += _hints(folded)
    if names:
        hits += _names(folded, names)
    return _without_overlaps([*_located(hits, source), *_numbers_read_apart(text)])


def blocks(text: str) -> bool:
    """Does the text hold an identity number, so that it can't be stored?"""
    return bool(_certain(text))


def redact(text: str, mark: str) -> str:
    """The text with the mark in the place of every identity number. Raises ValueError for a mark with digits in it,
    which could make up a new one."""
    if any(character.isnumeric() for character in mark):
        raise ValueError("The mark can't hold digits.")
    # More than once: what stood around a number can form another one when that is gone.
    while certain := _certain(text):
        parts, end = [], 0
        for finding in certain:
            parts += [text[end : finding.start], mark]
            end = finding.end
        text = "".join([*parts, text[end:]])
    return text


def _certain(text: str) -> list[Finding]:
    folded, source = _fold(text)
    certain = [hit for hit in _numbers(folded) if hit.level is Level.HIGH]
    apart = [finding for finding in _numbers_read_apart(text) if finding.level is Level.HIGH]
    return _without_overlaps([*_located(certain, source), *apart])


# Reading: one spelling for all the ways to write a digit, a space and a dash

_PLAIN = frozenset(map(chr, [*range(9, 14), *range(32, 127)]))
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, empty on the page
_IGNORED = frozenset({"Cf", "Cc", "Mn", "Me"})  # zero-width characters, bidi marks, soft hyphens, keycaps


@lru_cache(maxsize=4096)
def _spelled(character: str) -> tuple[str, str]:
    """How the character reads joined to its neighbours, and how it reads when it keeps them apart.

    The two differ for what is nothing on the page and for digits in disguise: a footnote's ² after a number must not
    become its twelfth digit, yet a number written in such digits is one.
    """
    if character in "\x85\u2028\u2029":
        return "\n", "\n"
    category = unicodedata.category(character)
    if category in _IGNORED or character in _FILLERS:
        return "", " "
    joined = ""
    for part in unicodedata.normalize("NFKC", character):
        category = unicodedata.category(part)
        if category == "Nd":
            joined += str(unicodedata.decimal(part))
        elif category == "Pd" or part == "\u2212":
            joined += "-"
        elif category == "Zs":
            joined += " "
        elif category not in _IGNORED and part not in _FILLERS:
            joined += part
    if not any("0" <= part <= "9" for part in joined):
        joined = joined[:1] or " "
        return joined, joined
    return joined, joined if unicodedata.category(character) == "Nd" else " "


def _fold(text: str) -> tuple[str, Sequence[int] | None]:
    """The text in plain digits, spaces and dashes, and where each of its characters stood; None: where it stands."""
    odd = set(text) - _PLAIN
    spelled = {character: _spelled(character)[0] for character in odd}
    if all(len(joined) == 1 for joined in spelled.values()):
        return text.translate({ord(character): joined for character, joined in spelled.items()}), None
    folded: list[str] = []
    source: list[int] = []
    for position, character in enumerate(text):
        joined = spelled.get(character, character)
        if not joined and folded:
            # A letter and its accent as two characters, as some file systems have it, are one letter.
            composed = unicodedata.normalize("NFC", folded[-1] + character)
            if len(composed) == 1:
                folded[-1] = composed
        folded += joined
        source += [position] * len(joined)
    return "".join(folded), source


def _located(hits: Iterable[_Hit], source: Sequence[int] | None) -> Iterator[Finding]:
    for kind, level, start, end in hits:
        if source is None:
            yield Finding(kind, level, start, end)
        else:
            yield Finding(kind, level, source[start], source[end - 1] + 1)


def _numbers_read_apart(text: str) -> Iterator[Finding]:
    odd = {character: _spelled(character) for character in set(text) - _PLAIN}
    if any(joined != apart for joined, apart in odd.values()):
        yield from _located(_numbers(text.translate({ord(c): apart for c, (_joined, apart) in odd.items()})), None)


_CERTAINTY = {Level.HIGH: 0, Level.MEDIUM: 1, Level.LOW: 2}
_PRECEDENCE = {kind: rank for rank, kind in enumerate(Kind)}


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The surer first, and of those as sure the one that begins first. Each level is gone through once."""
    chosen: list[Finding] = []
    ranked = sorted(set(findings), key=lambda f: (_CERTAINTY[f.level], f.start, -f.end, _PRECEDENCE[f.kind]))
    for _level, as_sure in groupby(ranked, key=lambda finding: finding.level):
        chosen = _filled(chosen, as_sure)
    return chosen


def _filled(taken: Sequence[Finding], findings: Iterable[Finding]) -> list[Finding]:
    """What is taken, and of the findings (in the order they stand in) those that fit in between."""
    result: list[Finding] = []
    place = 0
    for finding in findings:
        while place < len(taken) and taken[place].end <= finding.start:
            result.append(taken[place])
            place += 1
        before_next = place == len(taken) or finding.end <= taken[place].start
        if before_next and (not result or result[-1].end <= finding.start):
            result.append(finding)
    return [*result, *taken[place:]]


# Identity numbers, and what may be one

_SEPARATOR = r"[ \t\n\r\f\v./_·|-]{1,3}"
_DATE = rf"[0-9]{{6}}|[0-9]{{8}}|[0-9]{{1,2}}{_SEPARATOR}[0-9]{{1,2}}{_SEPARATOR}(?:[0-9]{{2}}|[0-9]{{4}})"
_BETWEEN = r"[\W_]{0,12}(?:(?:personnummer|personnr|persnr|pnr|fnr)[\W_]{1,4})?"
_NUMBER = re.compile(rf"(?<![0-9])(?=({_DATE})({_BETWEEN})([0-9]{{5}}|[0-9]{{3}} [0-9]{{2}})(?![0-9]))", re.IGNORECASE)
_CHAIN = re.compile(rf"(?<![0-9])[0-9]+(?:{_SEPARATOR}[0-9]+)+")
_SPLIT = re.compile(r"([^0-9]+)")
_LENGTH = 11
_LONGEST_CHAIN = _LENGTH + 3 * (_LENGTH - 1)
# 24-12-2026 and 2026-12-24 at the head of something longer, as in a time or in FOR-2009-06-05-602.
_CALENDAR = re.compile(r"[0-9]{1,2}-[0-9]{1,2}-(?:19|20)[0-9]{2}-|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]-")
_BANK_ACCOUNT = [4, 2, 5]

_USUAL_DATE = re.compile(r"[0-9]{6}|[0-9]{2}[ .][0-9]{2}[ .][0-9]{2}")
_USUAL_GAP = re.compile(r"[ \t\n\r\f\v.-]?")
_PERSON_WORD = r"(?:(?:fødsels|person)(?:nr|nummer|nummeret)|fnr|persnr|pnr|[dh]-?(?:nr|nummer))"
_IS = r"[\W_]{0,4}(?:(?:er|var|nr|nummer)[\W_]{1,3})?"
_PERSON_WORD_BEFORE = re.compile(rf"(?<!\w){_PERSON_WORD}{_IS}$", re.IGNORECASE)
_OTHER_WORD_BEFORE = re.compile(
    r"(?<!\w)(?:konto|bankkonto|kid|giro|faktura|ordre|bestilling|bestillings|kunde|prosjekt|ref|referanse|sak|saks|"
    r"arkivsak|jnr|journalpost|vare|artikkel|serie|chassis|måler|målepunkt|org|organisasjons|gtin|ean|imei|lot|batch|"
    rf"strekkode|nok|kr|beløp|sum)-?(?:nr|nummer|nummeret|id)?{_IS}$",
    re.IGNORECASE,
)
_LOOK_BACK = 32


def _numbers(folded: str) -> Iterator[_Hit]:
    """Eleven digits that are an identity number, or fail by little, in one piece or grouped."""
    for match in _NUMBER.finditer(folded):
        date, start, end = _ddmmyy(match[1]), match.start(), match.end(3)
        if date:
            kind, _exact = _kind(date + match[3].replace(" ", ""))
            if kind:
                yield _Hit(kind, Level.HIGH, start, end)
            elif _called_a_number(folded, start) or (
                _mistyped(match[1], match[2], match[3]) and not _counts_something_else(folded, start)
            ):
                yield _Hit(Kind.POSSIBLE, Level.MEDIUM, start, end)
    for match in _CHAIN.finditer(folded):
        # Grouped in any other way, it must stand alone: rows of figures add up to eleven digits now and then.
        if len(match[0]) <= _LONGEST_CHAIN and sum(map(str.isdigit, match[0])) == _LENGTH:
            yield from _chained(folded, match)


def _chained(folded: str, match: re.Match[str]) -> Iterator[_Hit]:
    groups, gaps = _SPLIT.split(match[0])[::2], _SPLIT.split(match[0])[1::2]
    kind, exact = _kind("".join(groups))
    abroad = folded[match.start() - 1 : match.start()] == "+"
    if not kind or abroad or not _evenly_grouped(groups, gaps):
        return
    if [len(group) for group in groups] == _BANK_ACCOUNT:
        if exact and kind is not Kind.FH_NUMBER and not _counts_something_else(folded, match.start()):
            yield _Hit(Kind.POSSIBLE, Level.MEDIUM, match.start(), match.end())
    elif exact:
        yield _Hit(kind, Level.HIGH, match.start(), match.end())
    else:
        yield _Hit(Kind.POSSIBLE, Level.MEDIUM, match.start(), match.end())


def _evenly_grouped(groups: Sequence[str], gaps: Sequence[str]) -> bool:
    """Is there one kind of gap throughout, or one in the date and one after it? In "10.1.2024 14.30" there isn't."""
    if _CALENDAR.match("-".join(groups)):
        return False
    marks = [gap.strip() or " " for gap in gaps]
    if len(set(marks)) == 1:
        return True
    ends = [len("".join(groups[: place + 1])) for place in range(len(gaps))]
    if len("ddmmyy") not in ends:
        return False
    place = ends.index(len("ddmmyy"))
    return len(set(marks[:place])) <= 1 and len(set(marks[place + 1 :])) <= 1


def _ddmmyy(date: str) -> str:
    """The first six digits of the number that begins with this date; empty when nobody alive was born that year."""
    day, month, year = (date[:2], date[2:4], date[4:]) if date.isdigit() else _SPLIT.split(date)[::2]
    if len(year) == len("yyyy") and not "1850" <= year <= "2099":
        return ""
    return day.zfill(2) + month.zfill(2) + year[-2:]


_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def _remainder(weights: Sequence[int], digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11


def _kind(digits: str) -> tuple[Kind | None, bool]:
    """What kind of identity number the eleven digits are, and whether by the exact rule in force until 2032."""
    first = _remainder(_FIRST_WEIGHTS, digits)
    if first > 3 or _remainder(_SECOND_WEIGHTS, digits):
        return None, False
    if digits[0] in "89":
        return (None if first else Kind.FH_NUMBER), not first
    return _kind_of_date(digits), not first


def _kind_of_date(ddmmyy: str) -> Kind | None:
    """What the date's offsets make of it; None when there is no such day."""
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:6])
    kind = Kind.NATIONAL
    if day > 40:
        day -= 40
        kind = Kind.D_NUMBER
    for offset, shifted in ((80, Kind.SYNTHETIC), (65, Kind.SYNTHETIC), (40, Kind.H_NUMBER)):
        if offset < month <= offset + 12:
            month -= offset
            kind = shifted
            break
    # The century isn't known: in one of those that count, every fourth year is a leap year, 00 too (2000).
    return kind if 1 <= month <= 12 and 1 <= day <= _days_in(month, leap=year % 4 == 0) else None


def _days_in(month: int, *, leap: bool) -> int:
    if month == 2:
        return 29 if leap else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _mistyped(date: str, gap: str, rest: str) -> bool:
    """Can this be an identity number with a slip, written in a usual way? No slip of one digit leaves the second check
    digit right: where it is, this is an account or a KID number."""
    digits = _ddmmyy(date) + rest
    return (
        _USUAL_DATE.fullmatch(date) is not None
        and _USUAL_GAP.fullmatch(gap) is not None
        and rest.isdigit()
        and digits[0] not in "89"
        and _kind_of_date(digits) is not None
        and _remainder(_SECOND_WEIGHTS, digits) != 0
    )


def _called_a_number(folded: str, start: int) -> bool:
    return _PERSON_WORD_BEFORE.search(folded[max(0, start - _LOOK_BACK) : start]) is not None


def _counts_something_else(folded: str, start: int) -> bool:
    """Does the word before say that this is an account, a case, an amount?"""
    return _OTHER_WORD_BEFORE.search(folded[max(0, start - _LOOK_BACK) : start]) is not None


_DUF = re.compile(r"(?<![0-9])((?:19[89]|20[0-9])[0-9])([ -]?)([0-9]{6})([ -]?)([0-9]{2})(?![0-9])")
_MOMENT = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]")
_DUF_WORD_BEFORE = re.compile(rf"(?<!\w)duf-?(?:nr|nummer|nummeret)?{_IS}$", re.IGNORECASE)
_DUF_WEIGHTS = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)


def _duf_numbers(folded: str) -> Iterator[_Hit]:
    """Registration numbers of those who apply for residence: year, six digits, two check digits; UDI writes
    "2012 123456 78". How they are checked isn't published officially, so a number written that way, or called a DUF
    number, needs no right check digits."""
    for match in _DUF.finditer(folded):
        digits = match[1] + match[3] + match[5]
        right = _remainder(_DUF_WEIGHTS, digits) == int(digits[10:])
        written = bool(match[2] and match[4]) or (right and not _MOMENT.fullmatch(digits))
        called = _DUF_WORD_BEFORE.search(folded[max(0, match.start() - _LOOK_BACK) : match.start()])
        if called or (written and not _counts_something_else(folded, match.start())):
            yield _Hit(Kind.DUF_NUMBER, Level.MEDIUM, match.start(), match.end())


_BORN = r"(?:født|fødd|fødselsdato|fødselsdatoen|fødselsdag|fødselsdagen|born|dob)"
_BIRTH_DATE = re.compile(rf"(?<![0-9])(?<![0-9][./-])(?=({_DATE})(?![0-9]))")
_BIRTH_WORD_BEFORE = re.compile(
    rf"(?<!\w)(?:{_BORN}|{_PERSON_WORD}|f(?=[.:]))(?!\w)[\W_]{{0,4}}(?:(?:den|dato|nr|er|var|i|on)[\W_]{{1,3}}){{0,2}}$",
    re.IGNORECASE,
)
_BIRTH_WORD_AFTER = re.compile(rf"[ ,(/-]{{1,3}}(?:{_BORN}|{_PERSON_WORD})(?!\w)", re.IGNORECASE)


def _birth_dates(folded: str) -> Iterator[_Hit]:
    for match in _BIRTH_DATE.finditer(folded):
        date, start, end = _ddmmyy(match[1]), match.start(), match.end(1)
        before = folded[max(0, start - _LOOK_BACK) : start]
        if (
            date
            and (_BIRTH_WORD_BEFORE.search(before) or _BIRTH_WORD_AFTER.match(folded, end))
            and _kind_of_date(date)
        ):
            yield _Hit(Kind.BIRTH_DATE, Level.MEDIUM, start, end)


_PHONE = re.compile(
    r"(?<![\w/=#])(?<![0-9][.,/-])(?:(?:\+|00)47[ -]?)?"
    r"([2-9][0-9]{7}|[2-9][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}|[2-9][0-9](?:[ -][0-9]{2}){3})(?![0-9])(?![.,/-][0-9])"
)
_FOREIGN_PHONE = re.compile(r"(?<!\w)\+(?!47)[1-9][0-9](?:[ -]?[0-9]){6,13}(?![0-9])")
_AMOUNT_AFTER = re.compile(r" ?(?:kr|kroner|nok|,-)(?!\w)", re.IGNORECASE)
_PAIRS = re.compile(r"[0-9]{2}(?:[ -][0-9]{2}){3}")
_PAIR_BEFORE, _PAIR_AFTER = re.compile(r"[0-9][ -]$"), re.compile(r"[ -][0-9]")


def _phones(folded: str, excepted: frozenset[str]) -> Iterator[_Hit]:
    for match in _PHONE.finditer(folded):
        digits = "".join(filter(str.isdigit, match[1]))
        row_of_pairs = _PAIRS.fullmatch(match[1]) and (
            _PAIR_BEFORE.search(folded, max(0, match.start() - 2), match.start())
            or _PAIR_AFTER.match(folded, match.end())
        )
        if not (
            digits in SERVICE_PHONES
            or digits in excepted
            or row_of_pairs
            or _is_a_day(digits)
            or _AMOUNT_AFTER.match(folded, match.end())
            or _counts_something_else(folded, match.start())
        ):
            yield _Hit(Kind.PHONE, Level.MEDIUM, match.start(), match.end(1))
    for match in _FOREIGN_PHONE.finditer(folded):
        yield _Hit(Kind.PHONE, Level.MEDIUM, match.start(), match.end())


def _is_a_day(digits: str) -> bool:
    """Are the eight digits a date of the present, DDMMYYYY or YYYYMMDD?"""
    return any(
        "1900" <= year <= "2099" and 1 <= int(month) <= 12 and 1 <= int(day) <= _days_in(int(month), leap=True)
        for day, month, year in (
            (digits[:2], digits[2:4], digits[4:]),
            (digits[6:], digits[4:6], digits[:4]),
        )
    )


# Hints

_MAIL_NAME, _MAIL_HOST = re.compile(r"[\w.+-]{1,64}$"), re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SHARED_MAILBOX = re.compile(r"(?:post|postmottak|firmapost|support|noreply|no-reply)$", re.IGNORECASE)
_INITIALS = r"(?:[A-ZÆØÅ]\.){2,3}|[A-ZÆØÅ]\. [A-ZÆØÅ]\.|[A-ZÆØÅ]{2,3}"
_ROOM = r"(?:[Rr]om|[Rr]ommet|[Rr]omnr\.?|[Ll]eilighet|[Ll]eilegheit) [0-9]{1,4}[A-Za-z]?(?!\w)"
_STREET = r"veien|vegen|vei|veg|gata|gaten|gate|alléen|allé|svingen|stien|ringen|torget"
_HINTS = (
    (Kind.CAR_PLATE, r"(?<!\w)(?!NS|EN|NO)[A-Z]{2} ?[0-9]{5}(?!\w)"),
    (
        Kind.ADDRESS,
        rf"(?<!\w)[A-ZÆØÅ][A-Za-zÆØÅæøåé]{{0,30}} ?(?:{_STREET}| plass) [0-9]{{1,3}}(?: ?[A-Za-z])?(?!\w)",
    ),
    (Kind.ROOM, rf"(?<!\w){_ROOM}[ ,:(-]{{1,3}}(?:{_INITIALS})(?!\w)"),
    (Kind.ROOM, rf"(?<!\w)(?:{_INITIALS})[ ,:)-]{{1,3}}(?:(?:på|in|i) )?{_ROOM}"),
)
_HINT_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _HINTS]
_DIAGNOSIS = re.compile(
    r"(?<!\w)(?:alzheimer|demens|dement|diabet|sukkersyk|sukkersjuk|kreft|epilep|kols|parkinson|schizofren|psykose|"
    r"psykotisk|bipolar|depresjon|deprimert|angst|selvmord|sjølvmord|hiv|hepatitt|autis|adhd|utviklingshem|hjerneslag|"
    r"hjertesvikt|hjartesvikt|hjerteinfarkt|hjarteinfarkt|anoreksi|rusavheng|alkoholavheng)\w{0,20}",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?<!\w)(?:[0-9]{1,3} ?år|[0-9]{2,3}-?åring(?:en)?|kvinne[nr]?|kvinna|menn|mann(?:en)?|gutt?(?:en)?|jente[nr]?|"
    r"jenta|dame[nr]?|dama)(?!\w)",
    re.IGNORECASE,
)
_DOTTED_INITIALS = re.compile(r"(?<!\w)[A-ZÆØÅ]\. ?[A-ZÆØÅ]\.")
_NEAR = 60


def _hints(folded: str) -> Iterator[_Hit]:
    at = folded.find("@")
    while at >= 0:
        host = _MAIL_HOST.match(folded, at + 1)
        name = host and _MAIL_NAME.search(folded[max(0, at - 64) : at])
        if host and name and not _SHARED_MAILBOX.match(name[0]):
            yield _Hit(Kind.EMAIL, Level.LOW, at - len(name[0]), host.end())
        at = folded.find("@", at + 1)
    for kind, pattern in _HINT_PATTERNS:
        for match in pattern.finditer(folded):
            yield _Hit(kind, Level.LOW, match.start(), match.end())
    for match in _DIAGNOSIS.finditer(folded):
        around = folded[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if _SOMEBODY.search(around) or _DOTTED_INITIALS.search(around):
            yield _Hit(Kind.DIAGNOSIS, Level.LOW, match.start(), match.end())


_WORD = re.compile(r"[^\W\d_]+")


def _names(folded: str, names: Collection[str]) -> Iterator[_Hit]:
    """The names' words, each as a word of its own or with the s of the genitive."""
    wanted = {word[0].casefold() for name in names for word in _WORD.finditer(_fold(name)[0]) if len(word[0]) > 1}
    for match in _WORD.finditer(folded):
        word = match[0].casefold()
        # A small letter means the word and not the name: Bjørn and bjørn, Liv and liv.
        if match[0][0].isupper() and (word in wanted or word.removesuffix("s") in wanted):
            yield _Hit(Kind.NAME, Level.LOW, match.start(), match.end())


# Forms

_TEXT = _(
    "It looks as if the text contains an identity number (characters %(positions)s). Write about the event, not about "
    "the person. Use “service user”, “resident” or “pupil”. Health information belongs in the patient record."
)
_FILE_NAME = _(
    "It looks as if the name of the file contains an identity number (characters %(positions)s). Give the file "
    "another name and choose it again."
)


def guard(value: str) -> None:
    """Validator for free text. Raises ValidationError, code "identity_number"; its parameters say where, not what."""
    _refuse(value, _TEXT)


def guard_html(value: str) -> None:
    """Validator for formatted text: its words without the tags, and the tags' own texts. Raises ValidationError."""
    reader = _Reader()
    reader.feed(value)
    reader.close()
    _refuse("\n".join(["".join(reader.seen), *reader.attributes]), _TEXT)


def guard_filename(value: Any) -> None:
    """Validator for the name of an upload, given as text or as the file. Raises ValidationError."""
    _refuse(str(getattr(value, "name", value)), _FILE_NAME)


def _refuse(text: str, message: Any) -> None:
    certain = _certain(text)
    if certain:
        positions = ", ".join(f"{finding.start + 1}–{finding.end}" for finding in certain)
        raise ValidationError(message, code="identity_number", params={"positions": positions})


class _Reader(HTMLParser):
    _INLINE = frozenset(
        {"a", "abbr", "b", "del", "em", "i", "ins", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._INLINE:
            self.seen.append("\n")
        self.attributes += [value for _name, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._INLINE:
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


class Guarded(forms.Field):
    """Mixin for form fields with free text: refuses identity numbers, and lets the browser point them out."""

    default_validators = [guard]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-guard": ""}


class GuardedCharField(Guarded, forms.CharField):
    pass


def kept(statements: Iterable[str], *, field: str, text: str, phones: Collection[str] = ()) -> list[Finding]:
    """The uncertain findings of which the writer said "it is not an identity number", for the journal: kind and place.

    `statements` are the values of the inputs named "guard-kept", written by the browser as field:kind:n, n being the
    finding's number among the uncertain ones of its field. What doesn't fit the text is left out.
    """
    said = set(statements)
    uncertain = [finding for finding in find(text, phones=phones) if finding.level is Level.MEDIUM]
    return [finding for n, finding in enumerate(uncertain) if f"{field}:{finding.kind}:{n}" in said]
