"""Leif tells what was learnt from a closed case; Kaja reads it for privacy; others read it, try it and ask."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Deviation, Kind
from improvement import actions
from improvement.charts import Better, Nature
from improvement.models import Adoption, Audience, Improvement, LearningStory, Measure, Rhythm, StoryQuestion
from improvement.seven_steps import Stage
from improvement.story_lifecycle import StoryState
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.networks import actions as networks
from kvalitetslosen.networks.models import Network
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import User
from tests.improvement.stories import TITLE, TOLD, published, text_of
from tests.notifications.conftest import Post, at
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture
def network(world: World) -> Network:
    """Fjelldal and Sjøvik share."""
    made = networks.found(by=world.ada, name="Nabonett")
    member = networks.invite(network=made, municipality=world.other_municipality, by=world.ada)
    networks.join(member=member, by=world.mona)
    return made


# From the case to the readers


def test_it_is_told_from_a_closed_case_read_by_another_and_published(
    world: World, login: Login, closed: Deviation
) -> None:
    leif = login(world.leif)
    assert f"/laring/ny/?sak={closed.reference}" in leif.get(closed.get_absolute_url()).content.decode()
    form = TOLD | {"key": "3f1b8a52-0000-4000-8000-000000000001", "audience": "municipality"}
    for _ in range(2):
        answer = leif.post(f"/laring/ny/?sak={closed.reference}", form)
    story = LearningStory.objects.get()
    assert answer["Location"] == f"/laring/{story.pk}/", "a double click begins one"
    assert (story.state, story.unit, story.teller) == (StoryState.DRAFT, world.home_care, world.leif)

    answer = leif.post(f"/laring/{story.pk}/send/", {"reader": "Kaja Kvam"})
    story.refresh_from_db()
    assert (story.state, story.reader) == (StoryState.READING, world.kaja)
    assert "Stories that wait for you" in text_of(login(world.kaja).get("/"))
    page = text_of(login(world.kaja).get(f"/laring/{story.pk}/"))
    assert "You read it for privacy" in page
    assert closed.reference not in page, "the second reader isn't told which case"
    login(world.kaja).post(f"/laring/{story.pk}/steg/publish/", {"seen": story.events_count})
    story.refresh_from_db()
    assert story.is_published
    page = text_of(login(world.greta).get(f"/laring/{story.pk}/"))
    assert all(text in page for text in TOLD.values())
    assert TITLE in text_of(login(world.greta).get("/laring/"))


def test_no_reader_learns_which_case_it_came_from(world: World, login: Login, story: LearningStory) -> None:
    assert story.deviation is not None
    for who in ("greta", "nora", "kaja", "sunniva", "ada"):
        html = login(world.people[who]).get(f"/laring/{story.pk}/").content.decode()
        assert TITLE in html
        assert story.deviation.reference not in html, who
    assert story.deviation.reference in login(world.leif).get(f"/laring/{story.pk}/").content.decode()
    said = str([event.data for event in Event.objects.about(story)])
    assert "deviation" not in said, "nor does the journal of stories say"
    assert TITLE not in said
    assert TITLE not in login(world.sunniva).get(story.deviation.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("leif", 200), ("sunniva", 200), ("nora", 403), ("hans", 404), ("mona", 404), ("kaja", 403)]
)
def test_only_the_handler_and_leaders_in_line_tell_of_a_case(
    world: World, login: Login, closed: Deviation, who: str, status: int
) -> None:
    client = login(world.people[who])
    assert client.get(f"/laring/ny/?sak={closed.reference}").status_code == status
    assert (b"Tell what was learnt" in client.get(closed.get_absolute_url()).content) == (status == 200)


def test_nothing_is_told_of_an_open_case(world: World, login: Login, case: Deviation) -> None:
    client = login(world.leif)
    assert client.get(f"/laring/ny/?sak={case.reference}").status_code == 403
    assert b"/laring/ny/" not in client.get(case.get_absolute_url()).content


def test_leaders_tell_without_a_case_and_employees_dont(world: World, login: Login) -> None:
    form = TOLD | {"key": "3f1b8a52-0000-4000-8000-000000000002", "audience": "unit", "unit": world.home_care.pk}
    assert login(world.nora).get("/laring/ny/").status_code == 403
    assert "Tell what you learnt" not in text_of(login(world.nora).get("/laring/"))
    login(world.kaja).post("/laring/ny/", form | {"unit": world.school.pk})
    assert not LearningStory.objects.exists(), "not of a unit one doesn't coordinate"
    login(world.leif).post("/laring/ny/", form)
    assert LearningStory.objects.get().deviation is None


def test_words_from_the_case_come_along_and_the_reporters_never(world: World, login: Login, case: Deviation) -> None:
    action = actions.plan(
        by=world.leif, owner=world.leif, deviation=case, what="Vest på runden", deadline=timezone.localdate()
    )
    actions.finish(action=action, by=world.leif, done_note="Innført")
    cases.close(deviation=case, by=world.leif, outcome="Takk")
    page = login(world.leif).get(f"/laring/ny/?sak={case.reference}").content.decode()
    assert "Vest på runden" in page
    assert case.text not in page


def test_from_a_delicate_case_the_page_warns_and_carries_nothing(
    world: World, login: Login, case_about_leif: Deviation
) -> None:
    sealed = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Hemmelig", hide_name=True)
    cases.receive(deviation=sealed, by=world.leif)
    for deviation, by in ((sealed, world.leif), (case_about_leif, world.sunniva)):
        action = actions.plan(
            by=by, owner=by, deviation=deviation, what="Samtale med melderen", deadline=timezone.localdate()
        )
        actions.finish(action=action, by=by, done_note="Gjort")
        cases.close(deviation=deviation, by=by, outcome="Svar")
        page = login(by).get(f"/laring/ny/?sak={deviation.reference}")
        assert "Nothing is filled in from it" in text_of(page)
        assert "Samtale med melderen" not in page.content.decode()
    told = actions.begin_story(by=world.sunniva, deviation=case_about_leif, **TOLD)
    refused = login(world.sunniva).post(f"/laring/{told.pk}/send/", {"reader": "Leif Lund"})
    assert "can't read it" in text_of(refused), "whom the case is about reads no draft"


# Who sees it


def seen_by(world: World, story: LearningStory) -> set[str]:
    return {who for who, user in world.people.items() if LearningStory.objects.visible_to(user).filter(pk=story.pk)}


def test_a_draft_is_the_tellers_and_the_second_readers_alone(world: World, login: Login, draft: LearningStory) -> None:
    assert seen_by(world, draft) == {"leif"}
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    assert seen_by(world, draft) == {"leif", "kaja"}
    for who in ("sunniva", "ada", "nora", "mona"):
        client = login(world.people[who])
        assert client.get(f"/laring/{draft.pk}/").status_code == 404
        assert TITLE not in text_of(client.get("/laring/"))
        assert client.post(f"/laring/{draft.pk}/steg/publish/").status_code == 404
        assert client.post(f"/laring/{draft.pk}/endre/", {"wanted": "x"}).status_code == 404
    assert login(world.leif).post(f"/laring/{draft.pk}/steg/publish/").status_code == 403, "nobody reads their own"
    assert login(world.kaja).post(f"/laring/{draft.pk}/steg/fetch_back/").status_code == 403
    assert login(world.kaja).get(f"/laring/{draft.pk}/steg/publish/").status_code == 405
    assert login(world.kaja).get(f"/laring/{draft.pk}/skriv/").status_code == 403


def test_it_reaches_whom_it_is_published_to(world: World, draft: LearningStory, network: Network) -> None:
    everybody = set(world.people) - {"mona"}
    actions.write_story(story=draft, by=world.leif, audience=Audience.UNIT)
    published(world, draft)
    assert seen_by(world, draft) == {"nora", "leif", "sunniva", "rolf", "kaja", "kristin"}
    LearningStory.objects.update(audience=Audience.MUNICIPALITY)
    assert seen_by(world, draft) == everybody
    LearningStory.objects.update(audience=Audience.NETWORK, network=network)
    assert seen_by(world, draft) == everybody | {"mona"}
    member = network.members.get(municipality=world.municipality)
    networks.leave(member=member, by=world.ada)
    assert seen_by(world, draft) == everybody, "shared no more when the municipality has left the network"


def test_withdrawn_at_will_nobody_reads_it(world: World, login: Login, story: LearningStory) -> None:
    assert login(world.greta).post(f"/laring/{story.pk}/steg/withdraw/").status_code == 403
    login(world.leif).post(f"/laring/{story.pk}/steg/withdraw/")
    assert seen_by(world, story) == {"leif"}
    login(world.leif).post(f"/laring/{story.pk}/steg/withdraw/")
    assert [event.type for event in Event.objects.about(story)].count("improvement.story_withdrawn") == 1
    login(world.leif).post(f"/laring/{story.pk}/steg/revise/")
    story.refresh_from_db()
    assert (story.state, story.published_at) == (StoryState.DRAFT, None), "it is read anew before it is published"


def test_without_the_unit_nothing_says_which_it_is(
    world: World, login: Login, draft: LearningStory, network: Network
) -> None:
    actions.write_story(story=draft, by=world.leif, hides_unit=True, audience=Audience.NETWORK, network=network)
    published(world, draft)
    for who in (world.mona, world.greta):
        for path in ("/laring/", f"/laring/{draft.pk}/"):
            page = text_of(login(who).get(path))
            assert TITLE in page
            assert "Leif" not in page
            assert "Hjemmetjenesten" not in page


# The privacy reading


def test_names_ages_dates_and_places_are_pointed_out_for_the_two(
    world: World, login: Login, draft: LearningStory
) -> None:
    actions.write_story(
        story=draft, by=world.leif,
        happened="Tirsdag 3. mars falt en mann på 82 år på rom 12. Nora fant ham i Hjemmetjenesten, nær Storelva.",
    )  # fmt: skip
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    soup = BeautifulSoup(login(world.kaja).get(f"/laring/{draft.pk}/").content, "html.parser")
    marked = [mark.get_text(" ", strip=True) for mark in soup.select("mark")]
    assert marked == [
        "Tirsdag 3. mars (a date)", "på 82 år (an age)", "rom 12 (a place)", "Nora (a name)",
        "Hjemmetjenesten (a place)", "Storelva (a name or a place)",
    ]  # fmt: skip
    actions.publish_story(story=draft, by=world.kaja)
    assert b"<mark" not in login(world.kaja).get(f"/laring/{draft.pk}/").content


def test_the_second_reader_asks_for_a_change_and_it_is_a_draft_again(
    world: World, login: Login, draft: LearningStory
) -> None:
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    client = login(world.kaja)
    assert "What should be changed" in text_of(client.post(f"/laring/{draft.pk}/endre/", {"wanted": ""}))
    client.post(f"/laring/{draft.pk}/endre/", {"wanted": "Ta bort klokkeslettet."})
    draft.refresh_from_db()
    assert (draft.state, draft.wanted) == (StoryState.DRAFT, "Ta bort klokkeslettet.")
    assert client.get(f"/laring/{draft.pk}/").status_code == 404
    page = text_of(login(world.leif).get(f"/laring/{draft.pk}/"))
    assert "Ta bort klokkeslettet." in page
    assert "the second reader asks for a change" in text_of(login(world.leif).get("/"))
    assert "klokkeslettet" not in str([event.data for event in Event.objects.about(draft)])
    client.post(f"/laring/{draft.pk}/endre/", {"wanted": "En gang til"})
    draft.refresh_from_db()
    assert draft.wanted == "Ta bort klokkeslettet.", "the second time does nothing"


def test_what_was_read_is_what_is_published(world: World, login: Login, draft: LearningStory) -> None:
    """Kaja has the page open; Leif takes it back, writes a name and sends it again. Her button publishes nothing."""
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    seen = draft.events_count
    actions.fetch_back(story=draft, by=world.leif)
    actions.write_story(story=draft, by=world.leif, happened="Ola Nordmann fikk to doser.")
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    page = login(world.kaja).post(f"/laring/{draft.pk}/steg/publish/", {"seen": seen}, follow=True)
    assert "Somebody was here before you" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == StoryState.READING
    with pytest.raises(StepRefused):
        actions.publish_story(story=draft, by=world.kaja, seen=seen)


def test_nobody_reads_their_own_for_privacy_nor_half_a_story(world: World, login: Login, draft: LearningStory) -> None:
    client = login(world.leif)
    assert "Choose somebody else than yourself" in text_of(
        client.post(f"/laring/{draft.pk}/send/", {"reader": "Leif Lund"})
    )
    actions.write_story(story=draft, by=world.leif, helped="")
    assert "answers are missing" in text_of(client.get(f"/laring/{draft.pk}/"))
    page = client.post(f"/laring/{draft.pk}/send/", {"reader": "Kaja Kvam"}, follow=True)
    assert "Write all four answers first" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == StoryState.DRAFT


def test_identity_numbers_are_refused_and_what_was_typed_is_kept(
    world: World, login: Login, draft: LearningStory
) -> None:
    form = TOLD | {"happened": "Bruker 13097248022 falt", "audience": "unit"}
    page = login(world.leif).post(f"/laring/{draft.pk}/skriv/", form)
    assert "identity number" in text_of(page)
    assert TOLD["changed"] in page.content.decode()
    login(world.leif).post(f"/laring/{draft.pk}/skriv/", TOLD | {"audience": "unit", "happened": "En bruker falt"})
    draft.refresh_from_db()
    assert (draft.happened, draft.audience) == ("En bruker falt", Audience.UNIT)


# The chart


def test_the_chart_is_copied_without_dates_and_stays_as_it_was(
    world: World, login: Login, draft: LearningStory
) -> None:
    monday = datetime.date(2026, 1, 5)
    measure = actions.measure(
        by=world.leif, name="Doser i tide", unit=world.home_care, owner=world.leif, nature=Nature.NUMBER,
        rhythm=Rhythm.WEEK, better=Better.UP, begins_on=monday,
    )  # fmt: skip
    for week in range(12):
        day = monday + datetime.timedelta(days=7 * week)
        actions.enter(measure=measure, by=world.leif, day=day, value=Decimal(70 + week))
    actions.write_story(story=draft, by=world.leif, measure=measure)
    published(world, draft)
    actions.enter(measure=measure, by=world.leif, day=monday + datetime.timedelta(days=84), value=Decimal(999))
    html = login(world.greta).get(f"/laring/{draft.pk}/").content.decode()
    assert "Doser i tide" in html
    assert "los-spc" in html
    assert "999" not in html
    assert not any(said in html for said in ("2026", "januar", "uke"))
    Measure.objects.filter(pk=measure.pk).update(owner=world.hans)
    assert login(world.greta).get(f"/laring/{draft.pk}/").content.decode().count("<circle") == html.count("<circle")


# Tried, and asked


def test_we_tried_it_counts_for_the_teller(world: World, login: Login, story: LearningStory) -> None:
    hans = login(world.hans)
    assert hans.get(f"/laring/{story.pk}/provd/").status_code == 200
    form = {"unit": world.nursing_home.pk, "helped": "yes", "words": "Færre avbrudd hos oss også."}
    for _ in range(2):
        hans.post(f"/laring/{story.pk}/provd/", form)
    row = Adoption.objects.get()
    assert (row.unit, row.helped, row.by) == (world.nursing_home, "yes", world.hans)
    assert Event.objects.about(row).count() == 1, "the second time does nothing"
    begun = Improvement.objects.get()
    assert (row.improvement, begun.title, begun.unit, begun.owner) == (begun, TITLE, world.nursing_home, world.hans)
    assert story.changed in begun.analysis, "what they changed, and where it comes from"
    assert f"“{TITLE}”, Hjemmetjenesten" in begun.analysis
    assert begun.solutions.get().what == story.changed
    link = f"/forbedring/{begun.pk}/"
    assert link in hans.get(f"/laring/{story.pk}/").content.decode()
    assert link not in login(world.leif).get(f"/laring/{story.pk}/").content.decode(), "another unit's board"
    page = text_of(login(world.leif).get(f"/laring/{story.pk}/"))
    assert "1 unit has tried it; it helped 1" in page
    assert "Færre avbrudd hos oss også." in page
    assert "tried in 1 unit, helped 1" in text_of(login(world.greta).get("/laring/"))
    hans.post(f"/laring/{story.pk}/provd/", form | {"helped": "no", "words": "Likevel ikke."})
    row.refresh_from_db()
    assert (row.helped, row.words) == ("no", "Likevel ikke.")
    assert "it helped 0" in text_of(login(world.leif).get(f"/laring/{story.pk}/"))


def test_what_did_not_help_is_an_improvement_given_up(world: World, story: LearningStory) -> None:
    row = actions.try_story(story=story, by=world.hans, unit=world.nursing_home, helped="no", words="Ingen forskjell")
    assert row.improvement is not None
    assert row.improvement.state == Stage.GIVEN_UP
    assert "Ingen forskjell" not in str([event.data for event in Event.objects.about(row.improvement)])


def test_it_is_told_from_an_improvement_that_has_ended(world: World, login: Login) -> None:
    work = actions.begin_improvement(by=world.leif, owner=world.leif, title="Færre avbrudd", unit=world.home_care)
    client, path = login(world.leif), f"/laring/ny/?forbedring={work.pk}"
    assert client.get(path).status_code == 403, "it is still going on"
    actions.give_up(improvement=work, by=world.leif, note="Det virket ikke")
    assert path in client.get(work.get_absolute_url()).content.decode()
    assert "Færre avbrudd" in client.get(path).content.decode()
    form = TOLD | {"key": "3f1b8a52-0000-4000-8000-000000000004", "audience": "municipality"}
    client.post(path, form)
    told = LearningStory.objects.get()
    assert (told.improvement, told.unit) == (work, world.home_care)
    assert "Færre avbrudd" in text_of(client.get(f"/laring/{told.pk}/"))
    for who, status in {"sunniva": 200, "kaja": 403, "hans": 404, "mona": 404}.items():
        assert login(world.people[who]).get(path).status_code == status, who
    published(world, told)
    assert "Færre avbrudd" not in text_of(login(world.greta).get(f"/laring/{told.pk}/"))


def test_who_may_say_they_tried_it(world: World, login: Login, story: LearningStory) -> None:
    for who, status in {"leif": 403, "nora": 403, "greta": 403, "mona": 404, "hans": 200, "sunniva": 200}.items():
        client = login(world.people[who])
        assert client.get(f"/laring/{story.pk}/provd/").status_code == status, who
        form = {"unit": world.home_care.pk, "helped": "yes", "words": "Ja"}
        assert client.post(f"/laring/{story.pk}/provd/", form).status_code == status, who
    assert not Adoption.objects.exists(), "not where it comes from, nor for a unit one doesn't lead"


def test_across_the_network_the_neighbour_is_named_and_its_unit_is_not(
    world: World, login: Login, draft: LearningStory, network: Network
) -> None:
    actions.write_story(story=draft, by=world.leif, audience=Audience.NETWORK, network=network)
    published(world, draft)
    form = {"unit": world.other_school.pk, "helped": "partly", "words": "Litt færre"}
    login(world.mona).post(f"/laring/{draft.pk}/provd/", form)
    page = text_of(login(world.leif).get(f"/laring/{draft.pk}/"))
    assert "Sjøvik It helped a little Litt færre" in page
    assert "Sjøvik skule" not in page
    assert "Sjøvik skule" in text_of(login(world.mona).get(f"/laring/{draft.pk}/"))


def test_ask_me_is_answered_in_place_across_the_network(
    world: World, login: Login, draft: LearningStory, network: Network
) -> None:
    actions.write_story(story=draft, by=world.leif, audience=Audience.NETWORK, network=network)
    published(world, draft)
    mona, form = login(world.mona), {"key": "3f1b8a52-0000-4000-8000-000000000003", "question": "Hvilken vest?"}
    for _ in range(2):
        mona.post(f"/laring/{draft.pk}/spor/", form)
    question = StoryQuestion.objects.get()
    assert "Questions about your stories" in text_of(login(world.leif).get("/"))
    for who in ("greta", "kaja", "sunniva"):
        client = login(world.people[who])
        assert "Hvilken vest?" not in text_of(client.get(f"/laring/{draft.pk}/")), who
        assert client.post(f"/laring/sporsmal/{question.pk}/", {"answer": "x"}).status_code == 404
    assert mona.post(f"/laring/sporsmal/{question.pk}/", {"answer": "x"}).status_code == 403
    leif = login(world.leif)
    assert leif.post(f"/laring/{draft.pk}/spor/", form).status_code == 403, "nobody asks themselves"
    assert "Mona Moe, Sjøvik" in text_of(leif.get(f"/laring/{draft.pk}/"))
    assert "Your answer" in text_of(leif.post(f"/laring/sporsmal/{question.pk}/", {"answer": ""}))
    leif.post(f"/laring/sporsmal/{question.pk}/", {"answer": "En gul."})
    leif.post(f"/laring/sporsmal/{question.pk}/", {"answer": "En blå."})
    assert "En gul." in text_of(mona.get(f"/laring/{draft.pk}/"))
    assert "gul" not in str([event.data for event in Event.objects.about(question)])


# What is told, and reminded of


def test_each_hears_what_concerns_them_and_mail_tells_nothing_of_the_story(
    world: World, post: Post, draft: LearningStory
) -> None:
    deliver.take_as_told()
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    (to_read,) = post.deliver()
    assert to_read.to == [world.kaja.email]
    actions.publish_story(story=draft, by=world.kaja)
    mails = {mail.to[0]: mail for mail in post.deliver()}
    assert set(mails) == {world.leif.email, world.nora.email}
    assert "Something was learnt from what you reported" in mails[world.nora.email].subject
    assert "laring" not in str(mails[world.nora.email].message()), "it leads to her own case"
    question = actions.ask_teller(story=draft, by=world.greta, question="Hvilken vest?")
    (asked,) = post.deliver()
    assert asked.to == [world.leif.email]
    actions.answer_asker(question=question, by=world.leif, answer="En gul")
    (answered,) = post.deliver()
    assert answered.to == [world.greta.email]
    actions.try_story(story=draft, by=world.hans, unit=world.nursing_home, helped="yes", words="Bra")
    (tried,) = post.deliver()
    assert tried.to == [world.leif.email]
    for mail in (to_read, *mails.values(), asked, answered, tried):
        whole = str(mail.message())
        assert not any(secret in whole for secret in (TITLE, "Hvilken vest", "En gul", TOLD["happened"]))
    assert Notification.objects.filter(user=world.leif).count() >= 3


def test_a_reading_that_waits_is_reminded_of(
    clock: time_machine.Traveller, world: World, post: Post, draft: LearningStory
) -> None:
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    post.deliver()
    clock.move_to(at("2026-09-07 10:00"))
    assert not [mail for mail in post.round() if mail.to == [world.kaja.email]]
    clock.move_to(at("2026-09-08 10:00"))
    assert [mail.to for mail in post.round()].count([world.kaja.email]) == 1
    actions.publish_story(story=draft, by=world.kaja)
    post.deliver()
    clock.move_to(at("2026-09-16 10:00"))
    assert not [mail for mail in post.round() if mail.to == [world.kaja.email]]


# What comes first


def test_stories_about_what_ones_unit_struggles_with_come_first(world: World, login: Login, case: Deviation) -> None:
    falls = Category.objects.create(municipality=world.municipality, name="Fall", base="fall")
    drugs = Category.objects.create(municipality=world.municipality, name="Legemidler", base="legemidler")
    for _ in range(3):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Fall", category=falls)
    for title, category in (("Om fall", falls), ("Om legemidler", drugs)):
        told = actions.begin_story(
            by=world.leif, unit=world.home_care, category=category, audience=Audience.MUNICIPALITY,
            **(TOLD | {"title": title}),
        )  # fmt: skip
        published(world, told)
    page = text_of(login(world.leif).get("/laring/"))
    assert "Hjemmetjenesten has had 3 cases about fall in a year" in page
    assert page.index("Om fall") < page.index("Om legemidler")
    page = text_of(login(world.hans).get("/laring/"))
    assert "in a year" not in page, "of others' cases nothing is told"
    assert page.index("Om legemidler") < page.index("Om fall"), "the newest first"
    page = text_of(login(world.hans).get(f"/laring/?tema={falls.pk}"))
    assert "Om fall" in page
    assert "Om legemidler" not in page
    page = text_of(login(world.hans).get("/laring/?q=vest+legemidler"))
    assert "Om legemidler" in page
    assert "Om fall" not in page
    assert "No stories fit" in text_of(login(world.hans).get("/laring/?q=traktor"))


def test_an_empty_page_teaches(world: World, login: Login) -> None:
    page = text_of(login(world.greta).get("/laring/"))
    assert "Nothing has been told here yet" in page
    assert "You have told nothing yet" in text_of(login(world.greta).get("/laring/?visning=mine"))


def test_the_list_costs_the_same_at_few_and_many_stories(world: World, login: Login, story: LearningStory) -> None:
    client = login(world.leif)

    def questions() -> int:
        client.get("/laring/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/laring/")
        return len(asked)

    few = questions()
    for number in range(40):
        published(
            world,
            actions.begin_story(
                by=world.leif, unit=world.home_care, audience=Audience.UNIT, **(TOLD | {"title": f"Nr. {number}"})
            ),
        )
    assert questions() == few
    assert few <= 12
