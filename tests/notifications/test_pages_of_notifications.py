"""My notifications, the municipality's choices about mail, and the trial's mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver, sending
from kvalitetslosen.notifications.messages import Message, find, messages_about, register
from kvalitetslosen.notifications.models import Email, MailSettings, Notification
from kvalitetslosen.notifications.pages import news
from kvalitetslosen.notifications.reminders import WEEK_MAIL
from kvalitetslosen.notifications.views import texts_to_add_to
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.morning import shown
from tests.notifications.conftest import Post
from tests.people import World


class Anything(dict[str, Any]):
    """Whatever a template names is there."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return [] if name == "rows" else 1


Report = Callable[..., Deviation]
Login = Callable[[User], Client]


def texts(page: Any, selector: str) -> list[str]:
    soup = BeautifulSoup(page.content, "html.parser")
    return [" ".join(each.get_text(" ").split()) for each in soup.select(selector)]


@pytest.fixture(autouse=True)
def _they_read_english(world: World) -> None:
    for user in (world.leif, world.ada, world.nora):
        organisation.choose_language(user=user, language="en")


# My notifications ----------------------------------------------------------------------------------------------------


def test_i_see_what_i_was_told_the_newest_first(world: World, report: Report, post: Post, login: Login) -> None:
    first, second = report(), report()
    post.deliver()
    page = login(world.leif).get("/varsler/")
    rows = texts(page, ".los-list__main")
    assert [second.reference in rows[0], first.reference in rows[1]] == [True, True]
    assert len(rows) == 2


def test_i_see_nobody_elses(world: World, report: Report, post: Post, login: Login) -> None:
    report()
    post.deliver()
    page = login(world.hans).get("/varsler/")
    assert texts(page, ".los-list__main") == []
    assert "No notifications yet" in page.content.decode()
    own = Notification.objects.get(user=world.leif)
    assert login(world.hans).get(f"/varsler/{own.pk}/").status_code == 404
    own.refresh_from_db()
    assert own.read_at is None


def test_following_one_leads_to_the_case_and_marks_it_read(
    world: World, report: Report, post: Post, login: Login
) -> None:
    case = report()
    post.deliver()
    notice = Notification.objects.get(user=world.leif)
    answer = login(world.leif).get(f"/varsler/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_can_be_marked_read_at_once_and_only_mine_are(
    world: World, report: Report, post: Post, login: Login
) -> None:
    report()
    report(unit=world.nursing_home, by=world.greta)
    post.deliver()
    client = login(world.leif)
    assert "Mark all as read" in client.get("/varsler/").content.decode()
    assert client.get("/varsler/lest/").status_code == 405
    assert client.post("/varsler/lest/").status_code == 302
    assert not Notification.objects.unread().filter(user=world.leif).exists()
    assert Notification.objects.unread().filter(user=world.hans).exists()
    assert "Mark all as read" not in client.get("/varsler/").content.decode()
    read = set(Notification.objects.filter(user=world.leif).values_list("read_at", flat=True))
    client.post("/varsler/lest/")
    assert set(Notification.objects.filter(user=world.leif).values_list("read_at", flat=True)) == read


def test_a_long_list_has_pages_and_the_same_few_queries(
    world: World, report: Report, post: Post, login: Login
) -> None:
    client = login(world.leif)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/varsler/")
        return len(caught)

    report()
    post.deliver()
    queries()
    few = queries()
    for _ in range(30):
        report()
    post.deliver()
    assert queries() == few
    page = client.get("/varsler/")
    assert len(texts(page, ".los-list__main")) == 25
    older = BeautifulSoup(page.content, "html.parser").select_one("a[rel=next]")
    assert older is not None
    assert len(texts(client.get(f"/varsler/{older['href']}"), ".los-list__main")) == 6


def test_the_morning_page_shows_unread_news_for_one_query_of_their_own(
    world: World, report: Report, post: Post, login: Login
) -> None:
    assert shown(world.nora, news) is None
    for _ in range(5):
        actions.receive(deviation=report(), by=world.leif)
    post.deliver()
    with CaptureQueriesContext(connection) as caught:
        context = shown(world.nora, news)
    assert len(caught) == 2, "which there are is asked for all sections at once, and then the lines"
    assert context is not None
    assert (len(context["notices"]), context["more"]) == (3, True)
    assert "Leif Lund has received" in login(world.nora).get("/").content.decode()


def test_what_waits_on_the_morning_page_is_no_news_there(
    world: World, report: Report, post: Post, login: Login
) -> None:
    case = report()
    post.deliver()
    assert Notification.objects.unread().filter(user=world.leif).count() == 1
    assert shown(world.leif, news) is None
    page = login(world.leif).get("/").text
    assert page.count(f'class="los-list__main" href="/avvik/{case.reference}/"') == 1


def test_strangers_are_asked_to_log_in(db: None) -> None:
    for address in ("/varsler/", "/varsler/1/", "/varsler/innstillinger/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]


# The municipality's choices ------------------------------------------------------------------------------------------


def test_the_administrator_chooses_when_mail_goes_out(world: World, login: Login) -> None:
    client = login(world.ada)
    page = client.get("/varsler/innstillinger/")
    assert page.status_code == 200
    sent = {"reminder_hour": "9", "digest": "on", "digest_weekday": "3", "digest_hour": "8"}
    assert client.post("/varsler/innstillinger/", sent).status_code == 302
    own = MailSettings.objects.get(municipality=world.municipality)
    assert (own.reminder_hour, own.digest, own.digest_weekday, own.digest_hour) == (9, True, 3, 8)
    client.post("/varsler/innstillinger/", sent | {"reminder_hour": "10"})
    own.refresh_from_db()
    (first, second) = Event.objects.about(own)
    assert first.by == second.by == world.ada
    assert second.data["changes"] == {"reminder_hour": [9, 10]}
    client.post("/varsler/innstillinger/", sent | {"reminder_hour": "10"})
    assert Event.objects.about(own).count() == 2, "nothing changed, nothing happened"


@pytest.mark.parametrize("wrong", [{"reminder_hour": "3"}, {"digest_weekday": "6"}, {"digest_hour": "x"}])
def test_hours_of_night_and_weekends_are_not_offered(world: World, login: Login, wrong: dict[str, str]) -> None:
    sent = {"reminder_hour": "9", "digest": "on", "digest_weekday": "3", "digest_hour": "8"} | wrong
    page = login(world.ada).post("/varsler/innstillinger/", sent)
    assert page.status_code == 200
    assert not MailSettings.objects.exists()


@pytest.mark.parametrize("address", ["/varsler/innstillinger/", "/varsler/innstillinger/deviations.arrived/"])
def test_nobody_else_chooses(world: World, login: Login, address: str) -> None:
    for user in (world.nora, world.leif, world.rolf, world.kristin, world.per, world.mona):
        assert login(user).get(address).status_code == 403
        assert login(user).post(address, {"nb": "x"}).status_code == 403
    assert not MailSettings.objects.exists()


def test_who_keeps_a_part_of_the_municipality_does_not_choose_for_all(world: World, login: Login) -> None:
    organisation.grant_role(user=world.hans, unit=world.health, role=Role.ADMINISTRATOR)
    assert login(world.hans).get("/varsler/innstillinger/").status_code == 403


def test_the_administrators_own_words_come_in_the_readers_language(
    world: World, report: Report, post: Post, login: Login
) -> None:
    client = login(world.ada)
    address = "/varsler/innstillinger/deviations.arrived/"
    assert client.get(address).status_code == 200
    client.post(address, {"nb_added": "Ring vakta.", "nn_added": "", "en_added": "  Call the office.\n"})
    assert MailSettings.objects.get(municipality=world.municipality).texts == {
        "deviations.arrived": {"nb": "Ring vakta.", "en": "Call the office."}
    }
    assert "Your own words" in client.get("/varsler/innstillinger/").content.decode()
    report()
    report(unit=world.nursing_home, by=world.greta)
    report(unit=world.other_school, by=world.mona)
    post.deliver()
    assert "Call the office." in post.to(world.leif)[0].body
    assert "Ring vakta." in post.to(world.hans)[0].body
    client.post(address, {"nb_added": "", "nn_added": "", "en_added": ""})
    assert MailSettings.objects.get(municipality=world.municipality).texts == {}


def test_words_that_expect_to_be_filled_in_are_pointed_out(world: World, login: Login) -> None:
    page = login(world.ada).post("/varsler/innstillinger/deviations.arrived/", {"nb_added": "Hei {{ navn }}"})
    assert "can&#x27;t be filled in here" in page.content.decode()
    assert not MailSettings.objects.exists()


def test_two_messages_of_one_name_are_refused() -> None:
    class Arrived(Message):
        name, template, events = "arrived", "deviations", ("deviations.reported",)

    with pytest.raises(ValueError, match=r"deviations\.arrived already"):
        register(Arrived)
    known = find("deviations.arrived")
    assert known is not None
    assert not isinstance(known, Arrived)
    assert messages_about("deviations.reported").count(known) == 1


def test_there_is_no_page_for_a_mail_that_does_not_exist(world: World, login: Login) -> None:
    assert login(world.ada).get("/varsler/innstillinger/deviations.unheard_of/").status_code == 404


def test_every_mail_and_reminder_has_its_words_in_templates(world: World, login: Login) -> None:
    """Each key on the administrator's page opens, and has a subject in the templates."""
    client = login(world.ada)
    listed = [str(each["href"]) for each in BeautifulSoup(client.get("/varsler/innstillinger/").content, "html.parser")
              .select(".los-fold .los-list__main")]  # fmt: skip
    assert len(listed) == len(texts_to_add_to()) > 20
    for address in listed:
        assert client.get(address).status_code == 200
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            for worded in texts_to_add_to().values():
                assert str(worded.label)
                assert worded.subject_line(Anything())
                assert worded.notice(Anything())
                assert worded is WEEK_MAIL or worded.body(Anything())


# The trial's mail ----------------------------------------------------------------------------------------------------


@pytest.fixture
def trial(settings: Any, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAIL_TRANSPORT = "kvalitetslosen.notifications.backends.FileMail"


def test_in_a_trial_one_reads_the_mail(trial: None, world: World, report: Report) -> None:
    case = report()
    deliver.sweep()
    client = Client()
    assert "Waiting" in client.get("/post/").content.decode() or "Venter" in client.get("/post/").content.decode()
    sending.send_due_mail()
    page = client.get("/post/")
    assert case.reference in page.content.decode()
    email = Email.objects.get()
    one = client.get(f"/post/{email.pk}/").content.decode()
    assert "leif@fjelldal.example" in one
    assert f'href="http://testserver/avvik/{case.reference}/"' in one


def test_ones_own_mail_stands_first(trial: None, world: World, login: Login, report: Report) -> None:
    own, others = "To me", "To everybody in the trial"
    case = report()
    deliver.sweep()
    page = login(world.leif).get("/post/").content.decode()
    assert page.index(own) < page.index(case.reference)
    assert others not in page, "nobody else has mail"
    page = login(world.nora).get("/post/").content.decode()
    assert page.index(own) < page.index(others) < page.index(case.reference)
    page = Client().get("/post/").content.decode()
    assert case.reference in page
    assert own not in page


def test_the_morning_page_leads_to_the_trials_mail(trial: None, world: World, login: Login, settings: Any) -> None:
    words = "Mail that was sent"
    page = login(world.greta).get("/").content.decode()
    assert words in page
    assert "You are up to date" in page, "it is nothing that waits"
    settings.DEMO = False
    assert words not in login(world.greta).get("/").content.decode()


def test_a_link_that_was_sent_and_emptied_is_still_in_its_file(trial: None, world: World) -> None:
    deliver.take_as_told()
    organisation.add_person(
        municipality=world.municipality, name="<b>Ny</b>", email="ny@fjelldal.example", language="en", by=world.ada
    )
    deliver.sweep()
    sending.send_due_mail()
    email = Email.objects.get()
    assert email.body == ""
    page = Client().get(f"/post/{email.pk}/").content.decode()
    assert "/konto/password/reset/key/" in page


def test_what_stands_in_a_mail_is_shown_as_text(trial: None, world: World) -> None:
    body = '<script>alert(1)</script> http://x.example/"><b>'
    email = Email.objects.create(to="a@b.example", subject="<script>1</script>", body=body, key="x", language="nb")
    for address in ("/post/", f"/post/{email.pk}/"):
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page
        assert "<script>1" not in page
        assert "<b>" not in page


def test_outside_a_trial_there_is_no_such_page(trial: None, world: World, settings: Any, report: Report) -> None:
    email = Email.objects.create(to="a@b.example", subject="x", body="y", key="x", language="nb")
    for change in ({"DEMO": False}, {"MAIL_TRANSPORT": "kvalitetslosen.notifications.backends.Smtp"}):
        for name, value in change.items():
            setattr(settings, name, value)
        assert Client().get("/post/").status_code == 404
        assert Client().get(f"/post/{email.pk}/").status_code == 404
        settings.DEMO = True


def test_the_trials_mail_is_in_the_menu_only_in_a_trial(
    trial: None, world: World, login: Login, settings: Any
) -> None:
    assert "/post/" in login(world.leif).get("/varsler/").content.decode()
    settings.DEMO = False
    assert "/post/" not in login(world.leif).get("/varsler/").content.decode()


def test_a_forgotten_password_goes_through_the_outbox(world: World, settings: Any, trial: None) -> None:
    settings.EMAIL_BACKEND = "kvalitetslosen.notifications.backends.Outbox"
    answer = Client(headers={"accept-language": "nb"}).post("/konto/password/reset/", {"email": world.leif.email})
    assert answer.status_code == 302
    email = Email.objects.get(to=world.leif.email)
    assert (email.state, email.secret, email.body) == (Email.State.QUEUED, True, ""), "written when it is sent"
    sending.send_due_mail()
    email.refresh_from_db()
    assert (email.state, email.body) == (Email.State.SENT, "")
    page = Client().get(f"/post/{email.pk}/").content.decode()
    assert "Choose a new password" in page
    assert "/konto/password/reset/key/" in page


def test_notices_of_a_case_stay_with_their_reader_when_it_goes_on(
    world: World, report: Report, post: Post, login: Login
) -> None:
    """The sentence names only what Leif was told then; the case itself he can't open any more."""
    case = report()
    post.deliver()
    actions.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Gjelder dere")
    client = login(world.leif)
    assert case.reference in client.get("/varsler/").content.decode()
    assert client.get(case.get_absolute_url()).status_code == 404
