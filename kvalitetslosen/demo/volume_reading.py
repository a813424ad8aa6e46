"""What a large municipality asks everybody to read, and who has: beside the documents of ``volume``."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from documents.models import Reach, ReadAudience, ReadReceipt, ReadRequirement, Version
from kvalitetslosen.demo.volume_rows import Chain, Rows, flush, type_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import Role, Unit, User

ASKED = 10  # documents
AT_A_TIME = 20_000  # receipts in memory


def ask_to_read(municipality: Unit, *, by: User, rng: random.Random) -> None:
    """A few documents for all, some of them due already; half of it is read."""
    requirements, audiences = Rows(ReadRequirement), Rows(ReadAudience)
    receipts, events = Rows(ReadReceipt), Rows(Event)
    now, town_id = timezone.now(), municipality.pk
    of_requirement, of_receipt = type_of(ReadRequirement), type_of(ReadReceipt)
    people = list(
        User.objects.filter(municipality=municipality, memberships__role__in=[Role.EMPLOYEE, Role.LEADER])
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    for_all = Version.objects.in_force().filter(document__level_0=town_id, document__reach=Reach.MUNICIPALITY)
    for number, version in enumerate(for_all.defer("body", "text").order_by("pk")[:ASKED]):
        assert version.major is not None
        asked = now - datetime.timedelta(days=18)
        chain = Chain(events, of_requirement, town_id, requirements.next_id)
        chain.add("documents.reading_asked", by_id=by.pk, at=asked, data={})
        requirement = requirements.add(
            document_id=version.document_id,
            version_id=version.pk,
            asked_by_id=by.pk,
            asked_at=asked,
            asked_on=timezone.localdate(asked),
            due_on=timezone.localdate(now) + datetime.timedelta(days=10 if number % 2 else -4),
            **chain.anchor,
        )
        audiences.add(requirement_id=requirement, unit_id=town_id)
        for person in people:
            if rng.random() < 0.5:
                at = asked + datetime.timedelta(days=rng.random() * 18)
                chain = Chain(events, of_receipt, town_id, receipts.next_id)
                chain.add("documents.read", by_id=person, at=at, data={})
                receipts.add(
                    user_id=person,
                    document_id=version.document_id,
                    version_id=version.pk,
                    major=version.major,
                    at=at,
                    **chain.anchor,
                )
        if len(receipts.waiting) >= AT_A_TIME:
            flush(receipts, events)
    flush(requirements, audiences, receipts, events)
