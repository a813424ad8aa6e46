"""Staff find the procedures that are for them, by the words they happen to use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import search
from documents.actions import type_of
from documents.lifecycle import State
from documents.models import Document, Fingerprint, Kind, Reach, SearchEntry, Version
from kvalitetslosen.organisation.models import Unit, User
from tests.documents.in_force import in_force
from tests.people import World

Write = Callable[..., Document]


@pytest.fixture
def write(world: World) -> Write:
    def written(title: str, text: str = "", unit: Unit | None = None, **more: str) -> Document:
        return in_force(title, text, unit=unit or world.home_care, author=world.leif, approver=world.sunniva, **more)

    return written


def titles(user: User, text: str, **more: object) -> list[str]:
    within = search.Within(**more)  # type: ignore[arg-type]
    return [hit.title for hit in search.find(user, text, within=within).hits]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("brann", "Brannvernrutiner"),
        ("rutine", "Brannvernrutiner"),
        ("rutinene", "Brannvernrutiner"),
        ("avvik", "Melding av avvikene"),
        ("AVVIKET", "Melding av avvikene"),
        ("sykehjemmet", "Sjukeheimen om natta"),
        ("sjukeheim", "Sykehjemmet om natten"),
        ("øvelse", "Øving på evakuering"),
        ("medisiner", "Utdeling av medisin"),
        ("håndhygiene", "Handhygiene"),
        ("rømningsvei", "Hald rømmingsvegane frie"),
        ("rømmingsvegar", "Hold rømningsveien fri"),
    ],
)
def test_it_works_whatever_form_of_the_word_is_used(world: World, write: Write, asked: str, title: str) -> None:
    write(title, "Les dette først.")
    write("Noe helt annet", "Om parkering ved rådhuset.")

    assert titles(world.nora, asked) == [title]


def test_a_part_inside_a_word_by_chance_is_not_found(world: World, write: Write) -> None:
    write("Sortering av avfall")

    assert titles(world.nora, "fall") == []


def test_letters_of_their_own_stay_apart(world: World, write: Write) -> None:
    write("Måling av blodtrykk")

    assert titles(world.nora, "maling") == []


def test_all_words_must_be_there(world: World, write: Write) -> None:
    write("Brann i garasjen", "Ring nødetatene.")
    write("Brann i kjøkkenet", "Bruk teppe.")

    assert titles(world.nora, "brann teppe") == ["Brann i kjøkkenet"]


def test_the_number_finds_the_document(world: World, write: Write) -> None:
    write("Utdeling")
    second = write("Innkjøp")

    assert titles(world.nora, second.number) == ["Innkjøp"]
    assert titles(world.nora, second.number.replace("-", "").lower()) == ["Innkjøp"]


def test_the_title_counts_more_than_the_text_and_the_word_more_than_its_beginning(world: World, write: Write) -> None:
    write("Orden i gangene", "Gangene holdes fri, også ved brann. " + "Rydding hver dag. " * 40)
    write("Brannvernrutiner", "Slik gjør vi det.")
    write("Brann", "Slik gjør vi det.")

    assert titles(world.nora, "brann") == ["Brann", "Brannvernrutiner", "Orden i gangene"]


def test_part_of_what_is_asked_counts_more_in_a_title_than_in_a_text(world: World, write: Write) -> None:
    for each in ("Dosett", "Hendelser", "Utstyr"):
        write(each, "Meld avvik samme dag.")
    write("Avvikshåndtering", "Alle skal melde avvik.")

    assert titles(world.nora, "hvordan melder jeg avvik")[0] == "Avvikshåndtering"


def test_pages_follow_each_other_without_gap(world: World, write: Write) -> None:
    for each in range(5):
        write(f"Fallforebygging {each}")

    first = search.find(world.nora, "fall", limit=3)
    rest = search.find(world.nora, "fall", limit=3, offset=3)

    assert (len(first.hits), first.more) == (3, True)
    assert (len(rest.hits), rest.more) == (2, False)
    assert len({hit.document_id for hit in [*first.hits, *rest.hits]}) == 5


def test_kind_and_unit_narrow(world: World, write: Write) -> None:
    write("Sjekkliste for vask", kind=Kind.CHECKLIST, reach=Reach.MUNICIPALITY)
    write("Rutine for vask", unit=world.health)

    assert titles(world.nora, "vask", type=type_of(world.municipality.pk, Kind.CHECKLIST)) == ["Sjekkliste for vask"]
    assert titles(world.nora, "vask", unit=world.home_care) == ["Sjekkliste for vask"]
    assert sorted(titles(world.nora, "vask", unit=world.health)) == ["Rutine for vask", "Sjekkliste for vask"]


@pytest.mark.parametrize(
    ("place", "reach", "readers", "others"),
    [
        ("home_care", Reach.UNIT, "nora leif sunniva rolf kaja kristin", "greta hans tiril ada mona"),
        ("health", Reach.UNIT, "nora leif greta hans vidar sunniva kaja", "tiril per mona"),
        ("nursing_home", Reach.UNIT, "greta hans sunniva kaja leif", "nora vidar mona"),  # leif owns it
        ("home_care", Reach.MUNICIPALITY, "nora greta tiril per ada", "mona"),
    ],
)
def test_only_those_who_may_read_it_find_it(
    world: World, write: Write, place: str, reach: str, readers: str, others: str
) -> None:
    document = write("Brannvernrutiner", unit=getattr(world, place), reach=reach)

    for name in readers.split():
        assert titles(world.people[name], "brann") == ["Brannvernrutiner"], name
        assert Version.objects.in_force().visible_to(world.people[name]).filter(document=document).exists(), name
    for name in others.split():
        assert titles(world.people[name], "brann") == [], name
        assert not Version.objects.in_force().visible_to(world.people[name]).filter(document=document).exists(), name


def test_drafts_are_not_found_and_what_is_withdrawn_no_longer(world: World, write: Write) -> None:
    document = write("Brannvernrutiner")
    Version.objects.filter(document=document).update(state=State.WITHDRAWN, ended_at=timezone.now())
    search.index(document)
    assert titles(world.leif, "brann") == []
    assert not SearchEntry.objects.exists()

    search.index(document)  # and nothing happens the second time
    assert not SearchEntry.objects.exists()


def test_the_new_version_is_found_by_its_words_and_the_old_words_are_gone(world: World, write: Write) -> None:
    document = write("Brannvernrutiner", "Samles ved flaggstangen.")
    Version.objects.filter(document=document).update(title="Evakuering", text="Samles ved hovedporten.")
    search.index(document)

    assert titles(world.nora, "flaggstang") == []
    assert titles(world.nora, "brann") == []
    assert titles(world.nora, "port") == ["Evakuering"]


def test_writing_the_index_anew_finds_the_same(world: World, write: Write) -> None:
    write("Brannvernrutiner")
    write("Fallforebygging")
    Version.objects.filter(title="Fallforebygging").update(title="Forebygging av fall")

    search.reindex()

    assert titles(world.nora, "brann") == ["Brannvernrutiner"]
    assert titles(world.nora, "fall") == ["Forebygging av fall"]
    assert Fingerprint.objects.filter(document__title="Brannvernrutiner").exists()


def test_writing_the_index_anew_asks_no_more_for_each_document(world: World, write: Write) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            search.reindex()
        return sum(query["sql"].startswith("SELECT") for query in queries)

    write("Brannvernrutiner")
    few = asked()
    for number in range(5):
        write(f"Fallforebygging {number}")

    assert asked() == few


def test_the_extract_shows_where_the_words_are_and_nothing_of_the_text_as_markup(world: World, write: Write) -> None:
    write(
        "Trygg hverdag", "Innledning. " * 60 + 'Ved <b>brann</b> & røyk: "ring" brannvesenet straks. ' + "Slutt. " * 60
    )

    [hit] = search.find(world.nora, "brann").hits

    assert (
        "&lt;b&gt;<mark>brann</mark>&lt;/b&gt; &amp; røyk: &quot;ring&quot; <mark>brannvesenet</mark>" in hit.extract
    )
    assert hit.extract.startswith("… ")
    assert hit.extract.endswith(" …")
    assert len(hit.extract) < 320


def test_the_extract_marks_the_other_form_of_norwegian(world: World, write: Write) -> None:
    write("Om natta", "Sjukeheimen er låst.")

    [hit] = search.find(world.nora, "sykehjem").hits

    assert hit.extract == "<mark>Sjukeheimen</mark> er låst."


def test_the_extract_is_the_beginning_when_only_the_title_has_the_word(world: World, write: Write) -> None:
    write("Brannvern", "Ring nødetatene.")

    [hit] = search.find(world.nora, "brann").hits

    assert hit.extract == "Ring nødetatene."
    assert (hit.number, hit.type_id) == ("P-1", type_of(world.municipality.pk, "procedure").pk)


def test_letters_that_unfold_to_several_do_not_shift_the_marks(world: World, write: Write) -> None:
    write("Gate", "Straße … ﬁn ½ İ brann ute.")

    [hit] = search.find(world.nora, "brann").hits

    assert "½ İ <mark>brann</mark> ute." in hit.extract


@pytest.mark.parametrize(
    "odd",
    [
        *("", " ", "på", '"', "'", "brann'", '"brann', "brann*", "(", "a:b", "NEAR(", "-", "%", "\\", "\x00", "AND"),
        *("brann\x00", "½", "ʼ", "𝔘𝔫", "e\u0301", "a" * 5000, "ord " * 500),
    ],
)
def test_odd_signs_are_no_error(world: World, write: Write, odd: str) -> None:
    write("Brannvern")

    assert titles(world.nora, odd) in ([], ["Brannvern"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_nothing_typed_is_an_error(world: World, text: str) -> None:
    search.find(world.nora, text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60))
def test_no_text_is_too_odd_to_be_indexed(world: World, write: Write, text: str) -> None:
    document = write("Rart", text)

    assert search.find(world.nora, "rart").hits
    document.search_entry.delete()


def test_a_search_is_three_queries_however_many_are_found(world: World, write: Write) -> None:
    for each in range(8):
        write(f"Fallforebygging {each}", "Fall skjer.")
    assert world.nora.standing.units("employee")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(search.find(world.nora, "fall").hits) == 8
    assert len(queries) == 3  # synonyms, hits, their texts
