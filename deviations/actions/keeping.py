"""Keeping a question to the list of cases. What only its owner sees leaves no event; sharing it with a unit does."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction

from deviations.models import MOST_FOLLOWED, MOST_KEPT, Following, KeptList
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import Unit, User


class TooMany(Exception):
    """The person has as many lists, or is mailed about as many, as one can."""


def keep_list(*, by: User, name: str, query: str, shared_with: Unit | None = None, key: uuid.UUID) -> KeptList:
    """Keep a question, already sanitized. ``key`` is the form's own: sent twice with it, it is kept once.

    Raises ``TooMany``.
    """
    there = KeptList.objects.filter(key=key, owner=by).first()
    if there:
        return there
    if KeptList.objects.filter(owner=by).count() >= MOST_KEPT:
        raise TooMany
    try:
        with transaction.atomic():
            made = KeptList.objects.create(key=key, owner=by, name=name, query=query, shared_with=shared_with)
            if shared_with:
                record(shared_with, "deviations.list_shared", by=by, list=made.key)
    except IntegrityError:  # sent twice at the same moment, or somebody else's key
        return KeptList.objects.get(key=key, owner=by)
    return made


@transaction.atomic
def change_list(*, kept: KeptList, by: User, name: str, shared_with: Unit | None) -> None:
    """Give it another name, share it with a unit, with another, or with nobody any more."""
    now = KeptList.objects.select_for_update(of=("self",)).select_related("shared_with").get(pk=kept.pk)
    before = now.shared_with
    kept.name, kept.shared_with = name, shared_with
    kept.save(update_fields=["name", "shared_with"])
    if before != shared_with:
        if before:
            record(before, "deviations.list_unshared", by=by, list=kept.key)
            Following.objects.filter(kept_list=kept).exclude(user=kept.owner_id).delete()
        if shared_with:
            record(shared_with, "deviations.list_shared", by=by, list=kept.key)


def ask_otherwise(*, kept: KeptList, query: str) -> None:
    """Let the list ask what is looked at now."""
    kept.query = query
    kept.save(update_fields=["query"])


@transaction.atomic
def remove_list(*, kept: KeptList, by: User) -> None:
    """Those it was shared with don't see it any more either, and nobody is mailed about it. The cases stay."""
    if kept.shared_with:
        record(kept.shared_with, "deviations.list_unshared", by=by, list=kept.key)
    kept.delete()


@transaction.atomic
def inherit_list(*, kept: KeptList, by: User | None, owner: User) -> None:
    """Give a shared list to another, since its owner leaves."""
    kept.owner = owner
    kept.save(update_fields=["owner"])
    if kept.shared_with:
        record(kept.shared_with, "deviations.list_inherited", by=by, list=kept.key, owner=owner.pk)


def follow(*, kept: KeptList, by: User) -> None:
    """Be mailed each week how many cases answer it. Raises ``TooMany``."""
    if Following.objects.filter(user=by).exclude(kept_list=kept).count() >= MOST_FOLLOWED:
        raise TooMany
    Following.objects.get_or_create(user=by, kept_list=kept)


def stop_following(*, kept: KeptList, by: User) -> None:
    Following.objects.filter(user=by, kept_list=kept).delete()


def forget_lists(user: User) -> None:
    """What somebody who leaves kept for themselves. What they shared has been handed over."""
    KeptList.objects.filter(owner=user, shared_with=None).delete()
    Following.objects.filter(user=user).delete()
