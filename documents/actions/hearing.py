"""The verbs of a hearing: asking what others think of a draft, answering, and closing it."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Hearing, Invitation, Outcome, Response, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Membership, Role, Unit, User

logger = logging.getLogger(__name__)

SPEAK_FOR_OTHERS = (Role.SAFETY_REP, Role.UNION_REP, Role.DPO, Role.QUALITY_CONTACT)
"""Roles that cover the units below: whoever has one higher up is asked for a unit of theirs too."""


def _plain(text: str) -> str:
    """Words that hold no identity number. Raises ``ValidationError``."""
    identity_numbers.guard(text)
    return text.strip()


def holders(unit: Unit, roles: Iterable[str]) -> list[Membership]:
    """Those who have one of the roles in the unit or below it; those who speak for others, also from above."""
    held = Membership.objects.on(timezone.localdate()).filter(role__in=list(roles), user__is_active=True)
    above = Q(role__in=SPEAK_FOR_OTHERS, unit__in=unit.ancestor_ids)
    within = Q(unit__in=Unit.objects.active().in_subtree(unit))
    return list(held.filter(above | within).select_related("user", "unit").order_by("user__name", "pk"))


def _invited(
    hearing: Hearing, people: Iterable[User], unit: Unit | None, roles: Iterable[str], without: set[int]
) -> list[Invitation]:
    """An invitation for each, once: by name before by role; nobody who has one, nor who wrote the draft."""
    found: dict[int, Invitation] = {}
    for person in people:
        found.setdefault(person.pk, Invitation(hearing=hearing, user=person))
    for membership in holders(unit, roles) if unit is not None else ():
        found.setdefault(
            membership.user_id,
            Invitation(hearing=hearing, user=membership.user, role=membership.role, unit=membership.unit),
        )
    return [invitation for pk, invitation in found.items() if pk not in without]


@transaction.atomic
def ask_hearing(
    *,
    version: Version,
    by: User,
    deadline: datetime.date,
    people: Iterable[User] = (),
    unit: Unit | None = None,
    roles: Iterable[str] = (),
    question: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Hearing:
    """Let people read the draft and say what they think, until the deadline.

    Raises ``ValidationError`` when the draft is empty or nobody would be asked.
    """
    if version.is_empty or (not version.file and version.body == version.document.type.template):
        raise ValidationError(_("There is nothing to read yet. Write the text, or upload a file."), code="empty")
    now = at or timezone.now()
    move(version, "ask_hearing", by=by, at=now, seen=seen, data={"deadline": deadline})
    hearing = create(
        Hearing(version=version, asked_by=by, question=_plain(question), deadline=deadline, opened_at=now),
        "documents.hearing_opened",
        by=by,
        at=now,
        deadline=deadline,
    )
    asked = _invited(hearing, people, unit, roles, {version.author_id, version.edited_by_id, by.pk})
    if not asked:
        raise ValidationError(_("Nobody would be asked. Choose somebody."), code="nobody")
    Invitation.objects.bulk_create(asked)
    return hearing


@transaction.atomic
def invite(
    *,
    hearing: Hearing,
    by: User,
    people: Iterable[User] = (),
    unit: Unit | None = None,
    roles: Iterable[str] = (),
    at: datetime.datetime | None = None,
) -> int:
    """Ask more people; how many. Those asked already aren't asked again. Raises ``ValidationError`` when closed."""
    guard_open(lock(hearing))
    known = set(hearing.invitations.values_list("user_id", flat=True))
    version = hearing.version
    asked = _invited(hearing, people, unit, roles, known | {version.author_id, version.edited_by_id})
    if asked:
        Invitation.objects.bulk_create(asked)
        record(hearing, "documents.hearing_invited", by=by, at=at, people=[each.user_id for each in asked])
    return len(asked)


def guard_open(hearing: Hearing) -> None:
    if not hearing.is_open:
        raise ValidationError(_("The hearing is closed."), code="closed")


@transaction.atomic
def respond(
    *, hearing: Hearing, by: User, text: str, heading: str = "", at: datetime.datetime | None = None
) -> Response:
    """Say what one thinks. The same twice is one. Raises ``ValidationError`` when closed, or when one isn't asked."""
    now = at or timezone.now()
    text, heading = _plain(text), heading.strip()[:300]
    guard_open(lock(hearing))
    invitation = hearing.invitations.filter(user=by).first()
    if invitation is None:
        raise ValidationError(_("You are not asked in this hearing."), code="stranger")
    if not text:
        raise ValidationError(_("Write what you want to say."), code="empty")
    already = hearing.responses.filter(by=by, text=text, heading=heading).first()
    if already is not None:
        return already
    response = Response.objects.create(hearing=hearing, by=by, text=text, heading=heading, at=now)
    Invitation.objects.filter(pk=invitation.pk).update(answered_at=now)
    record(hearing, "documents.hearing_commented", by=by, at=now, response=response.pk)
    return response


@transaction.atomic
def say_nothing(*, hearing: Hearing, by: User, at: datetime.datetime | None = None) -> None:
    """I have read it and have nothing to say. A second time changes nothing."""
    guard_open(lock(hearing))
    now = at or timezone.now()
    if hearing.invitations.filter(user=by, answered_at=None).update(answered_at=now):
        record(hearing, "documents.hearing_nothing_said", by=by, at=now)


@transaction.atomic
def answer_response(
    *, response: Response, by: User, outcome: str, answer: str = "", at: datetime.datetime | None = None
) -> None:
    """Say whether a comment is taken in; where it isn't, why. Can be changed until the draft is sent.

    Raises ``ValidationError`` where the reason is missing.
    """
    answer = _plain(answer)
    if outcome == Outcome.NOT_TAKEN_IN and not answer:
        raise ValidationError({"answer": _("Write why it isn't taken into account.")}, code="unexplained")
    now = at or timezone.now()
    hearing = response.hearing
    current = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    if (current.outcome, current.answer) == (outcome, answer):
        return
    response.outcome, response.answer, response.answered_by, response.answered_at = outcome, answer, by, now
    response.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    record(hearing, "documents.hearing_answered", by=by, at=now, response=response.pk, outcome=outcome)


@transaction.atomic
def extend_hearing(
    *, hearing: Hearing, by: User, deadline: datetime.date, at: datetime.datetime | None = None
) -> None:
    """Give more time. Raises ``ValidationError`` when closed."""
    guard_open(lock(hearing))
    change(hearing, "documents.hearing_extended", by=by, at=at, deadline=deadline)


@transaction.atomic
def close_hearing(*, hearing: Hearing, by: User | None, at: datetime.datetime | None = None) -> bool:
    """Let it be a draft again, with what was said; False when it was closed already."""
    now = at or timezone.now()
    version = Version.objects.select_for_update(of=("self",)).select_related("document").get(pk=hearing.version_id)
    if not lock(hearing).is_open:
        return False
    move(version, "close_hearing", by=by, at=now)
    hearing.version = version
    change(hearing, "documents.hearing_closed", by=by, at=now, closed_at=now, closed_by=by)
    return True


def close_due_hearings(now: datetime.datetime | None = None) -> int:
    """Close every hearing whose deadline was before today, each once; how many."""
    moment = now or timezone.now()
    due = Hearing.objects.open().filter(deadline__lt=timezone.localdate(moment))
    done = 0
    for hearing in due.order_by("deadline", "pk"):
        try:
            done += close_hearing(hearing=hearing, by=None, at=moment)
        except Exception:
            logger.exception("Hearing %s could not be closed; the next run tries again.", hearing.pk)
    return done


def guard_heard(version: Version) -> None:
    """Raises ``ValidationError`` where its type wants a hearing first, or comments wait for an answer."""
    if version.document.type.asks_hearing and not version.is_minor and not version.hearings.exists():
        raise ValidationError(
            _("Documents of this type go to hearing first. Ask for a hearing from the draft."), code="unheard"
        )
    waiting = Response.objects.filter(hearing__version=version, outcome=Outcome.WAITS).count()
    if waiting:
        raise ValidationError(
            _("Answer what was said in the hearing first: %(n)s left."), params={"n": waiting}, code="unanswered"
        )
