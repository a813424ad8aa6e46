import datetime
from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from deviations.actions import close, receive, report
from deviations.models import Deviation, Kind
from documents.actions import create_document, save, send
from improvement.actions import plan
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import actions, handover
from kvalitetslosen.organisation.models import Deputy, Membership, Role, User
from kvalitetslosen.organisation.routing import leader_for
from tests.people import PASSWORD, World

Login = Callable[..., Client]


A_MONTH = datetime.timedelta(days=30)


def later() -> datetime.date:
    return timezone.localdate() + A_MONTH


def address(user: User) -> str:
    return f"/organisasjon/folk/{user.pk}/slutter/"


def left(user: User) -> dict[str, int]:
    return {responsibility.key: count for responsibility, count in handover.outstanding(user)}


@pytest.fixture
def cases(world: World) -> list[Deviation]:
    """Two open cases in Leif's hand, and one he has closed."""
    made = [
        report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Hemmelig tekst.") for _case in range(3)
    ]
    receive(deviation=made[0], by=world.leif)
    receive(deviation=made[2], by=world.leif)
    close(deviation=made[2], by=world.leif, outcome="Rettet.")
    return made


def test_the_page_lists_what_the_person_answers_for_without_a_word_from_any_case(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    today = timezone.localdate()
    actions.appoint_deputy(principal=world.hans, deputy=world.leif, valid_from=today, valid_to=today, by=None)
    page = login(world.ada).get(address(world.leif)).content.decode()
    fields = [label.get_text() for label in BeautifulSoup(page, "html.parser").select("main label")]
    assert fields == [
        "The same person for everything",
        "The only leader of a unit (1): who takes over?",
        "Stands in for others (1): who takes over?",
        "Open cases in hand (2): who takes over?",
    ]
    assert "Hjemmetjenesten" in page
    assert "Hemmelig" not in page
    assert not any(case.reference in page for case in cases)
    assert "Open cases in hand" in login(world.ada).get(f"/organisasjon/folk/{world.leif.pk}/").content.decode()


def test_nobody_is_deactivated_while_something_would_be_orphaned_and_the_page_says_what(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    response = login(world.ada).post(
        address(world.leif), {"organisation-leader": "Sunniva Sand", "deviations-in_hand": "", "do": "close"}
    )
    page = BeautifulSoup(response.content, "html.parser").get_text(" ")
    assert "Leif Lund still answers for: Open cases in hand (2). Choose who takes over." in page
    world.leif.refresh_from_db()
    assert world.leif.is_active
    assert left(world.leif) == {"organisation.leader": 1, "deviations.in_hand": 2}, "nothing half done"
    with pytest.raises(ValidationError):
        handover.deactivate(user=world.leif, by=world.ada)


def test_everything_is_handed_over_and_the_account_closed_in_one_go(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    other = actions.appoint_deputy(
        principal=world.hans,
        deputy=world.leif,
        valid_from=timezone.localdate(),
        valid_to=timezone.localdate() + datetime.timedelta(days=9),
        by=None,
    )
    client = login(world.ada)
    response = client.post(
        address(world.leif),
        {
            "organisation-leader": "Nora Nygård",
            "organisation-stands_in": "Sunniva Sand",
            "deviations-in_hand": "Sunniva Sand",
            "do": "close",
        },
    )
    assert response["location"] == f"/organisasjon/folk/{world.leif.pk}/"
    world.leif.refresh_from_db()
    assert (world.leif.is_active, world.leif.left_on) == (False, timezone.localdate())
    assert left(world.leif) == {}
    assert leader_for(world.home_care).user == world.nora  # type: ignore[union-attr]
    for case in cases[:2]:
        case.refresh_from_db()
        assert case.handler == world.sunniva
        event = Event.objects.about(case).last()
        assert event is not None
        assert (event.type, event.by) == ("deviations.handed_over", world.ada)
        assert event.old_and_new("handler") == (world.leif.pk, world.sunniva.pk)
    cases[2].refresh_from_db()
    assert cases[2].handler == world.leif, "what is closed stays as it was"
    other.refresh_from_db()
    assert other.withdrawn
    assert Deputy.objects.on(timezone.localdate()).get().deputy == world.sunniva
    assert not Membership.objects.not_ended(timezone.localdate() + datetime.timedelta(days=1)).filter(user=world.leif)
    assert [event.type for event in Event.objects.about(world.leif)][-1] == "organisation.person_left"
    events = Event.objects.count()
    assert client.post(address(world.leif), {"do": "close"}).status_code == 302
    assert Event.objects.count() == events, "the second time nothing happens"


def test_one_name_takes_over_all_that_nobody_else_is_named_for(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    today = timezone.localdate()
    actions.appoint_deputy(principal=world.hans, deputy=world.leif, valid_from=today, valid_to=today, by=None)
    answer = login(world.ada).post(
        address(world.leif),
        {"for-all": "Sunniva Sand", "organisation-stands_in": "Nora Nygård", "do": "close"},
    )
    assert answer.status_code == 302
    assert leader_for(world.home_care).user == world.sunniva  # type: ignore[union-attr]
    assert set(Deviation.objects.open().values_list("handler", flat=True)) == {world.sunniva.pk}
    assert Deputy.objects.on(today).get().deputy == world.nora
    world.leif.refresh_from_db()
    assert not world.leif.is_active


def test_what_is_left_is_said_in_one_sentence(world: World, cases: list[Deviation]) -> None:
    with pytest.raises(ValidationError) as refused:
        handover.deactivate(user=world.leif, by=world.ada)
    assert refused.value.messages == [
        "Leif Lund still answers for: The only leader of a unit (1), Open cases in hand (2). Choose who takes over."
    ]


def test_a_new_leader_named_in_the_same_go_can_have_the_cases(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    login(world.ada).post(
        address(world.leif),
        {"organisation-leader": "Greta Gran", "deviations-in_hand": "Greta Gran", "do": "close"},
    )
    cases[0].refresh_from_db()
    assert cases[0].handler == world.greta


def test_cases_do_not_go_to_somebody_who_leads_neither_the_unit_nor_one_above(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    leaves_soon(world, world.leif)
    for stranger in ("Hans Haug", "Kristin Krog", "Greta Gran"):
        response = login(world.ada).post(address(world.leif), {"deviations-in_hand": stranger, "do": "hand_over"})
        page = BeautifulSoup(response.content, "html.parser")
        assert f"{stranger} doesn't lead Hjemmetjenesten or a unit above it" in page.get_text(" ")
        assert page.select_one("[name=deviations-in_hand]")["value"] == stranger  # type: ignore[index]
    assert not Deviation.objects.exclude(handler=world.leif).exists()


def test_a_case_never_goes_to_its_own_reporter_hidden_or_not(world: World) -> None:
    for hidden in (False, True):
        report(by=world.sunniva, unit=world.home_care, kind=Kind.DEVIATION, text="Noe.", hide_name=hidden)
    report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe annet.")
    handover.hand_over(user=world.leif, heirs={"deviations.in_hand": world.sunniva}, by=world.ada)
    handlers = Deviation.objects.order_by("pk").values_list("handler__name", flat=True)
    assert list(handlers) == ["Rolf Ruud", "Rolf Ruud", "Sunniva Sand"]


def test_a_case_about_the_heir_goes_past_them(world: World) -> None:
    case = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen.", about_leader=True)
    assert (case.about, case.handler) == (world.leif, world.sunniva)
    actions.grant_role(user=world.leif, unit=world.health, role=Role.LEADER)
    handover.hand_over(user=world.sunniva, heirs={"deviations.in_hand": world.leif}, by=world.ada)
    case.refresh_from_db()
    assert case.handler == world.rolf
    assert not Deviation.objects.visible_to(User.objects.get(pk=world.leif.pk)).exists()


def leaves_soon(world: World, user: User) -> None:
    """Every role has a last day."""
    for membership in user.memberships.all():
        actions.end_role(membership=membership, by=world.ada, last_day=timezone.localdate() + A_MONTH)


def test_only_handing_over_is_for_those_who_have_a_last_day(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    client = login(world.ada)
    page = client.get(address(world.leif)).content.decode()
    assert 'value="hand_over"' not in page
    assert "give each of the roles a last day first" in page
    refused = client.post(address(world.leif), {"deviations-in_hand": "Sunniva Sand", "do": "hand_over"})
    assert "t leaving: give each of the roles a last day first." in refused.content.decode()
    assert left(world.leif) == {"organisation.leader": 1, "deviations.in_hand": 2}
    leaves_soon(world, world.leif)
    assert 'value="hand_over"' in client.get(address(world.leif)).content.decode()


def test_an_administrator_can_always_hand_over_what_is_their_own(world: World, login: Login) -> None:
    login(world.ada).post(address(world.ada), {"organisation-administrator": "Kristin Krog", "do": "hand_over"})
    assert left(world.ada) == {}


@pytest.mark.parametrize("key", ["improvement.actions", "documents.drafts", "documents.owned", "documents.approvals"])
def test_nobody_hands_over_to_themselves_what_they_do_not_see(world: World, key: str) -> None:
    """An administrator sees no case, no action and no draft: not by letting somebody else lose them either."""
    action = plan(by=world.leif, what="Merk skapet.", owner=world.leif, deadline=later(), unit=world.home_care)
    create_document(by=world.leif, title="Utkast", kind="routine", unit=world.home_care)
    draft = create_document(by=world.nora, title="Til godkjenning", kind="routine", unit=world.home_care)
    save(version=draft, by=world.nora, title="Til godkjenning", body="<p>Tekst.</p>")
    send(version=draft, by=world.nora, approver=world.leif)
    before = left(world.leif)
    assert before[key]
    with pytest.raises(ValidationError) as refused:
        handover.hand_over(user=world.leif, heirs={key: world.ada}, by=world.ada)
    assert refused.value.message_dict == {key: ["You can't take over what you don't see today. Choose somebody else."]}
    assert left(world.leif) == before
    action.refresh_from_db()
    assert action.owner == world.leif


def test_whoever_sees_it_already_can_take_it_over(world: World, cases: list[Deviation]) -> None:
    handover.hand_over(user=world.leif, heirs={"deviations.in_hand": world.sunniva}, by=world.sunniva)
    assert left(world.leif) == {"organisation.leader": 1}


def test_who_stays_is_told_what_was_handed_over_to_whom(world: World, cases: list[Deviation]) -> None:
    deliver.take_as_told()
    handover.hand_over(user=world.leif, heirs={"deviations.in_hand": world.sunniva}, by=world.ada)
    event = Event.objects.about(world.leif).last()
    assert event is not None
    assert (event.type, event.by, event.data) == (
        "organisation.handed_over",
        world.ada,
        {"heirs": {"deviations.in_hand": world.sunniva.pk}},
    )
    deliver.sweep()
    mail = Email.objects.get(user=world.leif, name="notifications.handed_over")
    assert "Ada Aas handed over what you answered for." in mail.body
    assert "- Open cases in hand: Sunniva Sand" in mail.body
    assert not any(case.reference in mail.body for case in cases)


def test_only_handing_over_leaves_the_account_open(world: World, login: Login, cases: list[Deviation]) -> None:
    leaves_soon(world, world.leif)
    login(world.ada).post(address(world.leif), {"deviations-in_hand": "Sunniva Sand", "do": "hand_over"})
    world.leif.refresh_from_db()
    assert world.leif.is_active
    assert left(world.leif) == {"organisation.leader": 1}


def test_a_leader_who_is_not_alone_and_an_administrator_with_one_above_leave_nobody_orphaned(world: World) -> None:
    actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER)
    assert left(world.leif) == {}
    actions.grant_role(user=world.nora, unit=world.home_care, role=Role.ADMINISTRATOR)
    assert left(world.nora) == {}
    assert left(world.ada) == {"organisation.administrator": 1}
    assert left(world.per) == {"organisation.dpo": 1}


def test_nobody_closes_their_own_account(world: World, login: Login) -> None:
    actions.grant_role(user=world.greta, unit=world.municipality, role=Role.ADMINISTRATOR)
    client = login(world.ada)
    buttons = BeautifulSoup(client.get(address(world.ada)).content, "html.parser")("button")
    assert "close" not in {button.get("value") for button in buttons}
    page = client.post(address(world.ada), {"do": "close"}).content.decode().replace("&#x27;", "'")
    assert "You can't close your own account." in page
    world.ada.refresh_from_db()
    assert world.ada.is_active


def test_the_sessions_of_somebody_who_left_end_at_once_and_they_cannot_log_in_again(
    world: World, login: Login
) -> None:
    client = Client()
    client.post("/konto/login/", {"login": world.greta.email, "password": PASSWORD})
    assert client.get("/meld/").status_code == 200
    assert UserSession.objects.filter(user=world.greta).count() == 1
    login(world.ada).post(address(world.greta), {"do": "close"})
    assert not UserSession.objects.filter(user=world.greta).exists()
    response = client.get("/meld/")
    assert response.status_code == 302
    assert response["location"].startswith("/konto/login/")
    again = client.post("/konto/login/", {"login": world.greta.email, "password": PASSWORD}, follow=True)
    assert "The account is closed" in again.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_session_that_nobody_ended_is_worth_nothing_once_the_account_is_closed(world: World, login: Login) -> None:
    """Whatever happens to the rows of sessions: every request asks whether the person may still log in."""
    client = login(world.greta)
    assert client.get("/meld/").status_code == 200
    User.objects.filter(pk=world.greta.pk).update(is_active=False)
    assert client.get("/meld/").status_code == 302


def test_somebody_who_comes_back_can_log_in_but_has_no_role(world: World, login: Login) -> None:
    handover.deactivate(user=world.greta, by=world.ada)
    client = login(world.ada)
    assert client.get(f"/organisasjon/folk/{world.greta.pk}/tilbake/").status_code == 405
    client.post(f"/organisasjon/folk/{world.greta.pk}/tilbake/")
    world.greta.refresh_from_db()
    assert (world.greta.is_active, world.greta.left_on) == (True, None)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert not Membership.objects.on(tomorrow).filter(user=world.greta).exists()
    assert [event.type for event in Event.objects.about(world.greta)][-1] == "organisation.person_returned"


def test_when_one_group_cannot_go_where_it_should_none_goes(world: World, cases: list[Deviation]) -> None:
    with pytest.raises(ValidationError) as refused:
        handover.hand_over(
            user=world.leif,
            heirs={"organisation.leader": world.mona, "deviations.in_hand": world.sunniva},
            by=world.ada,
        )
    assert refused.value.message_dict == {"organisation.leader": ["Mona Moe belongs to another municipality."]}
    assert left(world.leif) == {"organisation.leader": 1, "deviations.in_hand": 2}
