"""Whom documents tell what. Mail names the document, its number and unit; never what anybody wrote in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents import comment_messages, hearing_messages, reading_messages, reminders  # noqa: F401 - registers what is told there
from documents.access import municipality_of
from documents.lifecycle import State
from documents.models import Adoption, Approval, Document, Version
from documents.timeline import together
from documents.wording import APPLIES_FROM, APPROVER, AUTHOR, FACTS, LABEL, NUMBER, TITLE
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def facts(version: Version) -> dict[str, Any]:
    """What mail may say about a version, in the active language."""
    document = version.document
    return {
        "number": document.number,
        "title": version.title,
        "kind": document.type.label,
        "unit": document.unit.name,
        "author": version.author.name,
        "approver": together([each.approver.name for each in version.living_approvals]) or version.approved_by_name,
        "label": version.label,
        "applies_from": full(version.applies_from) if version.applies_from else "",
    }


def part_of(version: Version, user: User) -> Approval | None:
    """What the person is asked to approve now."""
    return next((each for each in version.asked if each.approver_id == user.pk), None)


class ToWriters(Message):
    """To those who wrote it; whoever did it themselves isn't told."""

    template = "documents"
    placeholders: ClassVar[tuple[Placeholder, ...]] = FACTS

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return dict.fromkeys([subject.author, subject.edited_by])

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class ApprovalAsked(Message):
    name = "approval_asked"
    is_task = True
    template = "documents"
    label = _("To the approver: a document waits for approval")
    events: ClassVar[tuple[str, ...]] = (
        "documents.approval_asked", "documents.approver_changed", "documents.approved_by_one",
    )  # fmt: skip
    placeholders: ClassVar[tuple[Placeholder, ...]] = FACTS
    example: ClassVar[dict[str, Any]] = {"standing_in_for": ""}

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return [] if "together" in event.data else [each.approver for each in subject.asked]

    def once(self, event: Event, subject: Version, user: User) -> str:
        """One for each time it is the person's turn, whichever event made it so."""
        part = part_of(subject, user)
        return f"part:{part.pk}" if part else super().once(event, subject, user)

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.APPROVAL and part_of(subject, user) is not None

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        part = part_of(subject, user)
        leader = part.approver_for.name if part and part.approver_for else ""
        return facts(subject) | {"approver": user.name, "standing_in_for": leader}


@register
class ApprovalsAsked(ApprovalAsked):
    """One for all that was sent to somebody at once."""

    name = "approvals_asked"
    label = _("To the approver: several documents wait for approval")
    events = ("documents.approval_asked",)
    placeholders = (AUTHOR,)
    example: ClassVar[dict[str, Any]] = {}

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return [each.approver for each in subject.asked] if "together" in event.data else []

    def once(self, event: Event, subject: Version, user: User) -> str:
        return f"together:{event.data['together']}"

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return Version.objects.to_approve(user).exists()

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        return {"author": event.by.name if event.by else ""}

    def url(self, event: Event, subject: Version, user: User) -> str:
        return f"{reverse('documents:many')}?steg=godkjenn"


@register
class Approved(ToWriters):
    name = "approved"
    label = _("To those who wrote it and the owner: a document is approved and in force")
    events: ClassVar[tuple[str, ...]] = ("documents.approved",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (*FACTS, LABEL)

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return [] if "together" in event.data else self.whose(subject)

    def whose(self, subject: Version) -> Iterable[User | None]:
        return dict.fromkeys([subject.author, subject.edited_by, subject.document.owner])

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.IN_FORCE


@register
class ApprovedTogether(Approved):
    """One for all that was approved at once."""

    name = "approved_together"
    label = _("To those who wrote them and the owners: several documents are approved and in force")
    placeholders = (APPROVER,)

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return self.whose(subject) if "together" in event.data else []

    def once(self, event: Event, subject: Version, user: User) -> str:
        return f"together:{event.data['together']}"

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        return {"approver": event.by.name if event.by else ""}

    def url(self, event: Event, subject: Version, user: User) -> str:
        return reverse("documents:list")


@register
class ApprovedByOne(ToWriters):
    """A notice that one of several has approved it; the mail comes with the last of them."""

    name = "approved_by_one"
    label = _("To those who wrote it: one of several has approved a document")
    events = ("documents.approved_by_one",)
    by_mail = False

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.APPROVAL

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        by = User.objects.filter(pk=event.by_id).first()
        return facts(subject) | {"approver": by.name if by else ""}


@register
class ApprovedForLater(Approved):
    name = "approved_for_later"
    label = _("To those who wrote it and the owner: a document is approved and applies later")
    events = ("documents.approved_for_later", "documents.put_in_force_later")
    placeholders = (*FACTS, APPLIES_FROM)

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.SCHEDULED


@register
class InForce(Approved):
    name = "in_force"
    label = _("To those who wrote it and the owner: a document has come into force")
    events = ("documents.came_into_force", "documents.put_in_force")


@register
class SentBack(Message):
    """To the others who were asked: they need not read it now."""

    name = "sent_back"
    template = "documents"
    label = _("To the other approvers: a document was sent back")
    events = ("documents.changes_wanted",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = FACTS

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return User.objects.filter(pk__in=event.data.get("others", ())).order_by("pk")

    def may_see(self, event: Event, subject: Version, user: User) -> bool:
        """They were shown it, and hear no more than what they have read."""
        return user.municipality_id == subject.document.level_0

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.DRAFT and bool(subject.wanted)

    def url(self, event: Event, subject: Version, user: User) -> str:
        return reverse("documents:list")

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        part = subject.changes_wanted_by
        return facts(subject) | {"approver": part.approver.name if part else ""}


@register
class ChangesWanted(ToWriters):
    name = "changes_wanted"
    is_task = True
    label = _("To those who wrote it: changes are wanted in a document")
    events = ("documents.changes_wanted",)

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.state == State.DRAFT and bool(subject.wanted)

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        part = subject.changes_wanted_by
        return facts(subject) | {"approver": part.approver.name if part else ""}


@register
class HandedOver(ToWriters):
    """A notice for each draft somebody who leaves hands over."""

    name = "draft_handed_over"
    label = _("To the new author: a draft was handed over")
    events = ("documents.draft_handed_over",)
    by_mail = False

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.is_open


@register
class Owned(Message):
    """A notice for each document somebody else now answers for; the mail is one for all."""

    name = "owned"
    template = "documents"
    label = _("To the new owner: a document was handed over")
    events = ("documents.handed_over", "documents.changed")
    by_mail = False

    def recipients(self, event: Event, subject: Document) -> Iterable[User | None]:
        _before, after = event.old_and_new("owner")
        return [subject.owner] if after == subject.owner_id else []

    def still_wanted(self, event: Event, subject: Document, user: User) -> bool:
        return subject.owner_id == user.pk

    def context(self, event: Event, subject: Document, user: User) -> dict[str, Any]:
        return {
            "number": subject.number,
            "title": subject.title,
            "kind": subject.type.label,
            "unit": subject.unit.name,
            "review_on": full(subject.review_on) if subject.review_on else "",
        }


@register
class OwnedTogether(Owned):
    """One mail a day, however many documents are handed over."""

    name = "owned_together"
    label = _("To the new owner: documents were handed over")
    by_mail = True
    in_app = False

    def once(self, event: Event, subject: Document, user: User) -> str:
        return f"{event.by_id or 0}:{timezone.localdate(event.at)}"

    def still_wanted(self, event: Event, subject: Document, user: User) -> bool:
        return Document.objects.filter(owner=user).exists()

    def url(self, event: Event, subject: Document, user: User) -> str:
        return f"{reverse('documents:list')}?visning=mine"


MUNICIPALITY = Placeholder("municipality", "kommune", "kommune", "municipality", lambda: "Solvik")


@register
class OriginChanged(Message):
    """To the owners in other municipalities of what began as this document."""

    name = "origin_changed"
    template = "documents"
    label = _("To the owner: the document this one was made from has changed in the other municipality")
    events = (
        "documents.approved", "documents.put_in_force", "documents.came_into_force", "documents.taken_in",
    )  # fmt: skip
    placeholders = (NUMBER, TITLE, MUNICIPALITY)

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        return [adoption.document.owner for adoption in self._behind(subject.document).order_by("pk")]

    def _behind(self, origin: Document) -> QuerySet[Adoption]:
        return Adoption.objects.filter(origin=origin).behind().select_related("document__owner")

    def _of(self, origin: Document, user: User) -> Adoption | None:
        return self._behind(origin).filter(document__owner=user).order_by("pk").first()

    def may_see(self, event: Event, subject: Version, user: User) -> bool:
        """The origin is another municipality's: what counts is that it is still shared with the reader's."""
        return self._of(subject.document, user) is not None

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        adoption = self._of(subject.document, user)
        assert adoption is not None
        municipality = municipality_of(subject.document)
        document = adoption.document
        return {"number": document.number, "title": document.title, "municipality": municipality.name}

    def url(self, event: Event, subject: Version, user: User) -> str:
        adoption = self._of(subject.document, user)
        return adoption.get_absolute_url() if adoption else reverse("documents:list")
