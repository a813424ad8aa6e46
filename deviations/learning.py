"""The five learning responses: which one fits how much there is to learn, and the steps of each.

Chosen by what can be learnt, not by harm alone, as the Patient Safety Incident Response Framework has it (NHS England,
2022); most cases need no investigation. The steps are those of its learning response toolkit, cut to what a municipal
team has time for. The substitution test is that of pasientsikkerhet.no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from deviations.models import Known, Much, Peers, Reach, Response

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Question:
    """A step: what to ask, and what an answer may sound like."""

    asks: _StrOrPromise
    example: _StrOrPromise


WHAT_IT_IS: Mapping[str, _StrOrPromise] = {
    Response.SWARM: _("Ten minutes with those who were there, today or tomorrow."),
    Response.AFTER_ACTION: _("Half an hour with the team: what was meant, what happened, why, what do we learn."),
    Response.TEAM: _("A meeting with everybody the work goes through, also outside the team."),
    Response.THEME: _("Several cases of the same kind side by side."),
    Response.FULL: _("A group of four to six looks into all of it, over some weeks, in working hours."),
}

STEPS: Mapping[str, tuple[Question, ...]] = {
    Response.SWARM: (
        Question(_("Who was there? Gather them while they remember."), _("The two on the evening shift, at seven.")),
        Question(_("Is everybody looked after?"), _("The user's family is called; the colleague who was alone too.")),
        Question(_("What happened, told by each without interruption?"), _("“I was called away in the middle.”")),
        Question(_("What do we do differently from today?"), _("Whoever gives the dose wears the vest.")),
    ),
    Response.AFTER_ACTION: (
        Question(_("What was meant to happen?"), _("The procedure says that two people check.")),
        Question(_("What happened?"), _("One person checked, as the other was with a user who had fallen.")),
        Question(
            _("Why did they differ? What made sense then?"), _("With one on duty, checking alone was the only way.")
        ),
        Question(_("What do we learn, and who tells it to whom?"), _("Calling the neighbouring team is allowed.")),
    ),
    Response.TEAM: (
        Question(
            _("Who does the work pass through? Invite them."), _("Home care, the doctor's office, the pharmacy.")
        ),
        Question(
            _("How is the work usually done?"), _("The list is printed on Thursdays, whatever the procedure says.")
        ),
        Question(_("What made it go well the other times?"), _("Somebody knew the user and noticed.")),
        Question(_("Where do the hand-overs give way?"), _("Changes on Friday reach nobody before Monday.")),
        Question(_("What do we change, and who owns it?"), _("The office calls when something changes on a Friday.")),
    ),
    Response.THEME: (
        Question(_("Which cases belong together?"), _("All falls at night in the last half year.")),
        Question(_("What do they have in common?"), _("On the way to the toilet, between four and six.")),
        Question(_("What differs where it doesn't happen?"), _("The other ward has light that comes on by itself.")),
        Question(_("Which causes come again?"), _("Four of six name the light.")),
        Question(_("What do we try in all the units?"), _("Night light in two wards, for two months.")),
    ),
    Response.FULL: (
        Question(
            _("Who leads it, and who takes part? Nobody who was involved leads."), _("The quality contact, with four.")
        ),
        Question(
            _("How are those affected looked after and heard?"), _("The family is invited to tell, and reads the end.")
        ),
        Question(_("Which sources are there?"), _("Journal, shift lists, the procedure, the room, conversations.")),
        Question(_("Is the time line agreed by those who were there?"), _("Read aloud to each of them.")),
        Question(_("How was the work meant, and how is it done?"), _("Seen on two ordinary shifts.")),
        Question(
            _("Which causes lie behind, and what speaks against them?"), _("Staffing, but it was full that day.")
        ),
        Question(
            _("Which strong actions follow, and when is the effect looked at?"), _("One lock instead of three keys.")
        ),
    ),
}

PEERS_MEAN: Mapping[str, _StrOrPromise] = {
    Peers.YES: _(
        "Then it lies in how the work is arranged. Training or reminding one person changes little: change what made "
        "it easy to do."
    ),
    Peers.NO: _(
        "Then ask what was different for the one it happened to: training, information, time, health, equipment. Most "
        "of that lies in how the work is arranged, too. What is about one employee "
        "belongs in a talk with them, not here."
    ),
    Peers.UNSURE: _("Ask three who do the same work what they would have done, before you go on."),
}


@dataclass(frozen=True)
class Suggestion:
    response: Response
    why: _StrOrPromise


def suggested(learn: str, known: str, reach: str, *, serious: bool) -> Suggestion | None:
    """Which response fits, and why; nothing until it is said how much there is to learn."""
    if not learn:
        return None
    if learn == Much.LITTLE:
        return Suggestion(Response.SWARM, _("There is little to learn: a short talk is enough."))
    if known == Known.YES and reach == Reach.SEVERAL:
        return Suggestion(
            Response.THEME,
            _("It is known and happens in several places: look at the cases together, not at one more."),
        )
    if known == Known.YES:
        return Suggestion(
            Response.AFTER_ACTION, _("The cause is known: ask with the team why what you did about it hasn't helped.")
        )
    if learn == Much.MUCH and (serious or reach == Reach.SEVERAL):
        return Suggestion(
            Response.FULL, _("There is a lot to learn, nobody knows why, and it is serious or may happen elsewhere.")
        )
    if learn == Much.MUCH or reach == Reach.SEVERAL:
        return Suggestion(Response.TEAM, _("There is more to learn than one team sees alone."))
    return Suggestion(Response.AFTER_ACTION, _("There is something to learn, and the team can find it out itself."))
