"""Staff find a procedure although they spell it wrong, call it something else or write it as one word."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from documents import actions, search, spelling
from documents.lifecycle import State
from documents.models import Document, IndexedWord, Kind, MissedSearch, Reach, Subject, Synonyms, Version
from documents.questions import KIND_STEMS
from kvalitetslosen.organisation.models import Unit, User
from tests.documents.in_force import in_force
from tests.people import World

Write = Callable[..., Document]
Login = Callable[[User], Client]


@pytest.fixture
def write(world: World) -> Write:
    def written(title: str, text: str = "", unit: Unit | None = None, **more: str) -> Document:
        return in_force(title, text, unit=unit or world.home_care, author=world.leif, approver=world.sunniva, **more)

    return written


def titles(user: User, text: str) -> list[str]:
    return [hit.title for hit in search.find(user, text).hits]


# Words put together, and kinds of documents


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("brannvernrutiner", "Brannvern i kommunale bygg"),
        ("brannvernrutinar", "Brannvern i kommunale bygg"),
        ("rutine for brannvern", "Brannvern i kommunale bygg"),
        ("sjekkliste brannvern", "Brannvern i kommunale bygg"),
        ("fallprosedyre", "Fall: hva du gjør"),
        ("legemiddelskap", "Legemidler og skap"),
        ("medisinskapet", "Medisin i skap"),
        ("brukermedvirkningsplikt", "Plikt til brukermedvirkning"),
    ],
)
def test_a_compound_finds_its_parts(world: World, write: Write, asked: str, title: str) -> None:
    write(title, "Les dette først.")
    write("Noe helt annet", "Om parkering ved rådhuset.")

    assert titles(world.nora, asked) == [title]


def test_a_kind_alone_is_asked_for_as_it_is(world: World, write: Write) -> None:
    write("Rutine for nøkler")
    write("Nøkler", "Lås døra.")

    assert titles(world.nora, "rutine") == ["Rutine for nøkler"]
    assert titles(world.nora, "rutine nøkler") == ["Rutine for nøkler", "Nøkler"]
    assert "rutin" in KIND_STEMS


def test_what_has_the_compound_itself_comes_first(world: World, write: Write) -> None:
    write("Brannvern", "Om rutiner.")
    write("Brannvernrutiner", "Slik gjør vi det.")

    assert titles(world.nora, "brannvernrutiner") == ["Brannvernrutiner", "Brannvern"]


# Words that mean the same


def test_the_municipalitys_synonyms_find_each_other(world: World, write: Write) -> None:
    write("Utdeling av legemidler")
    write("Helse, miljø og sikkerhet på jobb")
    write("Parkering")
    assert titles(world.nora, "tabletter") == []

    actions.add_synonyms(by=world.ada, words="legemiddel, tabletter, medikament")
    hse = actions.add_synonyms(by=world.ada, words="HMS, helse miljø sikkerhet")

    assert titles(world.nora, "tablett") == ["Utdeling av legemidler"]
    assert titles(world.nora, "hms") == ["Helse, miljø og sikkerhet på jobb"]
    actions.change_synonyms(synonyms=hse, by=world.ada, words=hse.words, is_active=False)
    assert titles(world.nora, "hms") == []


def test_another_municipalitys_synonyms_count_for_nothing(world: World, write: Write) -> None:
    write("Utdeling av legemidler")
    actions.add_synonyms(by=world.mona, words="legemiddel, tabletter")

    assert titles(world.nora, "tabletter") == []


def test_ready_synonyms_and_subjects_are_laid_once(world: World) -> None:
    for _time in range(2):
        actions.lay_synonyms(municipality=world.municipality, by=None)
        actions.lay_subjects(municipality=world.municipality, by=None)

    assert Synonyms.objects.filter(municipality=world.municipality).count() > 30
    assert Subject.objects.filter(municipality=world.municipality, parent=None).count() == 9


# Misspellings


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("medsiner", "medisin"),
        ("medesinene", "medisin"),
        ("legemidelhåndtring", "legemiddelhåndtering"),
        ("falforebyging", "fallforebygging"),
        ("evakuring", "evakuering"),
        ("vodl", "vold"),
        ("medisin evakuring", "medisin evakuering"),
        ("brann", ""),
        ("utagerende", ""),
        ("ferie", ""),
        ("xyzzy", ""),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_a_slip_of_the_finger_is_understood(world: World, write: Write, asked: str, meant: str) -> None:
    write("Medisin ved evakuering", "Legemiddelhåndtering og fallforebygging. Vold. Uten stans, utan stans, ferdig.")

    assert spelling.meant(world.nora, asked) == meant


def test_no_word_is_told_that_stands_only_where_the_person_may_not_read(world: World, write: Write) -> None:
    write("Nedbemanning ved sykehjemmet", "Om permittering.", unit=world.nursing_home)
    write("Nedbemanningen i hjemmetjenesten", "Alle.", unit=world.home_care)
    assert IndexedWord.objects.filter(stem="permittering").exists()

    assert spelling.meant(world.greta, "permitering") == "permittering"
    assert spelling.meant(world.nora, "permitering") == ""
    assert spelling.meant(world.mona, "permitering") == ""
    # The form of the word is one the person can read as well.
    assert spelling.meant(world.nora, "nedbemaning") == "nedbemanningen"


def test_what_no_longer_applies_is_not_suggested(world: World, write: Write) -> None:
    document = write("Evakuering")
    Version.objects.filter(document=document).update(state=State.WITHDRAWN, ended_at=timezone.now())
    search.index(document)

    assert spelling.meant(world.nora, "evakuring") == ""


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("fall", "fall", 0), ("flal", "fall", 1), ("fal", "fall", 1), ("abc", "xyz", 3)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert spelling.distance(one, other) == slips


def test_the_page_says_what_was_probably_meant(world: World, login: Login, write: Write) -> None:
    write("Evakuering av beboere")

    page = login(world.nora).get("/handbok/?q=evakuring").content.decode()
    assert 'href="?q=evakuering"' in page
    assert "evakuering" not in login(world.greta).get("/handbok/?q=evakuring").content.decode()


# Titles as one writes


def test_titles_are_suggested_from_their_beginnings(world: World, login: Login, write: Write) -> None:
    write("Brannvern i kommunale bygg")
    write("Utdeling av medisin", "Brann nevnes bare i teksten.")
    write("Brann ved sykehjemmet", unit=world.nursing_home)

    def suggested(user: User, text: str) -> list[str]:
        return [title for _number, title, _kind in search.suggest(user, text)]

    assert suggested(world.nora, "br") == ["Brannvern i kommunale bygg"]
    assert suggested(world.nora, "bygg sykehjem") == []
    assert suggested(world.nora, "kommunale bra") == ["Brannvern i kommunale bygg"]
    assert suggested(world.nora, "brannverne") == ["Brannvern i kommunale bygg"]
    assert suggested(world.nora, "b") == suggested(world.nora, "") == suggested(world.nora, "' \\ : *") == []
    assert suggested(world.nora, "brannvernrutiner") == ["Brannvern i kommunale bygg"]
    actions.lay_synonyms(municipality=world.municipality, by=None)
    assert suggested(world.nora, "legemidler") == ["Utdeling av medisin"]
    page = login(world.nora).get("/handbok/forslag/?q=bra").content.decode()
    assert "Brannvern i kommunale bygg" in page
    assert "sykehjemmet" not in page
    assert login(world.nora).post("/handbok/forslag/").status_code == 405
    assert login(world.mona).get("/handbok/forslag/?q=bra").content.decode().strip() == ""


# Where in the text


def test_a_hit_says_under_which_heading_it_stands(world: World, login: Login) -> None:
    draft = actions.create_document(by=world.leif, title="Trygg hverdag", kind="procedure", unit=world.home_care)
    body = "<p>Først.</p><h2>Når noen faller</h2><p>Ring vakten.</p><h2>Etterpå</h2><p>Mål blodtrykket igjen.</p>"
    actions.save(version=draft, by=world.leif, title=draft.title, body=body)
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)

    [hit] = search.find(world.nora, "blodtrykk").hits
    assert (hit.heading, hit.anchor) == ("Etterpå", "del-etterpå")
    [hit] = search.find(world.nora, "faller").hits
    assert (hit.heading, hit.anchor) == ("Når noen faller", "del-når-noen-faller")
    [hit] = search.find(world.nora, "først").hits
    assert (hit.heading, hit.anchor) == ("", "")
    page = login(world.nora).get("/handbok/?q=blodtrykk").content.decode()
    assert f"/handbok/{draft.document.number}/#del-etterpå" in page


# Narrowing by subject and law


def test_subject_and_law_narrow_a_search_and_a_list(world: World, login: Login, write: Write) -> None:
    fire, key = write("Brann i bygg", kind=Kind.CHECKLIST), write("Brann og nøkler")
    subject = actions.add_subject(by=world.ada, name="Bygg")
    below = actions.add_subject(by=world.ada, name="Brannvern", parent=subject)
    actions.set_subjects(document=fire, by=world.leif, subjects=[below])
    sources = actions.sources_for(world.municipality.pk)
    law = next(source for source in sources if source.short == "forskrift om brannforebygging")
    actions.set_legal_bases(document=fire, by=world.leif, places=[(law, "§ 12")])

    assert not actions.set_subjects(document=fire, by=world.leif, subjects=[below])
    for address in (f"emne={subject.pk}", f"emne={below.pk}", f"lov={law.pk}", "type=checklist"):
        for words in ("q=brann&", ""):
            page = login(world.nora).get(f"/handbok/?{words}{address}").content.decode()
            assert fire.title in page, address
            assert key.title not in page, address
    # Not a subject of another municipality's, and nothing that isn't one: then it narrows nothing.
    other = actions.add_subject(by=world.mona, name="Bygg")
    assert key.title in login(world.nora).get(f"/handbok/?q=brann&emne={other.pk}&lov=x").content.decode()


# What was asked for in vain


def asks(login: Login, user: User, text: str) -> None:
    assert login(user).get("/handbok/", {"q": text}).status_code == 200


def test_what_two_people_ask_for_in_vain_is_listed_for_those_who_can_mend_it(
    world: World, login: Login, write: Write
) -> None:
    write("Brannvern")
    asks(login, world.nora, "Parkering for besøkende")
    asks(login, world.nora, "besøkende parkering")
    listed = "/handbok/ikke-funnet/"
    assert "arkering" not in login(world.ada).get(listed).content.decode()

    asks(login, world.greta, "parkering besøkende")

    for who in (world.ada, world.kristin):
        page = login(who).get(listed).content.decode()
        assert "Parkering for besøkende" in page
        assert "Nora" not in page
    for who in (world.nora, world.leif, world.kaja):
        assert login(who).get(listed).status_code == 403
    assert "arkering" not in login(world.mona).get("/handbok/").content.decode()


def test_what_is_dealt_with_is_off_the_list_until_it_is_asked_for_again(
    world: World, login: Login, write: Write
) -> None:
    write("Brannvern")
    for who in (world.nora, world.greta):
        asks(login, who, "parkering")
    row = MissedSearch.objects.get()
    address, data = "/handbok/ikke-funnet/ferdig/", {"stems": row.stems}

    assert login(world.ada).get(address).status_code == 405
    assert login(world.nora).post(address, data).status_code == 403
    assert login(world.ada).post(address, data).status_code == 302
    assert "Parkering" not in login(world.ada).get("/handbok/ikke-funnet/").content.decode()
    assert login(world.ada).post(address, data).status_code == 302  # and nothing happens the second time


@pytest.mark.parametrize(
    "text",
    ["15858510055", "12345678", "kari@fjelldal.example", "Nora Nygård", "hva gjør jeg når noen har falt i trappa ute",
     "fødselsnummer 1234", "x"],
)  # fmt: skip
def test_what_may_tell_of_a_person_is_not_kept(world: World, login: Login, write: Write, text: str) -> None:
    for who in (world.leif, world.greta):
        asks(login, who, text)

    assert not MissedSearch.objects.exists()


def test_a_search_that_is_narrowed_is_not_one_that_found_nothing(world: World, login: Login, write: Write) -> None:
    write("Brannvern", reach=Reach.MUNICIPALITY)

    login(world.nora).get("/handbok/?q=brann&type=checklist")

    assert not MissedSearch.objects.exists()


def test_it_is_forgotten_after_a_year_and_who_asked_last_when_the_month_is_over(
    world: World, login: Login, write: Write
) -> None:
    asks(login, world.nora, "parkering")
    row = MissedSearch.objects.get()
    assert row.last_mark

    now = timezone.now()
    actions.forget(now)
    row.refresh_from_db()
    assert row.last_mark
    actions.forget(now + datetime.timedelta(days=32))
    row.refresh_from_db()
    assert row.last_mark == ""
    actions.forget(now + datetime.timedelta(days=380))
    assert not MissedSearch.objects.exists()
