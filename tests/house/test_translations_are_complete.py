"""Everything the product says, it says in English, bokmål and nynorsk: whole, and each in its own language.

The source texts are gathered anew from the code with Babel, as no machine need have gettext.
"""

from __future__ import annotations

import ast
import gc
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import django_prose_editor
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.template import templatize

from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import written
from scripts.compile_messages import compile_catalogue
from tests.people import World

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("kvalitetslosen", "documents", "deviations", "improvement")
NORWEGIAN = ("nb", "nn")

KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")
TAG = re.compile(r"<[^>]*>")
BEFORE = re.compile(r"\A\s+")
AFTER = re.compile(r"\s+\Z")
WORD = re.compile(r"[a-zæøåéèòóôü-]+")

BOKMAL_ONLY = set(
    WORD.findall(
        """ikke hvordan noen noe hva hvor hvem hvilken hvilke hvilket hvorfor hver hvert hvis jeg en et fra mer bare
        også være vært gjøre gjør ble uke uken ukens navn navnet enhet enheten enheter enhetene enhets leder lederen
        ledere lederne mulig umulig eier eieren ansatt ansatte tjeneste tjenesten skole sykehjem mottatt mottar
        motta lukket deres dem de disse åpne åpen åpnet nå måned måneden måneder månedene uten sammen videre saken
        filen lenken listen rollen gruppen endret lagret startet fjernet skrevet vet sier selv selve stedfortreder
        saksbehandler verneombud personvernombud tillitsvalgt alvorlighetsgrad sannsynlighet påminnelse påminnelser
        oppgave oppgaver hendelse hendelsen fortsatt ennå kommer trenger venter mangler begynne slutter velg velge
        gjelder finnes forbedring tidligere senere flere dager minutter"""
    )
)
NYNORSK_ONLY = set(
    WORD.findall(
        """ikkje korleis nokon noko nokre nokor kva kvar kven kvifor kvart eg ein eit frå meir berre òg vere vore gjere
        gjer vart vorte veke veka namn namnet eining eininga einingar einingane leiar leiaren leiarar leiarane
        mogleg umogleg eigar eigaren tilsett tilsette teneste tenesta skule sjukeheim motteke motteken mottekne
        lukka dykk dei desse opne opna månad månaden månader utan saman vidare endra lagra starta fjerna veit seier
        sjølv sjølve stadfortredar saksbehandlar verneombod personvernombod tillitsvald alvorsgrad sannsyn påminning
        påminningar oppgåve oppgåver hending hendinga framleis enno kjem treng ventar manglar byrje sluttar velje
        gjeld finst forbetring tidlegare seinare fleire dagar medan dersom høyrer gong innan"""
    )
)


class Text:
    """One source text: where it is used, and what has to be said for it."""

    def __init__(self, ids: tuple[str, ...], context: str | None) -> None:
        self.ids = ids
        self.context = context
        self.files: set[str] = set()

    def __str__(self) -> str:
        return f"“{self.ids[0]}” ({', '.join(sorted(self.files))})"


def _sources() -> Iterator[tuple[Path, str]]:
    """Each file that speaks, as Python code."""
    for top in PYTHON:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")
    for folder in (ROOT / "templates", *(ROOT / top for top in PYTHON)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt"}:
                code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
                # What isn't text to translate has become letters; without indentation it is tokens of Python.
                yield path, "\n".join(line.strip() for line in code.splitlines())


@cache
def texts() -> dict[tuple[str | None, str], Text]:
    found: dict[tuple[str | None, str], Text] = {}
    for path, code in _sources():
        for _line, message, _comments, context in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
            ids = (message,) if isinstance(message, str) else tuple(message or ())
            text = found.setdefault((context, ids[0]), Text(ids, context))
            if len(ids) > len(text.ids):
                text.ids = ids
            text.files.add(str(path.relative_to(ROOT)))
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def test_no_text_hides_where_gettext_does_not_look() -> None:
    """A text inside an f-string works, but is never gathered: so it would stay English."""
    names = set(KEYWORDS) | {"gettext", "_"}
    hidden = []
    for top in PYTHON:
        for path in sorted((ROOT / top).rglob("*.py")):
            for filled in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(filled, ast.JoinedStr):
                    calls = [call for call in ast.walk(filled) if isinstance(call, ast.Call)]
                    hidden += [
                        f"{path.relative_to(ROOT)}:{call.lineno}"
                        for call in calls
                        if getattr(call.func, "id", getattr(call.func, "attr", "")) in names
                    ]
    assert not hidden


def said(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def asked(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(language: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for message in catalogue(language):
        if message.id and all(said(message)):
            yield asked(message), said(message)


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_editor_of_documents_speaks_norwegian(language: str) -> None:
    """It brings no Norwegian itself; what it says is read out of one of the languages it does bring."""
    with (Path(django_prose_editor.__file__).parent / "locale/de/LC_MESSAGES/djangojs.po").open("rb") as file:
        needed = {message.id for message in read_po(file, locale="de") if message.id}
    with (ROOT / "locale" / language / "LC_MESSAGES" / "djangojs.po").open("rb") as file:
        assert needed <= {message.id for message in read_po(file, locale=language) if message.string}


def words(text: str) -> set[str]:
    return set(WORD.findall(PLACEHOLDER.sub(" ", TAG.sub(" ", text)).lower()))


def test_the_source_is_read() -> None:
    assert len(texts()) > 1000
    assert ("working days until", "Closed") in texts()
    assert any(len(text.ids) == 2 for text in texts().values())
    assert any(file.endswith(".txt") for text in texts().values() for file in text.files)


@pytest.mark.parametrize("language", NORWEGIAN)
def test_everything_is_said_in_norwegian(language: str) -> None:
    missing = []
    for (context, source), text in texts().items():
        message = catalogue(language).get(source, context)
        if message is None or message.fuzzy or len(said(message)) != len(text.ids) or not all(said(message)):
            missing.append(str(text))
    assert not missing, f"{len(missing)} texts lack {language}:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", NORWEGIAN)
def test_nothing_is_left_uncertain(language: str) -> None:
    assert not [message.id for message in catalogue(language) if message.id and message.fuzzy]
    assert catalogue(language).num_plurals == 2


@pytest.mark.parametrize("language", NORWEGIAN)
def test_what_is_filled_in_is_the_same(language: str) -> None:
    wrong = []
    for source, target in translations(language):
        for number, text in enumerate(target):
            own = sorted(PLACEHOLDER.findall(source[min(number, len(source) - 1)]))
            # «One thing» and «éin ting» may do without the number.
            spare = {tuple(sorted(PLACEHOLDER.findall(one))) for one in source} if number == 0 else set()
            mine = sorted(PLACEHOLDER.findall(text))
            around = [edge.findall(text) == edge.findall(source[0]) for edge in (BEFORE, AFTER)]
            if not all(around) or (mine != own and tuple(mine) not in spare):
                wrong.append((source, text))
    assert not wrong


@pytest.mark.parametrize(("language", "foreign"), [("nn", BOKMAL_ONLY), ("nb", NYNORSK_ONLY)])
def test_each_language_keeps_to_itself(language: str, foreign: set[str]) -> None:
    mixed = [(text, words(text) & foreign) for _, target in translations(language) for text in target]
    assert not [(text, found) for text, found in mixed if found]


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_language_is_plain(language: str) -> None:
    stiff = re.compile(r"vennl[ie]gst|venligst|[“”\"]", re.IGNORECASE)
    assert not [text for _, target in translations(language) for text in target if stiff.search(TAG.sub("", text))]


KEEPING = type(cache(len))


def forget_what_was_said() -> None:
    """Pages keep some words once they are said; in other tests they said those of the source in every language."""
    for each in gc.get_objects():
        if type(each) is KEEPING and each.__module__.startswith(("kvalitetslosen.ui", "deviations.")):
            each.cache_clear()


@pytest.fixture
def norwegian(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The catalogues as they are now, compiled."""
    forget_what_was_said()
    for language in NORWEGIAN:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "locale" / language / "LC_MESSAGES" / "django.po", folder)
        compile_catalogue(folder / "django.po")
    settings.LOCALE_PATHS = [tmp_path]
    yield
    forget_what_was_said()


PAGES = [
    "/", "/meld/", "/avvik/", "/rapporter/", "/handbok/", "/tiltak/", "/varsler/", "/organisasjon/",
    "/konto/sessions/", "/konto/password/change/", "/konto/logout/", "/finnes-ikke/",
]  # fmt: skip
OUTSIDE = ["/konto/login/", "/konto/password/reset/", "/konto/password/reset/done/"]


def english(page: str, language: str) -> set[str]:
    """Source texts that stand on the page as they are, though the language has other words for them."""
    foreign = {
        source[0].strip()
        for source, target in translations(language)
        if source[0].strip() not in {text.strip() for text in target} and not PLACEHOLDER.search(source[0])
    } - {text.strip() for _, target in translations(language) for text in target}
    soup = BeautifulSoup(page, "html.parser")
    for hidden in soup(["script", "style"]):
        hidden.decompose()
    shown = {" ".join(text.split()) for text in soup.stripped_strings}
    for name in ("aria-label", "title", "placeholder", "alt"):
        shown |= {str(tag[name]).strip() for tag in soup.select(f"[{name}]")}
    return (shown & foreign) - {"English"}  # the choice of language names each in its own


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_pages_have_no_english_left(
    language: str, norwegian: None, world: World, login: Callable[[User], Client]
) -> None:
    left: dict[str, set[str]] = {}
    for person in (world.leif, world.ada):
        organisation.choose_language(user=person, language=language)
        client = login(person)
        for address in PAGES:
            answer = client.get(address, follow=True)
            page = answer.content.decode()
            assert f'<html lang="{language}"' in page, address
            if found := english(page, language):
                left[f"{address} ({person.name})"] = found
    for address in OUTSIDE:
        page = Client().get(address, headers={"accept-language": language}).content.decode()
        if found := english(page, language):
            left[address] = found
    assert not left


@pytest.mark.parametrize("language", NORWEGIAN)
def test_months_are_norwegian(language: str) -> None:
    with translation.override(language):
        assert [written(date(2020, month, 1)).split()[1] for month in range(1, 13)] == [
            "januar", "februar", "mars", "april", "mai", "juni",
            "juli", "august", "september", "oktober", "november", "desember",
        ]  # fmt: skip
        assert date_format(date(2026, 12, 31), "j. F Y") == "31. desember 2026"


@pytest.mark.parametrize("language", NORWEGIAN)
def test_each_text_stands_once_and_by_itself(language: str) -> None:
    """What two people add in one place can run together: one text then has the other's translation."""
    written = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    entries = [re.findall(r"^(msgctxt|msgid) (.*)$", entry, re.MULTILINE) for entry in written.split("\n\n")[1:]]
    assert [each for each in entries if [kind for kind, _text in each].count("msgid") != 1] == []
    assert len({tuple(each) for each in entries if each[-1][1] != '""'}) == len(
        [each for each in entries if each[-1][1] != '""']
    )
    assert not re.search(r"^msgstr .*\nmsgstr ", written, re.MULTILINE)
