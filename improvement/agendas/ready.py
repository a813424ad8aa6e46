"""The ready agendas: which sources in which order, and what is talked about that nobody's figures tell.

The management review has fourteen points, for health, school and all else (forskrift om ledelse og kvalitetsforbedring
§ 8 f, kommuneloven § 25-1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from improvement.models import ForumKind

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Point:
    """A source, under its own heading or this one. ``always``: stands there with ``words`` where there are no figures.

    Without a source it is ``words`` alone.
    """

    source: str = ""
    heading: _StrOrPromise = ""
    words: _StrOrPromise = ""

    @property
    def always(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Ready:
    points: tuple[Point, ...]
    limited: bool = True  # no more than ``MOST`` of them on the agenda


READY: Mapping[str, Ready] = {
    ForumKind.LEADERS: Ready(
        (
            Point("actions_last"),
            Point("categories"),
            Point(
                "follow_up", words=_("How soon do those who report hear from us, and do they hear what came of it?")
            ),
            Point("improvement", words=_("What has become better since last time because somebody reported?")),
            Point("late"),
            Point("signals"),
            Point("story"),
            Point("questions"),
            Point("good_practice", words=_("Who has something that works, and that the others could try?")),
        )
    ),
    ForumKind.TEAM: Ready(
        (
            Point("actions_last"),
            Point("to_talk_about"),
            Point("categories"),
            Point("good_practice", words=_("What went well this time, and what made it work?")),
            Point("improvement", words=_("What has become better since last time because somebody reported?")),
            Point("signals"),
            Point(
                "",
                _("Anything else?"),
                _("What did we see this week that nobody has reported? What stands in the way?"),
            ),
        )
    ),
    ForumKind.BOARD: Ready(
        (
            Point("", _("Today’s risk"), _("Falls, nutrition, pressure ulcers, staffing: what do we look out for?")),
            Point("categories", _("New cases")),
            Point("actions_last", _("What we try")),
            Point("signals", _("One measurement"), _("Look at one chart together. What does it say?")),
            Point("good_practice", _("One thing that went well"), _("Who has something that went well?")),
            Point("", _("One idea"), _("What could we try next?")),
        )
    ),
    ForumKind.WORK_ENVIRONMENT: Ready(
        (
            Point("actions_last"),
            Point("hse"),
            Point("injuries"),
            Point("late"),
            Point("improvement"),
            Point("", _("Sick leave"), _("The figures of the period, and what is done about it.")),
            Point(
                "",
                _("Plans and safety rounds"),
                _("Changes that matter to the working environment, safety rounds, training, occupational health."),
            ),
        )
    ),
    ForumKind.REVIEW: Ready(
        (
            Point("actions_last", _("1. Actions since last time"), _("What was decided last time, and how it went.")),
            Point(
                "rules",
                _("2. Changes in law, organisation and risk"),
                _("What has changed around us and here, and what it asks of us."),
            ),
            Point("signals", _("3. Goals and indicators"), _("Which goals were reached, and which were not?")),
            Point("cases", _("4. Cases, serious events, trends and what is overdue"), _("No cases in the period.")),
            Point(
                "users",
                _("5. Complaints, and what users and next of kin tell"),
                _("Complaints, surveys and conversations of the period."),
            ),
            Point(
                "audits",
                _("6. Supervision, revision and internal audits"),
                _("What was found, and how far we are with it."),
            ),
            Point(
                "hse",
                _("7. Working environment: injuries, violence, sick leave, committee"),
                _("Injuries, violence, sick leave, and what the committee asks for."),
            ),
            Point(
                "privacy",
                _("8. Privacy and information security"),
                _("Breaches, agreements with suppliers, access, backup."),
            ),
            Point(
                "risk",
                _("9. Risk, and whether actions worked"),
                _("What is the risk now, and did what we did make it less?"),
            ),
            Point(
                "competence",
                _("10. Competence, staffing and resources"),
                _("Do we have the people, the skills and the means?"),
            ),
            Point(
                "documents",
                _("11. Procedures: reviews and who has read them"),
                _("Which procedures are past their review?"),
            ),
            Point(
                "shared",
                _("12. Suppliers and services shared with other municipalities"),
                _("What do they deliver, and what has gone wrong?"),
            ),
            Point("learning", _("13. Improvement and learning"), _("What have we learnt, and who was told?")),
            Point(
                "decided",
                _("14. Decisions"),
                _("What we change in services, in the system and in resources: each with who and by when."),
            ),
        ),
        limited=False,
    ),
    ForumKind.AUDIT: Ready(
        (
            Point("", _("Goal, scope and criteria"), _("What is audited, against which requirements, and by whom?")),
            Point("audits", _("Internal audits"), _("What was found last time, and is it put right?")),
            Point("actions_last", _("Earlier findings"), _("What was found last time, and is it put right?")),
            Point("cases", _("What the cases tell"), _("No cases in the period.")),
            Point("documents", _("Procedures in use"), _("Are they current, known and followed?")),
            Point("improvement", _("Actions and whether they worked"), _("What was done, and did it work?")),
            Point("", _("What we saw and heard"), _("Interviews, rounds and samples.")),
            Point("", _("Findings and how to go on"), _("Each finding with who puts it right, by when.")),
        )
    ),
    ForumKind.PEERS: Ready(
        (
            Point("actions_last"),
            Point("", _("Round"), _("What have you learnt since last time, and what do you wonder about?")),
            Point(
                "",
                _("One case to think about together"),
                _("Somebody tells one, without anything that shows who it was about."),
            ),
            Point("story"),
            Point("", _("One good practice"), _("Who has something that works, and that others could try?")),
            Point("", _("What do we try before next time?"), _("Each says one thing.")),
        )
    ),
}
