"""The life of a version of a document: its states and the table of steps between them. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    HEARING = "hearing", _("In hearing")
    APPROVAL = "approval", _("Waiting for approval")
    SCHEDULED = "scheduled", _("Applies later")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISCARDED = "discarded", _("Discarded draft")


class Part(models.TextChoices):
    """What a person is to one version."""

    AUTHOR = "author", _("author")
    OWNER = "owner", _("owner of the document")
    LEADER = "leader", _("leader of the unit or above")
    QUALITY = "quality", _("quality contact")
    APPROVER = "approver", _("asked to approve")
    HAS_APPROVED = "has_approved", _("has approved, with others to come")
    ANSWERS = "answers", _("answers for where it applies")


UNDECIDED = (State.DRAFT, State.HEARING, State.APPROVAL)
OPEN = (*UNDECIDED, State.SCHEDULED)
ONCE_IN_FORCE = (State.IN_FORCE, State.REPLACED, State.WITHDRAWN)

WRITING = frozenset({Part.AUTHOR, Part.OWNER, Part.LEADER})
ANSWERING = frozenset({Part.OWNER, Part.LEADER})


def _states(*states: State) -> frozenset[str]:
    return frozenset(str(state) for state in states)


LIFECYCLE = Lifecycle(
    start=State.DRAFT,
    secret=frozenset({"body", "text", "change_summary"}),
    steps=(
        Step(
            name="save",
            sources=_states(State.DRAFT),
            target=None,
            parts=WRITING,
            label=_("Save the draft"),
            event="documents.draft_saved",
            needs=frozenset({"title"}),
        ),
        Step(
            name="ask_hearing",
            sources=_states(State.DRAFT),
            target=State.HEARING,
            parts=WRITING,
            label=_("Ask for a hearing"),
            event="documents.hearing_asked",
            needs=frozenset({"title"}),
        ),
        Step(
            name="close_hearing",
            sources=_states(State.HEARING),
            target=State.DRAFT,
            parts=WRITING,
            label=_("Close the hearing"),
            event="documents.hearing_ended",
        ),
        Step(
            name="send",
            sources=_states(State.DRAFT),
            target=State.APPROVAL,
            parts=WRITING,
            label=_("Send to approval"),
            event="documents.approval_asked",
            needs=frozenset({"title"}),
        ),
        Step(
            name="take_back",
            sources=_states(State.APPROVAL, State.SCHEDULED),
            target=State.DRAFT,
            parts=WRITING,
            label=_("Take back to change it"),
            event="documents.taken_back",
        ),
        Step(
            name="approve",
            sources=_states(State.APPROVAL),
            target=State.IN_FORCE,
            parts=frozenset({Part.APPROVER, Part.HAS_APPROVED}),
            label=_("Approve"),
            event="documents.approved",
            needs=frozenset({"approved_by", "major"}),
        ),
        Step(
            name="take_in",
            sources=_states(State.DRAFT),
            target=State.IN_FORCE,
            parts=frozenset(),  # only by an import, by whoever answers for the whole municipality
            label=_("In force, as approved elsewhere"),
            event="documents.taken_in",
            needs=frozenset({"approved_by", "approved_elsewhere", "major"}),
        ),
        Step(
            name="approve_among_others",
            sources=_states(State.APPROVAL),
            target=None,
            parts=frozenset(),  # what "approve" is while others are still to approve
            label=_("Approve"),
            event="documents.approved_by_one",
        ),
        Step(
            name="approve_for_later",
            sources=_states(State.APPROVAL),
            target=State.SCHEDULED,
            parts=frozenset(),  # what "approve" is when it applies from a later day
            label=_("Approve"),
            event="documents.approved_for_later",
            needs=frozenset({"approved_by", "applies_from"}),
        ),
        Step(
            name="put_in_force",
            sources=_states(State.DRAFT),
            target=State.IN_FORCE,
            parts=frozenset({Part.ANSWERS}),
            label=_("Put in force"),
            event="documents.put_in_force",
            needs=frozenset({"title", "approved_by", "major"}),
        ),
        Step(
            name="put_in_force_later",
            sources=_states(State.DRAFT),
            target=State.SCHEDULED,
            parts=frozenset(),  # what "put_in_force" is when it applies from a later day
            label=_("Put in force"),
            event="documents.put_in_force_later",
            needs=frozenset({"title", "approved_by", "applies_from"}),
        ),
        Step(
            name="come_into_force",
            sources=_states(State.SCHEDULED),
            target=State.IN_FORCE,
            parts=frozenset(),  # only by the clock
            label=_("Comes into force"),
            event="documents.came_into_force",
            needs=frozenset({"approved_by", "major"}),
        ),
        Step(
            name="want_changes",
            sources=_states(State.APPROVAL),
            target=State.DRAFT,
            parts=frozenset({Part.APPROVER, Part.HAS_APPROVED}),
            label=_("Ask for changes"),
            event="documents.changes_wanted",
            note=Note.REQUIRED,
            note_label=_("What should be different?"),
        ),
        Step(
            name="discard",
            sources=_states(State.DRAFT),
            target=State.DISCARDED,
            parts=WRITING,
            label=_("Discard the draft"),
            event="documents.discarded",
        ),
        Step(
            name="replace",
            sources=_states(State.IN_FORCE),
            target=State.REPLACED,
            parts=frozenset(),  # only by approving the next version
            label=_("Replaced by the next version"),
            event="documents.replaced",
        ),
        Step(
            name="review",
            sources=_states(State.IN_FORCE),
            target=None,
            parts=ANSWERING,
            label=_("Reviewed, no change needed"),
            event="documents.reviewed",
            note=Note.OPTIONAL,
            note_label=_("What did you look at?"),
        ),
        Step(
            name="withdraw",
            sources=_states(State.IN_FORCE),
            target=State.WITHDRAWN,
            parts=ANSWERING,
            label=_("Withdraw the document"),
            event="documents.withdrawn",
            note=Note.REQUIRED,
            note_label=_("Why does it no longer apply?"),
        ),
    ),
)


class AdoptionState(models.TextChoices):
    """Of a document that began as another municipality's."""

    FOLLOWING = "following", _("Follows the origin")
    LET_GO = "let_go", _("Goes its own way")


FOLLOWING = frozenset({str(AdoptionState.FOLLOWING)})

ADOPTION = Lifecycle(
    start=AdoptionState.FOLLOWING,
    steps=(
        Step(
            name="take_in",
            sources=FOLLOWING,
            target=None,
            parts=ANSWERING,
            label=_("Take the changes into a draft"),
            event="documents.origin_taken_in",
            needs=frozenset({"follows"}),
        ),
        Step(
            name="keep",
            sources=FOLLOWING,
            target=None,
            parts=ANSWERING,
            label=_("Keep ours as it is"),
            event="documents.origin_seen",
            needs=frozenset({"follows"}),
            note=Note.REQUIRED,
            note_label=_("Why doesn’t the change concern us?"),
        ),
        Step(
            name="let_go",
            sources=FOLLOWING,
            target=AdoptionState.LET_GO,
            parts=ANSWERING,
            label=_("Stop following the origin"),
            event="documents.origin_let_go",
        ),
        Step(
            name="follow_again",
            sources=frozenset({str(AdoptionState.LET_GO)}),
            target=AdoptionState.FOLLOWING,
            parts=ANSWERING,
            label=_("Follow the origin again"),
            event="documents.origin_followed_again",
        ),
    ),
)


class CommentState(models.TextChoices):
    SENT = "sent", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    SETTLED = "settled", _("Dealt with")
    WITHDRAWN = "withdrawn", _("Taken back")


class CommentPart(models.TextChoices):
    """What a person is to what a reader said."""

    READER = "reader", _("who wrote it")
    ANSWERS = "answers", _("owner of the document, or leader of its unit or above")


def _comment_states(*states: CommentState) -> frozenset[str]:
    return frozenset(str(state) for state in states)


COMMENT_LIFECYCLE = Lifecycle(
    start=CommentState.SENT,
    secret=frozenset({"text", "answer"}),
    steps=(
        Step(
            name="accept",
            sources=_comment_states(CommentState.SENT),
            target=CommentState.ACCEPTED,
            parts=frozenset({CommentPart.ANSWERS}),
            label=_("Accept: the document is to be changed"),
            event="documents.comment_accepted",
            needs=frozenset({"answered_by"}),
        ),
        Step(
            name="thank",
            sources=_comment_states(CommentState.SENT),
            target=CommentState.SETTLED,
            parts=frozenset({CommentPart.ANSWERS}),
            label=_("Answer: nothing to change"),
            event="documents.comment_thanked",
            needs=frozenset({"answer", "answered_by"}),
        ),
        Step(
            name="decline",
            sources=_comment_states(CommentState.SENT, CommentState.ACCEPTED),
            target=CommentState.DECLINED,
            parts=frozenset({CommentPart.ANSWERS}),
            label=_("Decline, and say why"),
            event="documents.comment_declined",
            needs=frozenset({"answer", "answered_by"}),
        ),
        Step(
            name="settle",
            sources=_comment_states(CommentState.ACCEPTED),
            target=CommentState.SETTLED,
            parts=frozenset(),  # only by the version that comes into force
            label=_("Dealt with in a new version"),
            event="documents.comment_settled",
            needs=frozenset({"settled_in"}),
        ),
        Step(
            name="take_back",
            sources=_comment_states(CommentState.SENT),
            target=CommentState.WITHDRAWN,
            parts=frozenset({CommentPart.READER}),
            label=_("Take it back"),
            event="documents.comment_taken_back",
        ),
    ),
)
