"""Who may do what with a document. Which ones a person sees at all is ``Document.objects.visible_to``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.lifecycle import ANSWERING, COMMENT_LIFECYCLE, LIFECYCLE, WRITING, CommentPart, Part, State
from documents.models import Answer, Comment, Document, Reach, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import InTree, Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import Leaders, stand_ins

SAVED = "documents.draft_saved"
WRITERS = (Role.LEADER, Role.QUALITY_CONTACT, Role.ADMINISTRATOR)


def parts_in(document: Document, user: User) -> frozenset[Part]:
    """What the person is to the document, whatever its versions."""
    parts = set()
    if document.owner_id == user.pk:
        parts.add(Part.OWNER)
    if user.standing.reaches(Role.LEADER, document):
        parts.add(Part.LEADER)
    if user.standing.reaches(Role.QUALITY_CONTACT, document):
        parts.add(Part.QUALITY)
    return frozenset(parts)


def parts_of(version: Version, user: User) -> frozenset[Part]:
    """What the person is to this version. Nobody approves what they wrote, whoever asked them to."""
    parts = set(parts_in(version.document, user))
    if user.pk in (version.author_id, version.edited_by_id):
        parts.add(Part.AUTHOR)
    elif (answer := version.answer_of(user)) and may_approve(version, user):
        parts.add(Part.APPROVER if answer == Answer.ASKED else Part.HAS_APPROVED)
    if answers_for_reach(version.document, user):
        parts.add(Part.ANSWERS)
    return frozenset(parts)


def writers_of(version: Version) -> set[int]:
    """Everybody any of the wording may come from, by id: letting another save last makes it nobody else's.

    The row names who has the draft and who saved last; the journal all who saved before them, hand-over or not.
    """
    saved = Event.objects.about(version).filter(type=SAVED, by__isnull=False)
    return {version.author_id, version.edited_by_id, *saved.values_list("by_id", flat=True)}


def available_steps(version: Version, parts: frozenset[Part]) -> list[Step]:
    """The buttons of the moment: what the table allows, less what this version can't yet."""
    steps = LIFECYCLE.available(version.state, parts)
    if version.is_empty:
        steps = [step for step in steps if step.name not in ("send", "put_in_force")]
    if version.document.type.asks_approval:
        steps = [step for step in steps if step.name != "put_in_force"]
    return steps


def may_write(parts: frozenset[Part]) -> bool:
    """Whether the person may begin a new version of the document and change its particulars."""
    return bool(parts & ANSWERING)


def may_place(parts: frozenset[Part]) -> bool:
    """Whether the person may say which laws the document rests on and what it is about."""
    return may_write(parts) or Part.QUALITY in parts


def may_read_old(parts: frozenset[Part]) -> bool:
    return bool(parts & {Part.OWNER, Part.LEADER, Part.QUALITY})


def may_save(version: Version, user: User) -> bool:
    """Whether the person writes the draft, or answers for the document."""
    return bool(parts_of(version, user) & WRITING)


def may_begin(user: User) -> bool:
    """Whether the person may write new documents somewhere. No query of its own."""
    return user.standing.has(*WRITERS)


def answers_for_quality(user: User) -> bool:
    """Whether the person answers for quality somewhere, and so sees what laws ask and what covers it. No query."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


def sees_to_finding(user: User) -> bool:
    """Whether the person sees to it that people find: the administrator and the quality coordinator. No query."""
    roles = (Role.ADMINISTRATOR, Role.QUALITY_CONTACT)
    return any(unit.depth == 0 for role in roles for unit in user.standing.units(role))


def units_to_write_for(user: User) -> models.QuerySet[Unit]:
    """The units in use a person may make documents for."""
    units = tuple(unit for role in WRITERS for unit in user.standing.units(role))
    return Unit.objects.active().in_any_subtree(units)


def where_it_counts(document: Document) -> list[int]:
    """The ids of the units one of which an approver leads: from the owner unit upwards, or only the municipality."""
    municipality = [document.level_0] if document.level_0 else []
    return municipality if document.reach == Reach.MUNICIPALITY else document.ancestor_ids


def answers_for(user: User, place: InTree, reach: str) -> bool:
    """Whether the person may let a document of this unit and reach come into force.

    A leader of the unit or above; the quality coordinator always. For the whole municipality, only at its root.
    """
    if any(unit.pk == place.level_0 for unit in user.standing.units(Role.QUALITY_CONTACT)):
        return True
    if reach == Reach.MUNICIPALITY:
        return any(unit.pk == place.level_0 for unit in user.standing.units(Role.LEADER))
    return user.standing.reaches(Role.LEADER, place)


def answers_for_municipality(user: User) -> bool:
    """Whether the person may let documents come into force for everybody: top leader and quality coordinator."""
    return any(unit.depth == 0 for role in (Role.LEADER, Role.QUALITY_CONTACT) for unit in user.standing.units(role))


def answers_for_reach(document: Document, user: User) -> bool:
    return answers_for(user, document, document.reach)


def approvers_of(version: Version) -> models.QuerySet[User]:
    """Those who may approve the version today, the nearest to the unit not first: by name."""
    document = version.document
    answering = Membership.objects.on(timezone.localdate()).filter(
        Q(role=Role.LEADER, unit__in=where_it_counts(document)) | Q(role=Role.QUALITY_CONTACT, unit=document.level_0)
    )
    return (
        User.objects.active()
        .filter(pk__in=answering.values("user"))
        .exclude(pk__in=writers_of(version))
        .order_by("name", "pk")
    )


def may_approve(version: Version, user: User) -> bool:
    """Whether the person could let it come into force, if asked: they answer for it and haven't written it."""
    return user.is_active and answers_for_reach(version.document, user) and user.pk not in writers_of(version)


def stand_in_for(version: Version, approver: User) -> User | None:
    """Who stands in today for a person asked to approve, if that one may approve it: a deputy gains no right."""
    deputy = stand_ins([approver.pk]).get(approver.pk)
    return deputy if deputy and may_approve(version, deputy) else None


def usual_approver(version: Version, approvers: Collection[User], away: Mapping[int, User]) -> User | None:
    """The nearest leader up the tree among those who may approve; not one who is away without a deputy who may."""
    may = {user.pk for user in approvers}
    cannot = {deputy.pk for deputy in away.values() if deputy.pk not in may}
    line = where_it_counts(version.document)[::-1]
    without = writers_of(version) | cannot
    nearest = Leaders.of(Q(unit__in=line), timezone.localdate()).nearest(line, without)
    found = nearest and (nearest.acting_for or nearest.user)
    return found if found and found.pk in may else None


def open_version(document: Document) -> Version | None:
    """The draft, or what waits for approval; at most one."""
    open_one = Version.objects.open().filter(document=document)
    return open_one.select_related("author", "edited_by").with_approvals().first()


def is_to_approve(version: Version, parts: frozenset[Part]) -> bool:
    return version.state == State.APPROVAL and Part.APPROVER in parts


def municipality_of(document: Document) -> Unit:
    """The municipality the document belongs to."""
    return Unit.objects.get(pk=document.ancestor_ids[0])


def may_share(parts: frozenset[Part]) -> bool:
    """Whether the person may show the document to other municipalities: whoever answers for what it says."""
    return may_write(parts)


def may_comment(document: Document, user: User) -> bool:
    """Whoever may read what is in force may say something of it; its owner only changes it."""
    return document.owner_id != user.pk


def comment_parts(comment: Comment, user: User) -> frozenset[CommentPart]:
    """What the person is to what a reader said. Nobody answers what they said themselves."""
    if comment.author_id == user.pk:
        return frozenset({CommentPart.READER})
    return frozenset({CommentPart.ANSWERS}) if may_write(parts_in(comment.document, user)) else frozenset()


def comment_steps(comment: Comment, user: User) -> list[Step]:
    """The answers open to the person at the moment."""
    return COMMENT_LIFECYCLE.available(comment.state, comment_parts(comment, user))


def units_to_take_out(user: User) -> list[Unit]:
    """The units whose handbook, with those below, the person may take out: led, watched over, or kept as a whole.

    What is in it is what they may read, whatever the unit.
    """
    whole = [unit for unit in user.standing.units(Role.ADMINISTRATOR) if unit.depth == 0]
    found = [*whole, *user.standing.units(Role.QUALITY_CONTACT), *user.standing.units(Role.LEADER)]
    return sorted({unit.pk: unit for unit in found}.values(), key=lambda unit: (unit.depth, unit.name, unit.pk))


def may_take_out(user: User) -> bool:
    return bool(units_to_take_out(user))


def may_read_back(user: User) -> bool:
    """Whether the person may read a handbook into the municipality while it is empty: who keeps all of it."""
    return any(unit.depth == 0 for unit in user.standing.units(Role.ADMINISTRATOR))
