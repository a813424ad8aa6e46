"""Sharing a document with a network, adopting another's, and taking in what the origin changes."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.access import municipality_of
from documents.actions.life import create_document, new_version, put_file, save
from documents.links import LINKED
from documents.merging import Merged, merge
from documents.models import Adoption, Document, Share, Version
from kvalitetslosen.files.actions import carry_over
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def share(*, document: Document, network: Network, by: User, at: datetime.datetime | None = None) -> Share:
    """Let the other municipalities of the network read and adopt what is in force. A second time does nothing.

    Raises ``ValidationError`` where nothing is in force, or the municipality isn't in the network.
    """
    now = at or timezone.now()
    Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if already := Share.objects.filter(document=document, network=network, ended_at=None).first():
        return already
    if not Version.objects.in_force().filter(document=document).exists():
        raise ValidationError(_("Nothing is in force yet. Share it when it is approved."), code="not_in_force")
    if document.level_0 is None or not Network.objects.of(document.level_0).filter(pk=network.pk).exists():
        raise ValidationError(_("The municipality isn’t in that network any more."), code="outside")
    return create(Share(document=document, network=network, shared_at=now), "documents.shared", by=by, at=now)


@transaction.atomic
def end_share(*, share: Share, by: User, at: datetime.datetime | None = None) -> None:
    """The others see it no longer. What they have adopted is theirs. A second time does nothing."""
    current = Share.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if current.ended_at is None:
        change(current, "documents.share_ended", by=by, at=at, ended_at=at or timezone.now())


@transaction.atomic
def adopt(
    *, origin: Version, by: User, unit: Unit, at: datetime.datetime | None = None, **particulars: Any
) -> Version:
    """A draft of our own that begins with another municipality's version in force, and stays tied to it.

    ``particulars`` are those of ``create_document``.

    Raises ``ValidationError`` where the municipality has adopted the document already.
    """
    now = at or timezone.now()
    Document.objects.select_for_update(of=("self",)).get(pk=origin.document_id)  # two at once wait for each other
    already = Adoption.objects.filter(origin=origin.document_id, document__level_0=unit.municipality_id)
    if found := already.select_related("document").first():
        raise ValidationError(
            _("It is adopted already, as %(number)s."), params={"number": found.document.number}, code="already"
        )
    draft = create_document(by=by, title=origin.title, unit=unit, at=now, **particulars)
    if origin.file:
        with origin.file.open("rb") as file:
            put_file(version=draft, by=by, file=file, name=origin.file_name, text=origin.text, at=now)
    else:
        body = _with_our_links(origin.body, unit.municipality_id)
        save(version=draft, by=by, title=draft.title, body=body, drawn=origin.body, at=now)
    carry_over(source=origin, owner=draft)
    adoption = Adoption(document=draft.document, origin_id=origin.document_id, follows=origin, adopted_at=now)
    create(adoption, "documents.adopted", by=by, at=now)
    return draft


@transaction.atomic
def take_in(
    *, adoption: Adoption, newest: Version, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Merged | None:
    """Put what the origin changed into a draft of our own, wherever we hadn't changed the same ourselves.

    ``None`` where either is a file, which can't be merged: the draft is opened and left as it is. Raises
    ``ValidationError`` while a draft of our own is open: nobody's writing is mixed with another's unseen.
    """
    now = at or timezone.now()
    document = adoption.document
    if Version.objects.open().filter(document=document).exists():
        raise ValidationError(
            _("There is a draft already. Finish or discard it first, so that nothing in it is lost."), code="open"
        )
    before = adoption.follows
    move(adoption, "take_in", by=by, at=now, seen=seen, follows=newest)
    draft = new_version(document=document, by=by, at=now)
    _attach_what_is_new(draft, before, newest)
    if draft.file or newest.file or before.file:
        return None
    base, ours, theirs = (_with_our_links(each.body, document.level_0) for each in (before, draft, newest))
    merged = merge(base=base, ours=ours, theirs=theirs)
    name = municipality_of(newest.document).name
    summary = _("Changes from %(name)s are taken in (version %(label)s).") % {"name": name, "label": newest.label}
    save(
        version=draft,
        by=by,
        title=draft.title,
        body=merged.html,
        drawn=newest.body,
        change_summary=summary,
        at=now,
    )
    return merged


def keep(
    *,
    adoption: Adoption,
    newest: Version,
    by: User,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """The change has been looked at and doesn't concern us."""
    move(adoption, "keep", by=by, at=at, seen=seen, note=note, follows=newest)


def let_go(*, adoption: Adoption, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    move(adoption, "let_go", by=by, at=at, seen=seen)


def follow_again(
    *, adoption: Adoption, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    move(adoption, "follow_again", by=by, at=at, seen=seen)


def _with_our_links(html: str, municipality_id: int | None) -> str:
    """Another municipality's text, its links leading to what we have adopted of the same; the others stay words."""
    linked = {int(each) for each in LINKED.findall(html)}
    if not linked:
        return html
    rows = Adoption.objects.filter(origin__in=linked, document__level_0=municipality_id)
    ours = dict(rows.values_list("origin", "document"))
    return LINKED.sub(lambda link: f'<a data-document="{ours.get(int(link[1]), link[1])}"', html)


def _attach_what_is_new(draft: Version, before: Version, newest: Version) -> None:
    """The files the origin has got since, beside our own; none that lies there already."""
    there = {each.sha256 for of in (draft, before) for each in files_of(of)}
    for each in files_of(newest):
        if each.sha256 not in there:
            carry_over(source=newest, owner=draft, only=each.pk)
