"""A reader sees what a new version changes."""

from __future__ import annotations

import difflib
import random
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import comparison
from documents.comparison import compare
from documents.html import words_alone


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("<p>Ring 110.</p>", "<p>Ring 110.</p>", "<p>Ring 110.</p>"),
        ("", "<p>Ring 110.</p>", "<p><ins>Ring 110.</ins></p>"),
        ("<p>Ring 110.</p>", "", "<p><del>Ring 110.</del></p>"),
        (
            "<p>Ring leder ved brann i bygget.</p>",
            "<p>Ring 110 ved brann i bygget.</p>",
            "<p>Ring <del>leder</del><ins>110</ins> ved brann i bygget.</p>",
        ),
        (  # words that only a space parts are one change
            "<p>Du skal ringe din leder straks, vent så ved porten.</p>",
            "<p>Du skal varsle nærmeste kollega straks, vent så ved porten.</p>",
            "<p>Du skal <del>ringe din leder</del><ins>varsle nærmeste kollega</ins> straks, vent så ved porten.</p>",
        ),
        (  # an item taken out stays in its list
            "<ul><li><p>En</p></li><li><p>To</p></li><li><p>Tre</p></li></ul>",
            "<ul><li><p>En</p></li><li><p>Tre</p></li><li><p>Fire</p></li></ul>",
            "<ul><li><p>En</p></li><li><p><del>To</del></p></li><li><p>Tre</p></li><li><p><ins>Fire</ins></p></li></ul>",
        ),
        (
            "<ol start=\"3\"><li>En<ul><li>Under</li></ul></li></ol>",
            "<ol start=\"3\"><li>En<ul><li>Under</li><li>Ny</li></ul></li></ol>",
            '<ol start="3"><li>En<ul><li>Under</li><li><ins>Ny</ins></li></ul></li></ol>',
        ),
        (
            "<table><tbody><tr><th><p>A</p></th></tr><tr><td>To</td></tr></tbody></table>",
            "<table><tbody><tr><th><p>A</p></th></tr><tr><td>To nå</td></tr><tr><td>Ny</td></tr></tbody></table>",
            "<table><tr><th>A</th></tr><tr><td>To<ins> nå</ins></td></tr><tr><td><ins>Ny</ins></td></tr></table>",
        ),
        (  # a change of form is a change
            "<p>Bruk alltid hansker her</p>",
            "<p>Bruk <strong>alltid</strong> hansker her</p>",
            "<p>Bruk <del>alltid</del><ins><strong>alltid</strong></ins> hansker her</p>",
        ),
        ("<p>Ansvar</p>", "<h2>Ansvar</h2>", "<p><del>Ansvar</del></p><h2><ins>Ansvar</ins></h2>"),
        (
            "<p>Se <a href=\"https://a.example/?x=1&amp;y=2\">loven</a> nå.</p>",
            "<p>Se <a href=\"https://a.example/?x=1&amp;y=2\">loven</a> nå da.</p>",
            '<p>Se <a href="https://a.example/?x=1&amp;y=2" rel="noopener noreferrer">loven</a> nå<ins> da</ins>.</p>',
        ),
        ("<p>Ett</p><hr><p>To</p>", "<p>Ett</p><p>To</p>", "<p>Ett</p><del><hr></del><p>To</p>"),
        ("<blockquote><p>Sitat</p></blockquote>", "<p>Sitat</p>", None),
    ],
)  # fmt: skip
def test_it_works(old: str, new: str, shown: str | None) -> None:
    result = str(compare(old, new))
    if shown is not None:
        assert result == shown
    assert _without(result, "del") == words_alone(new)
    assert _without(result, "ins") == words_alone(old)


def test_text_stays_text() -> None:
    result = compare("<p>a &lt;b&gt; c d</p>", "<p>a &lt;script&gt; c d &amp; e</p>")

    assert "<script" not in result
    assert result == "<p>a &lt;<del>b</del><ins>script</ins>&gt; c d<ins> &amp; e</ins></p>"


def test_what_was_never_clean_is_cleaned() -> None:
    result = compare("", '<p onclick="x()">Hei<script>x()</script><img src="https://a.example/x.png"></p>')

    assert result == "<p><ins>Hei</ins></p>"


def test_a_long_procedure_is_compared_in_a_moment() -> None:
    points = [
        f"<p>Punkt {each}: gjør det som er skrevet i rad {each} av tabell {each * 7}.</p>" for each in range(900)
    ]
    changed = [point.replace("gjør", "gjør alltid") for point in points]

    result = compare("".join(points), "".join(changed))

    assert result.count("<ins> alltid</ins>") == 900
    assert "<del>" not in result


class Counting(difflib.SequenceMatcher[Any]):
    """Keeps count of what it is given to compare, which is what the time follows."""

    work = 0

    def __init__(self, isjunk: Any, a: Any, b: Any, autojunk: bool) -> None:
        Counting.work += 0 if autojunk else len(a) * len(b)
        super().__init__(isjunk, a, b, autojunk)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> type[Counting]:
    Counting.work = 0
    monkeypatch.setattr(comparison, "SequenceMatcher", Counting)
    return Counting


def rewritten(words: int) -> tuple[list[str], list[str]]:
    """A text of few different words, and the same words in another order."""
    dice = random.Random(7)
    text = dice.choices(["en", "to", "tre", "fire", "fem", "seks"], k=words)
    return text, dice.sample(text, k=words)


def test_a_long_paragraph_written_anew_is_shown_as_a_whole(counted: type[Counting]) -> None:
    old, new = rewritten(3_000)
    result = compare(f"<p>{' '.join(old)}</p>", f"<p>{' '.join(new)}</p>")
    assert counted.work <= comparison.MOST_WORK
    assert result.count("<del>") == result.count("<ins>") == 1
    assert _without(result, "del").split() == new
    assert _without(result, "ins").split() == old


def test_a_word_changed_in_a_long_paragraph_is_still_found(counted: type[Counting]) -> None:
    text, _other = rewritten(20_000)
    changed = [*text[:9_000], "sju", *text[9_001:]]
    result = compare(f"<p>{' '.join(text)}</p>", f"<p>{' '.join(changed)}</p>")
    assert f"<del>{text[9_000]}</del><ins>sju</ins>" in result
    assert counted.work < 10


def test_many_long_paragraphs_take_no_more_than_a_few(counted: type[Counting]) -> None:
    pairs = [rewritten(400) for _each in range(60)]
    old, new = ("".join(f"<p>{' '.join(pair[side])}</p>" for pair in pairs) for side in (0, 1))
    result = compare(old, new)
    assert counted.work <= comparison.MOST_WORK + 60 * 60
    assert _without(result, "del") == words_alone(new)
    assert _without(result, "ins") == words_alone(old)


def test_a_document_of_thousands_of_alike_rows_is_not_compared_row_by_row(counted: type[Counting]) -> None:
    old, new = "<p>a</p>" + "<p>–</p>" * 3_000, "<p>–</p>" * 2_500 + "<p>b</p>" * 20
    result = compare(old, new)
    assert counted.work <= comparison.MOST_WORK
    assert _without(result, "del") == words_alone(new)


WORDS = st.lists(st.sampled_from(["brann", "røyk", "dør", "<", "&", "vask"]), min_size=1, max_size=5).map(" ".join)
PARAGRAPH = WORDS.map(lambda text: f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>")
LIST = st.lists(PARAGRAPH, min_size=1, max_size=3).map(
    lambda all_: f"<ul>{''.join(f'<li>{p}</li>' for p in all_)}</ul>"
)
TABLE = st.lists(st.tuples(PARAGRAPH, PARAGRAPH), min_size=1, max_size=3).map(
    lambda rows: f"<table>{''.join(f'<tr><td>{a}</td><td>{b}</td></tr>' for a, b in rows)}</table>"
)
TEXT = st.lists(st.one_of(PARAGRAPH, LIST, TABLE), max_size=5).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_without_its_marks_it_is_the_old_or_the_new(old: str, new: str) -> None:
    result = str(compare(old, new))

    assert _without(result, "del").split() == words_alone(new).split()
    assert _without(result, "ins").split() == words_alone(old).split()
    soup = BeautifulSoup(result, "html.parser")
    assert str(soup) == result.replace("&quot;", '"')  # every tag closed in its place
    assert all(parent.name in ("ul", "ol") for item in soup("li") if (parent := item.parent))
    assert all(row.parent and row.parent.name == "table" for row in soup("tr"))


def _without(html: str, mark: str) -> str:
    return words_alone(re.sub(rf"<{mark}>.*?</{mark}>", "", html, flags=re.DOTALL))
