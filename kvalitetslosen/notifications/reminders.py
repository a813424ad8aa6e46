"""Reminders: computed from dates as they are now, never queued for later.

Every run looks at what is open and asks each rule for the latest occasion that has come. Whoever has no `Reminder`
row for it gets one, with a notice and a line in that day's mail, in one transaction. So a missed night is caught up,
nothing comes twice, and a case that was closed, handed on or given a new date simply has no occasion any more. One
person gets one mail a run, however many things it is about.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.notifications import digest
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.leases import Held, only_one
from kvalitetslosen.notifications.messages import Worded, plain_text
from kvalitetslosen.notifications.models import Digest, Email, Notification, Reminder
from kvalitetslosen.notifications.outbox import (
    SUBJECT_LENGTH,
    absolute,
    in_every_language,
    language_of,
    letter,
)
from kvalitetslosen.organisation.models import Unit, User

logger = logging.getLogger(__name__)

CHUNK = 500
IN_ONE_MAIL = 25
"""What more a person is reminded of the same morning is in the product; a mail of hundreds helps nobody."""


class ReminderRule(Worded):
    """When to remind whom of which rows, and with what words (templates as for messages; the body is a paragraph)."""

    in_digest: ClassVar[bool] = False  # the week's mail lists the row anyway: no line of its own on that morning
    once: ClassVar[bool] = False  # one occasion is told to one set of people, whoever they are by then

    def queryset(self, clock: Clock) -> QuerySet[Any]:
        """The rows that may have an occasion now, with what the rule needs selected."""
        raise NotImplementedError

    def occasion(self, row: Any, clock: Clock) -> Occasion | None:
        """The latest occasion that has come for the row as it is; None when there is none."""
        raise NotImplementedError

    def recipients(self, row: Any, clock: Clock) -> Iterable[User | None]:
        raise NotImplementedError

    def context(self, row: Any, user: User, clock: Clock) -> dict[str, Any]:
        """What the templates need; called with the reader's language active."""
        return {}

    def url(self, row: Any, user: User) -> str:
        return str(row.get_absolute_url())

    def may_see(self, row: Any, user: User) -> bool:
        return bool(type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists())

    def heard(self, rows: Sequence[Any]) -> Mapping[int, datetime.datetime]:
        """When those it concerns last heard of each row by other means, by the row's key. One query for all of them.

        An occasion from before that reminds nobody: the case was just handed to them, say, or they moved the date.
        """
        return {}

    def reminded(self, row: Any, user: User, clock: Clock) -> None:
        """Called in the transaction that writes the reminder, for what the journal should know."""


class WeekMail(Worded):
    """The week's grouped mail, as the administrator knows it; what it says comes from the modules' sections."""

    name = "week"
    template = "notifications"
    label = _("The weekly mail")
    has_body = False


WEEK_MAIL = WeekMail()
SEVERAL = "notifications.reminders"

R = TypeVar("R", bound=type[ReminderRule])

_rules: dict[str, ReminderRule] = {}


def register_reminder(rule: R) -> R:
    """A decorator. Raises ValueError when another rule has the name."""
    made = rule()
    if made.key in _rules and type(_rules[made.key]) is not rule:
        raise ValueError(f"There is a reminder {made.key} already.")
    _rules[made.key] = made
    return rule


def all_rules() -> list[ReminderRule]:
    return list(_rules.values())


@dataclass(frozen=True)
class Due:
    """A person to be reminded of a row."""

    rule: ReminderRule
    row_id: int
    occasion: Occasion
    user: User


def remind(now: datetime.datetime | None = None) -> int:
    """Write every reminder and weekly mail whose time has come; how many people were written to."""
    clock = Clock(now or timezone.now())
    with only_one("remind") as lease:
        if lease is None:
            return 0
        return _remind(clock, lease)


def _remind(clock: Clock, lease: Held) -> int:
    municipalities = Unit.objects.municipalities().active().values_list("pk", flat=True)
    rounds = digest.open_rounds(clock)
    if not rounds and not any(clock.is_time(pk) for pk in municipalities):
        return 0
    due: defaultdict[int, list[Due]] = defaultdict(list)
    people: dict[int, User] = {}
    for rule in all_rules():
        try:
            for each in _due(rule, clock):
                user = people.setdefault(each.user.pk, each.user)
                due[user.pk].append(replace(each, user=user))
        except Exception:
            logger.exception("The reminders %s could not be computed; the next run tries again.", rule.key)
        if not lease.renew():
            return 0
    weeks = {each.municipality_id: each.week for each in rounds}
    for each_round in rounds:
        for user in digest.candidates(each_round, clock):
            people.setdefault(user.pk, user)
    told, unfinished = 0, set()
    for pk in sorted(people):
        user = people[pk]
        if not lease.renew():
            return told
        try:
            told += _write_to(user, due[pk], weeks.get(user.municipality_id), clock)
        except Exception:
            # Another run may have been writing to the same person; whatever it was, it stops no other.
            unfinished.add(user.municipality_id)
            logger.exception("Person %s could not be reminded; the next run tries again.", pk)
    for each_round in rounds:
        if each_round.municipality_id not in unfinished:
            digest.finish(each_round)
    return told


def _due(rule: ReminderRule, clock: Clock) -> Iterator[Due]:
    for rows in _chunks(rule.queryset(clock)):
        known = set(
            Reminder.objects.filter(
                rule=rule.key,
                subject_type=ContentType.objects.get_for_model(type(rows[0])),
                subject_id__in=[row.pk for row in rows],
            ).values_list("subject_id", "occasion", "user")
        )
        had = {(subject_id, occasion) for subject_id, occasion, _user in known}
        due: list[tuple[Any, Occasion, User]] = []
        for row in rows:
            occasion = rule.occasion(row, clock)
            if occasion is None or (rule.once and (row.pk, occasion.key) in had):
                continue
            due += [
                (row, occasion, user)
                for user in rule.recipients(row, clock)
                if user is not None
                and user.is_active
                and (row.pk, occasion.key, user.pk) not in known
                and clock.is_time(user.municipality_id)
            ]
        heard = rule.heard([row for row, _occasion, _user in due]) if due else {}
        for row, occasion, user in due:
            last = heard.get(row.pk)
            if (last is None or last < occasion.at) and rule.may_see(row, user):
                yield Due(rule, row.pk, occasion, user)


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows a few hundred at a time: nothing is held open while others write."""
    keys = sorted(rows.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        if chunk := list(rows.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")):
            yield chunk


def _write_to(user: User, due: list[Due], week: str | None, clock: Clock) -> int:
    """All that one person is to have from this run, in one transaction; 1 if there was anything."""
    with transaction.atomic():
        reminders = [reminder for each in due if (reminder := _remember(each, clock))]
        if not _send_together(user, reminders, week, clock) and not reminders:
            return 0
    return 1


def _remember(due: Due, clock: Clock) -> Reminder | None:
    """The row that keeps the reminder from coming twice, with its notice; None if it is no longer to come."""
    rule = due.rule
    row = rule.queryset(clock).select_for_update(of=("self",)).filter(pk=due.row_id).first()
    if row is None or rule.occasion(row, clock) != due.occasion:
        return None
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(
                rule=rule.key,
                subject_type=ContentType.objects.get_for_model(type(row)),
                subject_id=row.pk,
                occasion=due.occasion.key,
                user=due.user,
                at=clock.now,
            )
    except IntegrityError:
        return None
    rule.reminded(row, due.user, clock)
    Notification.objects.create(
        user=due.user,
        name=rule.key,
        url=rule.url(row, due.user),
        text=in_every_language(lambda: rule.notice(rule.context(row, due.user, clock))),
        key=f"reminder:{reminder.pk}",
        created_at=clock.now,
    )
    return reminder


def _send_together(user: User, reminders: list[Reminder], week: str | None, clock: Clock) -> Email | None:
    text = _compose(user, reminders, week, clock)
    if text is None:
        return None
    email = Email.objects.create(
        user=user,
        to=user.email,
        language=language_of(user),
        name=WEEK_MAIL.key if text.week else SEVERAL,
        subject=text.subject,
        body=text.body,
        key=f"week:{week}:{user.pk}" if text.week else f"reminder:{min(each.pk for each in reminders)}",
        created_at=clock.now,
        next_try_at=clock.now,
    )
    Reminder.objects.filter(pk__in=[each.pk for each in reminders]).update(email=email)
    if text.week:
        Digest.objects.create(user=user, week=text.week, email=email)
    return email


@dataclass(frozen=True)
class Text:
    subject: str
    body: str
    week: str | None


def _compose(user: User, reminders: list[Reminder], week: str | None, clock: Clock) -> Text | None:
    """The mail as it should be at this moment: only what is still to be reminded of; None when nothing is left."""
    own = clock.settings(user.municipality_id)
    language = language_of(user)
    with translation.override(language):
        overview = digest.paragraphs(user, clock) if week else []
        lines: list[tuple[ReminderRule, dict[str, Any], str]] = []
        for reminder in reminders:
            if len(lines) == IN_ONE_MAIL:
                break
            rule = _rules.get(reminder.rule)
            if rule is None or (overview and rule.in_digest):
                continue
            row = _still_due(rule, reminder, user, clock)
            if row is not None:
                lines.append((rule, rule.context(row, user, clock), absolute(rule.url(row, user))))
        if not overview and not lines:
            return None
        parts = []
        added = []
        for rule, context, link in lines:
            body, rest = rule.own_body(context, own.wording_of(rule.key, language), language, link)
            parts.append(f"{body}\n{rest}".strip())
            if (text := own.added(rule.key, language)) and text not in added:
                added.append(text)
        if len(lines) == IN_ONE_MAIL < len(reminders):
            parts.append(plain_text("notifications/email/more.txt", {"link": absolute(reverse("today"))}).strip())
        if overview:
            subject = WEEK_MAIL.own_subject({}, own.wording_of(WEEK_MAIL.key, language), language)
            added.append(own.added(WEEK_MAIL.key, language))
        elif len(lines) == 1:
            rule, context, _link = lines[0]
            subject = rule.own_subject(context, own.wording_of(rule.key, language), language)
        else:
            subject = plain_text("notifications/email/reminders_subject.txt", {"count": len(lines)})
        body = letter(
            body="\n\n".join([*parts, *overview]),
            added="\n\n".join(text for text in added if text),
            municipality=user.municipality.name,
        )
        return Text(" ".join(subject.split())[:SUBJECT_LENGTH], body, week if overview else None)


def _still_due(rule: ReminderRule, reminder: Reminder, user: User, clock: Clock) -> Any:
    """The row, if as it is now it still has this occasion for this person; else None."""
    row = rule.queryset(clock).filter(pk=reminder.subject_id).first()
    if row is None:
        return None
    occasion = rule.occasion(row, clock)
    if occasion is None or occasion.key != reminder.occasion:
        return None
    if rule.once or user in rule.recipients(row, clock):
        return row if rule.may_see(row, user) else None
    return None


def refresh(email: Email, clock: Clock) -> bool:
    """Write a waiting mail of reminders anew, with what is still true; False when nothing of it is."""
    user = email.user
    if user is None:
        return False
    week = Digest.objects.filter(email=email).values_list("week", flat=True).first()
    text = _compose(user, list(email.reminders.order_by("pk")), week, clock)
    if text is None:
        return False
    email.subject, email.body = text.subject, text.body
    return True
