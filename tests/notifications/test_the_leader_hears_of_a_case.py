"""A case arrives: who is told, with what words, and what is never said."""

import datetime
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from deviations import actions
from deviations.models import Category, Deviation, Harm, Topic
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import create
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Delivery, Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Deputy, Membership, Role
from tests.notifications.conftest import SECRET_TEXT, Post
from tests.people import World

Report = Callable[..., Deviation]


def test_the_mail_names_unit_kind_harm_deadline_and_reference_and_links_to_the_case(
    world: World, report: Report, post: Post
) -> None:
    case = report(harm=Harm.SERIOUS)
    post.deliver()
    (mail,) = post.to(world.leif)
    with translation.override("nb"):
        for word in (case.reference, "Hjemmetjenesten", str(case.get_kind_display()), str(Harm.SERIOUS.label)):
            assert word in mail.body
        assert str(case.deadline.year) in mail.body
    assert f"http://testserver{case.get_absolute_url()}" in mail.body
    assert case.reference in mail.subject


def test_nothing_anybody_wrote_is_in_any_mail_or_notice(world: World, report: Report, post: Post) -> None:
    case = report(done_at_once="Ringte legen på Storgata", suggestion="Egen hylle i Storgata")
    actions.receive(deviation=case, by=world.leif)
    actions.ask_reporter(deviation=case, by=world.leif, text="Var det i Storgata?")
    actions.answer(deviation=case, by=world.nora, text="Ja, Storgata.")
    actions.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Storgata er deres")
    actions.escalate(deviation=case, by=world.hans, note="Storgata er for mye for oss")
    actions.receive(deviation=case, by=world.sunniva)
    actions.close(deviation=case, by=world.sunniva, outcome="Storgata har fått egen hylle", cause="Rot i Storgata")
    actions.reopen(deviation=case, by=world.nora, note="Storgata har det ikke")
    post.deliver()
    assert Email.objects.count() >= 5
    for email in Email.objects.all():
        assert "Storgata" not in email.subject + email.body
    for notice in Notification.objects.all():
        assert "Storgata" not in str(notice.text) + notice.url


def test_each_reads_it_in_their_own_language(world: World, report: Report, post: Post) -> None:
    organisation.choose_language(user=world.leif, language="en")
    with translation.override("nb"):
        case = report()
    post.deliver()
    (mail,) = post.to(world.leif)
    assert mail.subject == f"{case.reference}: Near miss in Hjemmetjenesten"
    assert mail.extra_headers["Content-Language"] == "en"
    assert "Nobody reads answers to this address." in mail.body


def test_the_notice_follows_when_the_reader_changes_language(world: World, report: Report, post: Post) -> None:
    report()
    post.deliver()
    notice = Notification.objects.get(user=world.leif)
    assert set(notice.text) == {"nb", "nn", "en"}
    with translation.override("en"):
        assert "Near miss in Hjemmetjenesten" in notice.sentence


def test_only_the_handler_is_told_and_never_the_one_who_did_it(world: World, report: Report, post: Post) -> None:
    case = report()
    post.deliver()
    assert set(Email.objects.values_list("user", flat=True)) == {world.leif.pk}
    actions.take_over(deviation=case, by=world.sunniva)
    post.deliver()
    assert not post.to(world.sunniva)
    assert not post.to(world.nora)


def test_telling_twice_tells_once(world: World, report: Report, post: Post) -> None:
    report()
    event = Event.objects.get(type="deviations.reported")
    assert deliver.deliver_event(event.pk) == 2
    assert deliver.deliver_event(event.pk) == 0
    assert deliver.sweep() == 0
    post.deliver()
    assert len(post.to(world.leif)) == 1
    assert Delivery.objects.filter(event=event).count() == 1


def test_whoever_may_no_longer_see_the_case_is_not_told(world: World, report: Report, post: Post) -> None:
    """Queued while the right was there, dropped when it is gone: Leif no longer leads, and the case went on."""
    case = report()
    deliver.sweep()
    assert Email.objects.filter(user=world.leif, state="queued").exists()
    membership = Membership.objects.get(user=world.leif)
    Membership.objects.filter(pk=membership.pk).update(withdrawn=True)
    actions.take_over(deviation=case, by=world.sunniva)
    post.deliver()
    assert not post.to(world.leif)
    assert Email.objects.get(user=world.leif).state == Email.State.WITHDRAWN


def test_a_mail_still_waiting_is_dropped_when_the_case_is_closed_meanwhile(
    world: World, report: Report, post: Post
) -> None:
    case = report()
    deliver.sweep()
    actions.receive_and_close(deviation=case, by=world.sunniva, outcome="Løst")
    post.deliver()
    assert not post.to(world.leif)


def test_somebody_who_may_not_log_in_gets_nothing(world: World, report: Report, post: Post) -> None:
    report()
    deliver.sweep()
    world.leif.is_active = False
    world.leif.save(update_fields=["is_active"])
    post.deliver()
    assert not post.to(world.leif)


def test_what_happened_weeks_ago_is_history_not_news(world: World, report: Report, post: Post) -> None:
    report(at=timezone.now() - datetime.timedelta(days=15))
    deliver.sweep()
    assert not Email.objects.filter(name__startswith="deviations.arrived").exists()
    (event,) = Event.objects.filter(type="deviations.reported")
    assert deliver.deliver_event(event.pk) == 0


def test_what_was_brought_in_is_taken_as_told(world: World, report: Report, post: Post) -> None:
    report()
    assert deliver.take_as_told() == 1
    assert deliver.take_as_told() == 0
    post.deliver()
    assert not Email.objects.exists()


def test_a_forwarded_case_is_told_to_the_new_handler_and_the_old_one_sees_it_in_the_list(
    world: World, report: Report, post: Post
) -> None:
    case = report()
    actions.forward(deviation=case, by=world.kaja, to=world.nursing_home, note="Gjelder dere")
    post.deliver()
    assert Email.objects.filter(user=world.hans, name="deviations.forwarded", state="sent").count() == 1
    assert not post.to(world.leif)
    assert not Notification.objects.filter(user=world.leif).exists(), "Leif may no longer see it"
    assert Notification.objects.filter(user=world.nora, name="deviations.moved").exists()


def test_the_leader_above_is_told_of_what_is_sent_up(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive(deviation=case, by=world.leif)
    actions.escalate(deviation=case, by=world.leif, note="For dyrt for oss")
    post.deliver()
    assert Email.objects.filter(user=world.sunniva, name="deviations.escalated", state="sent").count() == 1


def test_a_deputy_who_has_the_case_is_told_instead_of_the_leader(world: World, report: Report, post: Post) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(principal=world.leif, deputy=world.greta, valid_from=today, valid_to=today, by=None)
    report()
    post.deliver()
    assert not post.to(world.leif)
    assert len(post.to(world.greta)) == 2, "that she stands in, and the case"
    assert Deputy.objects.count() == 1


def test_a_unit_without_a_leader_is_told_to_administrators_without_the_case(
    world: World, report: Report, post: Post
) -> None:
    Membership.objects.filter(user=world.leif).update(withdrawn=True)
    case = report()
    report()
    post.deliver()
    (mail,) = post.to(world.ada)
    assert "Hjemmetjenesten" in mail.subject
    for said in (case.reference, SECRET_TEXT, str(case.get_kind_display()), "avvik/"):
        assert said not in mail.body
    assert Email.objects.filter(user=world.sunniva, name="deviations.arrived").count() == 2


def test_a_case_nobody_can_have_is_told_to_administrators_even_so(world: World, report: Report, post: Post) -> None:
    Membership.objects.filter(role=Role.LEADER).update(withdrawn=True)
    case = report()
    assert case.handler is None
    post.deliver()
    assert len(post.to(world.ada)) == 1


def test_the_privacy_officer_hears_of_privacy_cases_at_once(world: World, report: Report, post: Post) -> None:
    category = create(
        Category(municipality=world.municipality, name="Personvern", topic=Topic.PRIVACY), "deviations.category_added",
        by=world.ada,
    )  # fmt: skip
    report()
    report(category=category)
    late = report()
    actions.reclassify(deviation=late, by=world.leif, kind=late.kind, category=category, breached_document=None)
    post.deliver()
    assert len(post.to(world.per)) == 2


def test_hand_over_of_many_cases_is_one_mail_and_a_notice_each(world: World, report: Report, post: Post) -> None:
    cases = [report() for _ in range(3)]
    deliver.take_as_told()
    for case in cases:
        actions.hand_over_case(deviation=case, by=world.ada, to=world.sunniva)
    post.deliver()
    assert len(post.to(world.sunniva)) == 1
    assert Notification.objects.filter(user=world.sunniva, name="deviations.handed_over").count() == 3


def test_a_case_costs_few_queries_to_deliver(world: World, report: Report) -> None:
    report()
    event = Event.objects.get(type="deviations.reported")
    with CaptureQueriesContext(connection) as queries:
        deliver.deliver_event(event.pk)
    assert len(queries) <= 22


def test_mails_about_one_case_are_shown_together(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive(deviation=case, by=world.leif)
    post.deliver()
    threads = {each.extra_headers["References"] for each in post.to(world.nora)}
    assert threads == {f"<{case.key}@localhost>"}


def test_what_a_leader_above_took_over_goes_further_up_not_down_again(
    world: World, report: Report, post: Post
) -> None:
    case = report()
    actions.take_over(deviation=case, by=world.sunniva)
    actions.escalate(deviation=case, by=world.sunniva, note="Må avgjøres av rådmannen")
    assert case.handler == world.rolf
    post.deliver()
    assert len(post.to(world.rolf)) == 1
