"""What people and units answer for in the documents: for when somebody leaves, and when a unit is closed."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from documents.actions import ask_another, hand_over_document, hand_over_draft
from documents.lifecycle import OPEN, State
from documents.models import Answer, Approval, Document, Version
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import UnitWork, unit_work
from kvalitetslosen.organisation.models import Role, Unit, User


def owned(user: User) -> QuerySet[Document]:
    """The person's documents that apply or are being written; what is withdrawn keeps its last owner."""
    living = Version.objects.filter(state__in=[State.IN_FORCE, *OPEN])
    return Document.objects.filter(owner=user, pk__in=living.values("document"))


def count_owned(user: User) -> int:
    return owned(user).count()


def which_owned(user: User) -> list[str]:
    """Titles in force only: a draft's is for those who may read drafts."""
    in_force = Version.objects.in_force().values("document")
    return list(owned(user).filter(pk__in=in_force).order_by("title", "pk").values_list("title", flat=True)[:20])


def move_owned(*, user: User, to: User, by: User | None) -> None:
    for document in owned(user).order_by("pk"):
        hand_over_document(document=document, by=by, to=to)


def owned_unseen(user: User, to: User) -> bool:
    """Whoever owns a document reads its drafts, now and later; so do the leaders of its unit."""
    return owned(user).exclude(to.standing.over(Role.LEADER)).exists()


handover.register(
    handover.Responsibility(
        "documents.owned",
        gettext_lazy("Documents owned"),
        count=count_owned,
        move=move_owned,
        unseen=owned_unseen,
        which=which_owned,
        hint=gettext_lazy("Somebody who knows the work they describe."),
        order=50,
    )
)


def drafts(user: User) -> QuerySet[Version]:
    return Version.objects.open().filter(author=user)


def count_drafts(user: User) -> int:
    return drafts(user).count()


def drafts_unseen(user: User, to: User) -> bool:
    return drafts(user).exclude(pk__in=Version.objects.visible_to(to).values("pk")).exists()


def move_drafts(*, user: User, to: User, by: User | None) -> None:
    for version in drafts(user).select_related("document").order_by("pk"):
        hand_over_draft(version=version, by=by, to=to)


handover.register(
    handover.Responsibility(
        "documents.drafts",
        gettext_lazy("Drafts of documents"),
        count=count_drafts,
        move=move_drafts,
        unseen=drafts_unseen,
        order=51,
    )
)


def asked(user: User) -> QuerySet[Approval]:
    """What waits for the person, now or when it is their turn."""
    return Approval.objects.filter(
        approver=user, state__in=[Answer.ASKED, Answer.LATER], version__state=State.APPROVAL
    )


def count_asked(user: User) -> int:
    return asked(user).count()


def asked_unseen(user: User, to: User) -> bool:
    return asked(user).exclude(version__in=Version.objects.visible_to(to).values("pk")).exists()


def move_asked(*, user: User, to: User, by: User | None) -> None:
    for approval in asked(user).select_related("version__document").order_by("pk"):
        ask_another(approval=approval, by=by, to=to)


handover.register(
    handover.Responsibility(
        "documents.approvals",
        gettext_lazy("Documents to approve"),
        count=count_asked,
        move=move_asked,
        unseen=asked_unseen,
        hint=gettext_lazy("Somebody who leads the unit or a unit above it, and hasn't written them."),
        order=52,
    )
)


def in_force_at(unit: Unit) -> int:
    return Document.objects.in_force().filter(unit=unit).count()


def open_at(unit: Unit) -> int:
    return Version.objects.open().filter(document__unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Documents in force"), count=in_force_at))
unit_work.append(UnitWork(gettext_lazy("Drafts of documents"), count=open_at))
