"""A municipality's life in a network: asked, in it, out of it. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.transitions import Lifecycle, Step


class State(models.TextChoices):
    INVITED = "invited", _("Invited")
    MEMBER = "member", _("Member")
    DECLINED = "declined", _("Said no")
    LEFT = "left", _("Left")


class Part(models.TextChoices):
    """What a person is to one municipality's membership."""

    KEEPER = "keeper", _("administrator or quality coordinator of the municipality")
    MEMBER = "member", _("administrator or quality coordinator of a member")


OPEN = (State.INVITED, State.MEMBER)
OUTSIDE = frozenset({str(State.DECLINED), str(State.LEFT)})
KEEPERS = frozenset({Part.KEEPER})

LIFECYCLE = Lifecycle(
    start=State.INVITED,
    steps=(
        Step(
            name="join",
            sources=frozenset({str(State.INVITED)}),
            target=State.MEMBER,
            parts=KEEPERS,
            label=_("Join"),
            event="networks.joined",
        ),
        Step(
            name="decline",
            sources=frozenset({str(State.INVITED)}),
            target=State.DECLINED,
            parts=KEEPERS,
            label=_("No, thank you"),
            event="networks.declined",
        ),
        Step(
            name="leave",
            sources=frozenset({str(State.MEMBER)}),
            target=State.LEFT,
            parts=KEEPERS,
            label=_("Leave the network"),
            event="networks.left",
        ),
        Step(
            name="invite_again",
            sources=OUTSIDE,
            target=State.INVITED,
            parts=frozenset({Part.MEMBER}),
            label=_("Invite again"),
            event="networks.invited_again",
        ),
    ),
)
