"""Reminders of reviews, to the owner and then to the owner's leader; and the documents' part of the weekly mail."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents.lifecycle import State
from documents.models import Answer, Approval, Document, ReviewRules, Version
from documents.wording import REVIEWED
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import record
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.digest import DigestSection, register_section
from kvalitetslosen.notifications.messages import plain_text
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.organisation.routing import Assignment, leader_for
from kvalitetslosen.ui.dates import full

TOLD_BY = ("documents.in_force", "documents.review_moved", "documents.handed_over")
"""Events after which the owner knows the document and its review, and needs no reminder from before."""

LISTED = 15


def rules_in(municipality_id: int, clock: Clock) -> ReviewRules:
    rules = clock.remember(
        "documents.rules", lambda: {each.municipality_id: each for each in ReviewRules.objects.all()}
    )
    return rules.get(municipality_id) or ReviewRules(municipality_id=municipality_id)


def longest_notice(clock: Clock) -> datetime.timedelta:
    """How far ahead a review can lie and still be reminded of: working days, with room for weekends and Easter."""

    def longest() -> int:
        chosen = ReviewRules.objects.order_by("-remind_days_before").values_list("remind_days_before", flat=True)
        return max(ReviewRules().remind_days_before, *chosen[:1], 0)

    return datetime.timedelta(days=2 * clock.remember("documents.longest_notice", longest) + 14)


def leader_of_owner(document: Document) -> Assignment | None:
    """Who is told when the owner doesn't look it over: the nearest leader of the unit, above where the owner leads."""
    led = [unit for unit in document.owner.standing.units(Role.LEADER) if unit.pk in document.ancestor_ids]
    top: Unit | None = min(led, key=lambda unit: unit.depth, default=None)
    return leader_for(top or document.unit, without={document.owner_id}, above=top is not None)


class ReviewReminder(ReminderRule):
    """Documents in force with a review date; what is withdrawn has none."""

    template = "documents"
    placeholders = REVIEWED

    def queryset(self, clock: Clock) -> QuerySet[Document]:
        return (
            Document.objects.filter(review_on__lte=clock.today + longest_notice(clock))
            .select_related("unit", "type", "owner__municipality")
            .order_by("review_on", "pk")
        )

    def context(self, row: Document, user: User, clock: Clock) -> dict[str, Any]:
        review_on = row.review_on or clock.today
        return {
            "number": row.number,
            "title": row.title,
            "kind": row.type.label,
            "unit": row.unit.name,
            "owner": row.owner.name,
            "review_on": full(review_on),
            "days_to_review": (review_on - clock.today).days,
        }


@register_reminder
class ReviewDue(ReviewReminder):
    """Some working days before the review date, on the day, and every so many working days after it."""

    name = "review_due"
    label = _("Reminder to the owner: a document is to be looked over")
    is_task = True
    in_digest = True
    example = {"days_to_review": 28}

    def occasion(self, row: Document, clock: Clock) -> Occasion | None:
        if row.review_on is None:
            return None
        place, day = row.level_0 or 0, row.review_on
        rules = rules_in(place, clock)
        return clock.latest(
            place,
            (f"before:{day}", clock.workday(day, -rules.remind_days_before, place)),
            (f"at:{day}", clock.last_workday(day, place)),
            *clock.repeats("after", day, rules.repeat_days, place),
        )

    def recipients(self, row: Document, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def heard(self, rows: Sequence[Document]) -> Mapping[int, datetime.datetime]:
        changed = Q(type="documents.changed") & (
            Q(data__changes__owner__isnull=False) | Q(data__changes__review_on__isnull=False)
        )
        told = Event.objects.filter(
            Q(type__in=TOLD_BY) | changed,
            subject_type=ContentType.objects.get_for_model(Document),
            subject_id__in=[row.pk for row in rows],
        )
        return dict(told.order_by().values_list("subject_id").annotate(last=Max("at")))


@register_reminder
class ReviewAbove(ReviewReminder):
    """To the owner's leader, once a review date. The document keeps its owner; that somebody was told is an event."""

    name = "review_above"
    label = _("To the owner's leader: a document has not been looked over")
    once = True

    def occasion(self, row: Document, clock: Clock) -> Occasion | None:
        if row.review_on is None or row.review_on >= clock.today:
            return None
        place, day = row.level_0 or 0, row.review_on
        return clock.latest(place, (f"above:{day}", clock.workday(day, rules_in(place, clock).escalate_days, place)))

    def recipients(self, row: Document, clock: Clock) -> Iterable[User | None]:
        """Who stands in for the leader, if that person may see the document; else the leader."""
        found = leader_of_owner(row)
        if found is None:
            return []
        if found.acting_for and not self.may_see(row, found.user):
            return [found.acting_for]
        return [found.user]

    def reminded(self, row: Document, user: User, clock: Clock) -> None:
        record(row, "documents.review_told", by=None, at=clock.now, leader=user, day=row.review_on)


@register_section
class DocumentsThisWeek(DigestSection):
    """What waits for the person's approval, and their own documents that are to be looked over."""

    order = 20

    def people(self, municipality_id: int, clock: Clock) -> Collection[int]:
        owners = Document.objects.filter(level_0=municipality_id, review_on__lte=clock.today + longest_notice(clock))
        asked = Approval.objects.filter(
            state=Answer.ASKED, version__state=State.APPROVAL, version__document__level_0=municipality_id
        )
        return {
            *owners.order_by().values_list("owner", flat=True).distinct(),
            *asked.order_by().values_list("approver", flat=True).distinct(),
        }

    def paragraph(self, user: User, clock: Clock) -> str:
        found = {"to_approve": self._to_approve(user), **self._to_review(user, clock)}
        groups = [
            {"heading": heading(name, len(rows)), "rows": rows[:LISTED], "more": max(len(rows) - LISTED, 0)}
            for name, rows in found.items()
            if rows
        ]
        if not groups:
            return ""
        view = "mine" if found["overdue"] or found["due"] else "arbeid"
        link = absolute(f"{reverse('documents:list')}?visning={view}")
        return plain_text("documents/email/week.txt", {"groups": groups, "link": link})

    def _to_approve(self, user: User) -> list[dict[str, str]]:
        rows = (
            Version.objects.to_approve(user)
            .visible_to(user)
            .order_by("sent_at", "pk")
            .values_list("document__number", "title", "sent_at")
        )
        return [{"number": number, "title": title, "date": full(local_day(at))} for number, title, at in rows if at]

    def _to_review(self, user: User, clock: Clock) -> dict[str, list[dict[str, str]]]:
        place = user.municipality_id
        soon = clock.workday(clock.today, rules_in(place, clock).remind_days_before, place)
        rows = (
            Document.objects.filter(owner=user, level_0=place, review_on__lte=soon)
            .order_by("review_on", "pk")
            .values_list("number", "title", "review_on")
        )
        found: dict[str, list[dict[str, str]]] = {"overdue": [], "due": []}
        for number, title, day in rows:
            if day is not None:
                group = found["overdue" if day < clock.today else "due"]
                group.append({"number": number, "title": title, "date": full(day)})
        return found


def heading(group: str, count: int) -> str:
    """What stands over a group of documents in the weekly mail."""
    headings = {
        "to_approve": ngettext(
            "%(n)s document to approve (when it was sent):",
            "%(n)s documents to approve (when they were sent):",
            count,
        ),
        "overdue": ngettext("%(n)s document past its review:", "%(n)s documents past their review:", count),
        "due": ngettext("%(n)s document to look over soon:", "%(n)s documents to look over soon:", count),
    }
    return headings[group] % {"n": count}
