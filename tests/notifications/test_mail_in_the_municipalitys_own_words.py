"""An administrator says a mail in other words: with a few facts filled in, nothing run, nothing else let out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Worded, messages_about
from kvalitetslosen.notifications.models import mail_settings
from kvalitetslosen.notifications.settings_actions import set_words, use_standard_words
from kvalitetslosen.notifications.views import texts_to_add_to
from kvalitetslosen.notifications.wording import Wording, fill, unknown
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import SECRET_TEXT, Post, at
from tests.people import World

Login = Callable[[User], Client]
Report = Callable[..., Deviation]
ARRIVED = "deviations.arrived"
PAGE = f"/varsler/innstillinger/{ARRIVED}/"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def say(world: World, subject: str, body: str, *, key: str = ARRIVED, added: str = "") -> None:
    """What Fjelldal says in bokmål."""
    set_words(
        municipality_id=world.municipality.pk,
        by=world.ada,
        key=key,
        added={"nb": added},
        wordings={"nb": Wording(subject, body)},
    )


class TestFilling:
    def test_each_name_is_filled_in_wherever_it_stands(self) -> None:
        assert fill("{sak} i {enhet}: {sak}", {"sak": "A-1", "enhet": "Skolen"}) == "A-1 i Skolen: A-1"

    def test_a_value_is_never_read_again(self) -> None:
        assert fill("{a}{b}", {"a": "{b}", "b": "{a}"}) == "{b}{a}"

    @pytest.mark.parametrize(
        "text", ["{{ sak }}", "{% load i18n %}", "{sak.unit}", "{sak!r}", "{0}", "{", "}", "{sak", "{tekst}", "{ sak}"]
    )
    def test_whatever_else_stands_in_braces_is_unknown(self, text: str) -> None:
        assert unknown(text, ["sak"])

    def test_what_is_known_and_what_has_no_braces_is_not(self) -> None:
        assert unknown("{sak} · 100 % %(sak)s $sak <b>", ["sak"]) == []

    @given(st.text(alphabet="{}saken %.!_\n"), st.text(alphabet="{}sak"))
    def test_what_is_let_through_has_no_brace_left_but_those_of_the_value(self, text: str, value: str) -> None:
        if not unknown(text, ["sak"]):
            assert fill(text, {"sak": value}).count("{") == text.count("{sak}") * value.count("{")


def test_every_mail_has_an_example_in_every_language_and_no_name_twice(world: World) -> None:
    for key, worded in texts_to_add_to().items():
        for language in LANGUAGES:
            names = [each.name(language) for each in worded.placeholders]
            assert len(set(names)) == len(names), key
            assert unknown("".join(f"{{{name}}}" for name in names), names) == []
            with translation.override(language):
                context = worded.example_context()
                assert worded.own_subject(context, Wording(), language), key
                if worded.has_body:
                    assert worded.own_body(context, Wording(), language, "")[0], key


def test_every_fact_that_may_be_written_is_one_the_mail_has(world: World, report: Report, post: Post) -> None:
    """What a placeholder names is in the message's context: a misspelt one would be a dash for ever."""
    case = report()
    event = Event.objects.about(case).first()
    assert event is not None
    for message in messages_about("deviations.reported"):
        facts = message.context(event, case, world.leif)
        assert {each.fact for each in message.placeholders} <= set(facts), message.key


class TestSent:
    def test_the_handler_reads_the_municipalitys_words(self, world: World, report: Report, post: Post) -> None:
        say(world, "Ny sak: {sak}", "Hei. {enhet} har fått {sak}, frist {frist}.", added="Hilsen Ada")
        case = report()
        post.deliver()
        (got,) = post.to(world.leif)
        assert got.subject == f"Ny sak: {case.reference}"
        assert got.body.startswith(f"Hei. Hjemmetjenesten har fått {case.reference}, frist ")
        assert got.body.count(f"http://testserver/avvik/{case.reference}/") == 1
        assert "Hilsen Ada" in got.body
        assert SECRET_TEXT not in got.body

    def test_the_link_stands_where_it_was_placed_and_once(self, world: World, report: Report, post: Post) -> None:
        say(world, "", "Åpne {lenke} i dag.")
        case = report()
        post.deliver()
        (got,) = post.to(world.leif)
        assert got.body.startswith(f"Åpne http://testserver/avvik/{case.reference}/ i dag.")
        assert got.body.count("http://testserver/avvik/") == 1
        assert case.reference in got.subject, "the subject is the standard one"

    def test_a_fact_that_is_not_known_yet_is_a_dash(self, world: World, report: Report, post: Post) -> None:
        say(world, "", "Alvor: {alvorlighet}.")
        report()
        post.deliver()
        assert post.to(world.leif)[0].body.startswith("Alvor: –.")

    def test_readers_of_other_languages_and_municipalities_get_the_standard(
        self, world: World, report: Report, post: Post
    ) -> None:
        say(world, "Ny sak", "Hei.")
        organisation.choose_language(user=world.leif, language="nn")
        report()
        report(by=world.mona, unit=world.other_school)
        post.deliver()
        assert not [each for each in (*post.to(world.leif), *post.to(world.mona)) if each.subject == "Ny sak"]

    def test_a_reminder_has_them_too(
        self, clock: time_machine.Traveller, world: World, report: Report, post: Post, no_weekly_mail: None
    ) -> None:
        say(world, "Frist {frist}", "Se på {sak}: {lenke}", key="deviations.deadline")
        case = report()
        actions.receive(deviation=case, by=world.leif)
        actions.write_message(deviation=case, by=world.leif, text="Ja", from_reporter=False)
        post.round()
        case.refresh_from_db()
        clock.move_to(case.deadline.replace(hour=8))
        post.round()
        got = post.to(world.leif)[-1]
        assert got.subject.startswith("Frist ")
        link = f"http://testserver/avvik/{case.reference}/"
        assert got.body.startswith(f"Se på {case.reference}: {link}")
        assert got.body.count(link) == 1

    def test_the_weekly_mail_has_a_subject_of_ones_own(
        self, clock: time_machine.Traveller, world: World, report: Report, post: Post
    ) -> None:
        say(world, "Uka di i Fjelldal", "", key="notifications.week")
        report()
        clock.move_to(at("2026-09-07 07:00"))
        post.round()
        assert "Uka di i Fjelldal" in post.subjects(world.leif)


class TestPage:
    def test_what_is_saved_is_what_is_sent_and_an_event(
        self, world: World, login: Login, report: Report, post: Post
    ) -> None:
        given = {"nb_subject": "Ny sak {sak}", "nb_body": "Se {lenke}", "nb_added": "Hilsen Ada"}
        assert login(world.ada).post(PAGE, given).status_code == 302
        own = mail_settings(world.municipality.pk)
        assert own.wording_of(ARRIVED, "nb") == Wording("Ny sak {sak}", "Se {lenke}")
        assert own.added(ARRIVED, "nb") == "Hilsen Ada"
        assert Event.objects.about(own).count() == 1
        login(world.ada).post(PAGE, given)
        assert Event.objects.about(own).count() == 1

    def test_what_can_be_filled_in_stands_beside_the_field(self, world: World, login: Login) -> None:
        page = login(world.ada).get(PAGE).content.decode()
        for name in ("{sak}", "{eining}", "{deadline}", "{lenke}"):
            assert name in page

    @pytest.mark.parametrize("part", ["subject", "body", "added"])
    @pytest.mark.parametrize("text", ["Hei {tekst}", "Hei {{ sak }}", "Hei {% now 'Y' %}", "Hei {sak.handler}", "{"])
    def test_what_can_not_be_filled_in_is_refused_and_kept_on_the_page(
        self, world: World, login: Login, part: str, text: str
    ) -> None:
        answer = login(world.ada).post(PAGE, {f"nb_{part}": text})
        assert answer.status_code == 200
        assert f"nb_{part}" in answer.context["form"].errors
        assert mail_settings(world.municipality.pk).wordings == {}

    @pytest.mark.parametrize("given", [{"nb_subject": "{lenke}"}, {"nb_body": "{case}"}, {"en_body": "{sak}"}])
    def test_no_link_in_a_subject_and_each_language_its_own_names(
        self, world: World, login: Login, given: dict[str, str]
    ) -> None:
        assert login(world.ada).post(PAGE, given).status_code == 200
        assert mail_settings(world.municipality.pk).wordings == {}

    def test_a_preview_is_an_invented_case_and_saves_nothing(self, world: World, login: Login, report: Report) -> None:
        case = report()
        given = {"nb_subject": "Ny sak {sak}", "nb_body": "I {enhet}.", "then": "preview"}
        answer = login(world.ada).post(PAGE, given)
        (shown,) = [each for each in answer.context["previews"] if each.code == "nb"]
        assert shown.subject == "Ny sak ABC-2026-0123"
        assert shown.body.startswith("I Solbakken.\n\nhttp://testserver/")
        assert case.reference not in answer.content.decode()
        assert mail_settings(world.municipality.pk).wordings == {}

    def test_markup_is_shown_as_it_is_written(self, world: World, login: Login) -> None:
        given = {"nb_body": "<script>alert(1)</script>", "then": "preview"}
        page = login(world.ada).post(PAGE, given).content.decode()
        assert "<script>alert(1)" not in page

    def test_back_to_the_standard_text_keeps_what_is_added(self, world: World, login: Login) -> None:
        say(world, "Ny sak", "Hei.", added="Hilsen Ada")
        client = login(world.ada)
        assert client.get(f"{PAGE}standard/").status_code == 405
        assert client.post(f"{PAGE}standard/").status_code == 302
        own = mail_settings(world.municipality.pk)
        assert (own.wording_of(ARRIVED, "nb"), own.added(ARRIVED, "nb")) == (Wording(), "Hilsen Ada")
        events = Event.objects.about(own).count()
        use_standard_words(municipality_id=world.municipality.pk, by=world.ada, key=ARRIVED)
        assert Event.objects.about(own).count() == events

    @pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kristin"])
    def test_nobody_else_writes_them(self, world: World, login: Login, who: str) -> None:
        for address in (PAGE, f"{PAGE}standard/"):
            assert login(world.people[who]).post(address, {"nb_subject": "Hei"}).status_code == 403
        assert mail_settings(world.municipality.pk).wordings == {}

    @pytest.mark.parametrize("key", ["deviations.moved", "deviations.nothing", "notifications.refused"])
    def test_what_is_no_mail_has_no_page(self, world: World, login: Login, key: str) -> None:
        for address in (f"/varsler/innstillinger/{key}/", f"/varsler/innstillinger/{key}/standard/"):
            assert login(world.ada).post(address).status_code == 404

    def test_an_identity_number_is_refused(self, world: World, login: Login) -> None:
        answer = login(world.ada).post(PAGE, {"nb_body": "Ring 13097248022"})
        assert "nb_body" in answer.context["form"].errors


def test_nothing_is_named_that_the_set_does_not_have() -> None:
    """The set is what stands in the mails anyway; free text of a case isn't among its facts."""
    facts: set[str] = set()
    worded: Any
    for worded in texts_to_add_to().values():
        assert isinstance(worded, Worded)
        facts |= {each.fact for each in worded.placeholders}
    assert not facts & {"text", "what", "outcome", "note", "reporter", "message", "body", "suggestion"}
