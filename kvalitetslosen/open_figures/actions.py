"""Making a token, revoking it, and finding out who reads by it."""

from __future__ import annotations

import datetime
import hmac
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.open_figures.models import Reads, ReportToken
from kvalitetslosen.organisation.models import LEVELS, Unit, User, person_with_standing
from kvalitetslosen.organisation.standing import FIGURES, Standing

LONGEST = datetime.timedelta(days=366)


def hash_of(token: str) -> str:
    """What is kept of a token: without our own key it can't be tried against a list of guesses."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"report-token:" + token.encode(), "sha256").hex()


@transaction.atomic
def make_token(*, name: str, by: User, expires_on: datetime.date, unit: Unit | None = None) -> tuple[ReportToken, str]:
    """A token with the person's own rights, or for the figures of a unit; and its secret, to be shown now and never
    again. Raises ``ValidationError`` for a day too far away, and where a token for figures lies above or below.
    """
    today = timezone.localdate()
    if not today <= expires_on <= today + LONGEST:
        raise ValidationError(_("The last day is today or later, and at most a year away."))
    if unit is not None:
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.municipality_id)  # two at once: one after the other
        _refuse_nested(unit)
    secret = f"klt_{secrets.token_urlsafe(32)}"
    token = ReportToken(
        municipality_id=by.municipality_id,
        name=name,
        reads=Reads.RIGHTS if unit is None else Reads.FIGURES,
        unit=unit,
        made_by=by,
        token_hash=hash_of(secret),
        expires_on=expires_on,
    )
    create(token, "open_figures.token_made", by=by, name=name, reads=token.reads, unit=unit, expires_on=expires_on)
    return token, secret


def _refuse_nested(unit: Unit) -> None:
    """The figures of a unit and of one above it, taken from each other, would tell what both of them hide.

    What was read is still known once the token is over, whenever that was: the other could ask about the same year.
    """
    others = ReportToken.objects.telling().filter(reads=Reads.FIGURES).exclude(unit=unit)
    related = Q(unit__in=unit.ancestor_ids) | Q(**{f"unit__{LEVELS[unit.depth]}": unit.pk})
    other = others.filter(related).select_related("unit").order_by("pk").first()
    if other is not None and other.unit is not None:
        raise ValidationError(
            _(
                "The figures of %(unit)s have a token, or were read with one before. Both together would tell what "
                "each of them hides."
            )
            % {"unit": other.unit.name}
        )


@transaction.atomic
def revoke_token(*, token: ReportToken, by: User | None) -> None:
    """It opens nothing any more. One that is revoked already stays as it is."""
    if lock(token).revoked_at is None:
        change(token, "open_figures.token_revoked", by=by, revoked_at=timezone.now())


def token_of(secret: str) -> ReportToken | None:
    """The token in force. The first time on a day is noted: that it was used, and in the journal."""
    if not secret:
        return None
    rows = ReportToken.objects.in_force().select_related("municipality", "unit")
    token = rows.filter(token_hash=hash_of(secret)).first()
    if token is not None and token.used_on != timezone.localdate():
        _note(token)
    return token


@transaction.atomic
def _note(token: ReportToken) -> None:
    now = lock(token)
    if now.used_on != timezone.localdate():
        record(now, "open_figures.token_used", by=None)
        ReportToken.objects.filter(pk=token.pk).update(used_on=timezone.localdate())


def reader_of(token: ReportToken) -> User:
    """Who reads by it: the person with what they are today, or, for figures only, somebody who is nothing else."""
    if token.reads == Reads.RIGHTS:
        found = person_with_standing(token.made_by_id)
        assert found is not None
        return found
    assert token.unit is not None
    nobody = User(pk=0, municipality_id=token.municipality_id, language=token.municipality.language or "nb")
    nobody.standing = Standing({FIGURES: (token.unit,)}, narrowed=False)
    return nobody
