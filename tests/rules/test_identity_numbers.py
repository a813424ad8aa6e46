"""Identity numbers are found however they are written, can't be stored, and are never repeated by who found them.

Every number here is synthetic (month +80 or +65) or belongs to somebody who can't be born before 2039.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kvalitetslosen.identity_numbers import (
    Finding,
    GuardedCharField,
    Kind,
    Level,
    _filled,
    _without_overlaps,
    blocks,
    find,
    guard,
    guard_filename,
    guard_html,
    kept,
    redact,
)

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("identity_numbers.json").read_text("utf-8"))
NUMBER = "15858510055"
MARK = "⟨identity number removed⟩"

FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def check_digit(weights: tuple[int, ...], digits: str, miss: int = 0) -> str:
    """The digit that makes the weighted sum `miss` modulus 11; "10" when there is none."""
    return str((miss - sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))) % 11)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """Any valid number, by the old rule or by that of 2032, that nobody has."""
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, 28 if month == 2 else 30 if month in {4, 6, 9, 11} else 31))
    offset = draw(st.sampled_from((80, 65, 40, 0)))
    synthetic = offset in {80, 65}
    year = draw(st.integers(0, 99)) if synthetic else 39
    individual = draw(st.integers(0, 999) if synthetic else st.integers(750, 899))
    day += draw(st.sampled_from((0, 40)))
    head = f"{day:02}{month + offset:02}{year:02}{individual:03}"
    if draw(st.booleans()):
        head = draw(st.sampled_from("89")) + head[1:]
        first = check_digit(FIRST, head)
    else:
        first = check_digit(FIRST, head, draw(st.integers(0, 3)))
    assume(len(first) == 1)
    second = check_digit(SECOND, head + first)
    assume(len(second) == 1)
    return head + first + second


def wide(digits: str) -> str:
    return "".join(chr(ord(digit) - 48 + 0xFF10) for digit in digits)


def arabic(digits: str) -> str:
    return "".join(chr(ord(digit) - 48 + 0x0660) for digit in digits)


WAYS: dict[str, Callable[[str], str]] = {
    "in one piece": lambda n: n,
    "a space": lambda n: f"{n[:6]} {n[6:]}",
    "a no-break space": lambda n: f"{n[:6]}\u00a0{n[6:]}",
    "a dash": lambda n: f"{n[:6]}-{n[6:]}",
    "an en dash": lambda n: f"{n[:6]}\u2013{n[6:]}",
    "a dot": lambda n: f"{n[:6]}.{n[6:]}",
    "a slash": lambda n: f"{n[:6]}/{n[6:]}",
    "an underscore": lambda n: f"{n[:6]}_{n[6:]}",
    "a line break": lambda n: f"{n[:6]}\n{n[6:]}",
    "a Windows line break": lambda n: f"{n[:6]}\r\n{n[6:]}",
    "pairs": lambda n: f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:]}",
    "a date with dots": lambda n: f"{n[:2]}.{n[2:4]}.{n[4:6]} {n[6:]}",
    "a date with slashes and a dash": lambda n: f"{n[:2]}/{n[2:4]}-{n[4:6]}-{n[6:]}",
    "read aloud": lambda n: f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:9]} {n[9:]}",
    "a zero-width space": lambda n: f"{n[:4]}\u200b{n[4:]}",
    "zero-width joiners": "\u200d".join,
    "a soft hyphen": lambda n: f"{n[:6]}\u00ad{n[6:]}",
    "full width": wide,
    "Arabic-Indic digits": arabic,
    "full width and an ideographic space": lambda n: f"{wide(n[:6])}\u3000{wide(n[6:])}",
}

anything = st.text(max_size=60)
marks = st.characters(exclude_categories=("Nd", "Nl", "No", "Cs"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["why"] for vector in VECTORS])
def test_each_rule_holds(vector: dict[str, Any]) -> None:
    text = vector["text"]
    findings = find(text, names=vector.get("names", ()), phones=vector.get("phones", ()))
    told = [{"kind": f.kind, "level": f.level, "says": text[f.start : f.end]} for f in findings]
    assert told == vector["finds"]
    assert blocks(text) == any(each["level"] == "high" for each in vector["finds"])


def test_the_rules_cover_every_kind() -> None:
    assert {each["kind"] for vector in VECTORS for each in vector["finds"]} == set(Kind)


@settings(deadline=None, max_examples=400)
@given(number=identity_numbers(), way=st.sampled_from(sorted(WAYS)), before=anything, after=anything)
@example(number="15858510160", way="zero-width joiners", before="Beboer på rom 12: ", after=" falt, kl. 12.15.")
def test_any_number_in_any_writing_is_found_where_it_stands(number: str, way: str, before: str, after: str) -> None:
    written = WAYS[way](number)
    text = f"{before}x{written}x{after}"
    start = len(before) + 1
    findings = find(text)
    assert (start, start + len(written), Level.HIGH) in [(f.start, f.end, f.level) for f in findings]
    assert blocks(text)


@settings(deadline=None, max_examples=200)
@given(number=identity_numbers(), before=st.text(marks, max_size=30), after=st.text(marks, max_size=30))
def test_no_letter_or_mark_beside_a_number_hides_it(number: str, before: str, after: str) -> None:
    text = before + number + after
    assert [text[f.start : f.end] for f in find(text) if f.level is Level.HIGH] == [number]


@settings(deadline=None, max_examples=200)
@given(
    numbers=st.lists(identity_numbers(), min_size=1, max_size=4),
    ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=5, max_size=5),
    words=st.lists(st.text(marks, min_size=1, max_size=15), min_size=5, max_size=5),
)
def test_removing_takes_the_numbers_and_leaves_the_rest(numbers: list[str], ways: list[str], words: list[str]) -> None:
    pieces = [f"{word}y{WAYS[way](number)}y" for word, way, number in zip(words, ways, numbers, strict=False)]
    left = redact("".join(pieces), MARK)
    assert left == "".join(f"{word}y{MARK}y" for word, _ in zip(words, numbers, strict=False))
    assert not blocks(left)


@pytest.mark.parametrize("mark", ["", " ", "…"])
def test_what_stood_around_a_removed_number_forms_no_new_one(mark: str) -> None:
    assert not blocks(redact(f"158585{NUMBER[:6]} {NUMBER[6:]}, 158585 ({NUMBER}) 10055, 158585 {NUMBER} 10055", mark))


def test_the_mark_holds_no_digits() -> None:
    with pytest.raises(ValueError, match="digits"):
        redact(NUMBER, "number 1")


@settings(deadline=None, max_examples=400)
@given(digits=st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_an_account_with_a_wrong_check_digit_is_not_held_back(digits: str) -> None:
    assume(check_digit(SECOND, digits[:10]) != digits[10])
    assert not blocks(digits)
    assert not blocks(f"Konto {digits[:4]}.{digits[4:6]}.{digits[6:]}")


@settings(deadline=None, max_examples=400)
@given(digits=st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_an_account_written_as_one_is_never_held_back(digits: str) -> None:
    account = digits + check_digit(SECOND, digits)
    assume(len(account) == 11)
    for separator in ". ":
        assert not blocks(f"Konto {separator.join((account[:4], account[4:6], account[6:]))}")


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=200) | st.text("0123456789 .-/\u200b\n@²AB.åf", max_size=200))
def test_findings_come_in_order_and_never_overlap(text: str) -> None:
    findings = find(text)
    ends = [0]
    for finding in findings:
        assert ends[-1] <= finding.start < finding.end <= len(text)
        ends.append(finding.end)
    assert blocks(text) == any(finding.level is Level.HIGH for finding in findings)
    assert not blocks(redact(text, "x"))


def test_the_two_readings_of_the_first_check_digit() -> None:
    """Old numbers stay valid in 2032, and a first check digit that is more than three off never is."""
    valid = [str(number) for number in range(15858510000, 15858520000) if blocks(str(number))]
    misses = {int(n[9]) - int(check_digit(FIRST, n[:9])) for n in valid}
    assert {miss % 11 for miss in misses} == {0, 1, 2, 3}


@pytest.mark.parametrize(("year", "leap"), [("00", True), ("04", True), ("01", False), ("96", True), ("99", False)])
def test_29_february_needs_a_leap_year_of_any_century(year: str, leap: bool) -> None:
    numbers = []
    for individual in range(1000):
        head = f"2982{year}{individual:03}"
        first = check_digit(FIRST, head)
        second = check_digit(SECOND, head + first) if len(first) == 1 else ""
        if len(second) == 1:
            numbers.append(head + first + second)
    assert len(numbers) > 700
    assert {blocks(number) for number in numbers} == {leap}


def seconds(work: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(repeat):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def count_to_a_hundred_thousand() -> None:
    n = 0
    while n < 100_000:
        n += 1


def test_10_kb_take_no_longer_than_counting_to_a_few_hundred_thousand() -> None:
    """Some 5 and 10 milliseconds where counting takes as long: the pace of the machine is no fault of the rules."""
    sentence = "Beboer funnet på gulvet ved sengen kl. 05.40 – sensormatten var koblet fra (rom 12), ring 900 12 345. "
    text = (sentence * 100)[:10_000]
    pace = seconds(count_to_a_hundred_thousand, 30)
    assert seconds(lambda: blocks(text), 30) < 3 * pace
    assert seconds(lambda: find(text), 30) < 6 * pace


NASTY = (
    *(
        "1",
        "1 ",
        "12 ",
        "12.12.12",
        "123456 ",
        "15.85.85-",
        NUMBER,
        "a",
        "A.",
        "a@",
        "@a.",
        "+46 ",
        "født ",
        " ",
        "\n",
    ),
    *("1\u200b", "e\u0301", "90012345 ", "Aa gate ", "demens mann ", "rom 1 ", "A. "),
)


@pytest.mark.parametrize("piece", NASTY, ids=[json.dumps(piece) for piece in NASTY])
def test_no_text_makes_it_crawl(piece: str) -> None:
    """Eight times the text may take eight times as long, and some; a pattern that backtracks takes 64 times."""
    short, long = (seconds(lambda n=n: find((piece * n)[:n]), 3) for n in (5_000, 40_000))  # type: ignore[misc]
    assert long < 24 * max(short, 0.002)


def test_a_finding_does_not_repeat_what_was_found() -> None:
    findings = find(f"Bruker {NUMBER}, fnr 15858510056, tlf 90012345")
    assert [finding.level for finding in findings] == [Level.HIGH, Level.MEDIUM, Level.MEDIUM]
    assert not any(digits in repr(findings) for digits in (NUMBER, "15858510056", "90012345"))


def test_a_text_with_a_number_is_refused_and_the_error_tells_where_only() -> None:
    with pytest.raises(ValidationError) as caught:
        guard(f"Først {NUMBER}, så 10915596784.")
    error = caught.value
    assert error.code == "identity_number"
    assert error.params == {"positions": "7–17, 23–33"}
    assert NUMBER not in repr(error) + str(error.messages)
    assert "7–17, 23–33" in error.messages[0]


@pytest.mark.parametrize("text", ["", "Beboer falt kl. 05.40.", "fnr 15858510056", "tlf. 900 12 345"])
def test_a_text_without_a_certain_number_passes(text: str) -> None:
    guard(text)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Bruker {NUMBER} falt</p>",
        "<p>Bruker <b>158585</b>10055 falt</p>",
        '<p>Bruker 15858<b class="x">510055</b> falt</p>',
        "<p>158585</p><p>10055</p>",
        "<td>158585</td><td>10055</td>",
        "158585&nbsp;10055",
        "158585&#8203;10055",
        "&#49;5858510055",
        f'<a href="tel:{NUMBER}">ring</a>',
        f'<img alt="{NUMBER}">',
    ],
)
def test_formatting_does_not_hide_a_number(html: str) -> None:
    with pytest.raises(ValidationError, match="identity number"):
        guard_html(html)


@pytest.mark.parametrize("html", ["", "<p>1585<b>85</b></p>", '<p id="a158585">10055</p>', "<p>3 &lt; 4</p>"])
def test_formatted_text_without_a_number_passes(html: str) -> None:
    guard_html(html)


def test_a_file_is_refused_for_its_name() -> None:
    upload = SimpleUploadedFile(f"notat_{NUMBER}.pdf", b"%PDF")
    with pytest.raises(ValidationError, match="name of the file") as caught:
        guard_filename(upload)
    assert NUMBER not in repr(caught.value)
    with pytest.raises(ValidationError):
        guard_filename("158585-10055.docx")
    guard_filename(SimpleUploadedFile("IMG_20260423_101512.jpg", b"x"))


class Form(forms.Form):
    what = GuardedCharField(widget=forms.Textarea)
    title = GuardedCharField(required=False, max_length=80)


def test_a_form_refuses_the_number_and_gives_back_what_was_written() -> None:
    form = Form({"what": f"Bruker {NUMBER} falt", "title": "Fall"})
    assert not form.is_valid()
    assert form.errors.as_data()["what"][0].code == "identity_number"
    assert NUMBER not in form.errors.as_json()
    assert f"Bruker {NUMBER} falt" in str(form["what"])


def test_a_form_lets_the_browser_know_which_fields_are_watched() -> None:
    form = Form()
    assert "data-guard" in str(form["what"])
    assert "data-guard" in str(form["title"])
    assert Form({"what": "Beboer falt", "title": ""}).is_valid()


def test_the_journal_learns_what_the_writer_said_is_no_number() -> None:
    text = "Konto som ligner: 15858510056, ring 90012345 eller 90012346"
    statements = ["what:phone:1", "what:possible:0", "other:phone:2", "what:phone:7", "what:email:0", "nonsense"]
    assert kept(statements, field="what", text=text) == [
        Finding(Kind.POSSIBLE, Level.MEDIUM, text.index("158"), text.index(", ring")),
        Finding(Kind.PHONE, Level.MEDIUM, text.index("90012345"), text.index(" eller")),
    ]
    assert kept(statements, field="what", text=f"{NUMBER} og beboer falt") == []


def test_names_of_a_whole_municipality_are_looked_up_quickly() -> None:
    generator = random.Random(7)
    names = {"".join(generator.choices("abcdefgh", k=6)).title() + " Nordmann" for _ in range(1000)}
    text = "Kari ringte Nordmann. " * 400
    assert sum(finding.kind is Kind.NAME for finding in find(text, names=names)) == 400
    assert seconds(lambda: find(text, names=names), 5) < 0.1


FOUND = st.builds(
    lambda kind, level, start, length: Finding(kind, level, start, start + length),
    st.sampled_from(list(Kind)), st.sampled_from(list(Level)), st.integers(0, 60), st.integers(1, 14),
)  # fmt: skip
SURER = [Level.HIGH, Level.MEDIUM, Level.LOW]


@given(st.lists(FOUND, max_size=25))
def test_of_what_overlaps_the_surer_stays_and_then_what_begins_first(found: list[Finding]) -> None:
    chosen: list[Finding] = []
    order = list(Kind)
    for each in sorted(set(found), key=lambda f: (SURER.index(f.level), f.start, -f.end, order.index(f.kind))):
        if all(each.end <= other.start or other.end <= each.start for other in chosen):
            chosen.append(each)
    assert _without_overlaps(found) == sorted(chosen, key=lambda f: f.start)


class Counted(list[Finding]):
    """A list that counts how often somebody looks into it."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)


def test_many_findings_are_gone_through_once() -> None:
    taken = Counted(Finding(Kind.NATIONAL, Level.HIGH, at, at + 11) for at in range(0, 120_000, 24))
    others = [Finding(Kind.PHONE, Level.MEDIUM, at, at + 8) for at in range(0, 120_000, 12)]
    assert len(_filled(taken, others)) == 10_000
    assert taken.looks <= 4 * (len(taken) + len(others))
