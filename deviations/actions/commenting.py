"""What safety representatives and data protection officers say to a case, and what they are answered."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from deviations.models import Comment, Deviation
from kvalitetslosen.journal.record import lock, record
from kvalitetslosen.organisation.models import User


@transaction.atomic
def comment(
    *,
    deviation: Deviation,
    by: User,
    text: str,
    for_reporter: bool = False,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Comment:
    """Say something to a case. ``key`` is the form's own: sent twice, it is said once.

    Whether the reporter reads it is in the kind of event: their timeline leaves out what isn't meant for them.
    """
    now = at or timezone.now()
    lock(deviation)
    if key and (said := Comment.objects.filter(key=key, deviation=deviation, author=by).first()):
        return said
    made = Comment.objects.create(
        deviation=deviation, author=by, text=text, for_reporter=for_reporter, at=now, key=key or uuid.uuid4()
    )
    record(
        deviation,
        "deviations.commented_openly" if for_reporter else "deviations.commented",
        by=by,
        at=now,
        comment=made.pk,
    )
    return made
