"""Ready sets of the year wheel, after what Norwegian municipalities do in which month (domain §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from improvement.models import Recurrence

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Ready:
    """A duty as it stands in a set. ``name`` is kept on the rows: never change it."""

    name: str
    month: int  # the first time in a year
    what: _StrPromise
    done_is: _StrPromise
    minutes: int = 60
    recurrence: str = Recurrence.YEARLY


@dataclass(frozen=True)
class ReadySet:
    name: str
    label: _StrPromise
    explained: _StrPromise
    tasks: tuple[Ready, ...]


UNIT = ReadySet(
    "unit",
    _("Every unit"),
    _("Figures, review with the leader above, fire drill, risk, documents, goals. About two hours a month."),
    (
        Ready("figures", 1, _("Look at last year’s deviations and injuries with the staff"),
              _("The staff have seen the figures and said what they would do something about.")),
        Ready("review", 2, _("Management review in the unit"),
              _("The minutes are written, and each decision has an owner and a date."), 120),
        Ready("safety_round", 4, _("Safety round with the safety representative"),
              _("What you found is written down, and each thing has an action."), 90),
        Ready("survey", 4, _("Follow up the employee survey"),
              _("The staff have seen the answers and chosen one or two things to work on."), 90),
        Ready("fire", 5, _("Fire drill"), _("It is held, and what went wrong is registered.")),
        Ready("summer", 5, _("Summer temps: training and what they must have read"),
              _("Each temp has been trained and has confirmed what they read."), 90),
        Ready("risk", 6, _("Update the risk assessment"),
              _("The three greatest risks have an action, or a reason why not."), 120),
        Ready("documents", 6, _("Go through the unit’s documents"),
              _("Nothing is past its review date.")),
        Ready("access", 9, _("Go through who has access to what"),
              _("Those who have left or changed work have lost their access."), 45),
        Ready("exercise", 10, _("Exercise in emergency preparedness"),
              _("It is held, and the plan is corrected after it."), 120),
        Ready("audit", 11, _("Internal audit"), _("The findings are written down, and each has an owner and a date."),
              120),
        Ready("goals", 12, _("Goals and plan for next year"),
              _("The staff know the goals, and next year’s wheel is made."), 90),
        Ready("learning", 3, _("What did we learn this quarter?"),
              _("Trends are looked at, and one thing learnt is told to others."), 45, Recurrence.QUARTERLY),
        Ready("overdue", 1, _("Go through what is late"),
              _("No case or action is late without a new date and a reason."), 20, Recurrence.MONTHLY),
    ),
)  # fmt: skip

HEALTH = ReadySet(
    "health",
    _("Health and care"),
    _("What comes besides in health and care: infection control and vaccines."),
    (
        Ready("infection", 10, _("Go through infection control"),
              _("The routine is walked through with the staff, and equipment is in its place.")),
        Ready("influenza", 10, _("Offer the influenza vaccine to staff and users"),
              _("Everybody has had the offer, and it is written down how many took it."), 45),
    ),
)  # fmt: skip

SCHOOL = ReadySet(
    "school",
    _("School and kindergarten"),
    _("What comes besides when school begins: the environment, health and allergies."),
    (
        Ready("environment", 8, _("Begin the school year with a safe environment"),
              _("Staff, pupils and parents know what to do when somebody isn’t all right.")),
        Ready("allergies", 8, _("Update the lists of health and allergies"),
              _("Those who need it know, and old lists are gone."), 45),
    ),
)  # fmt: skip

WHOLE = ReadySet(
    "whole",
    _("The whole municipality"),
    _("What the chief executive and the quality coordinator answer for: reports, privacy, suppliers, budget."),
    (
        Ready("yearly_hse", 1, _("Yearly report on working environment to the committee"),
              _("The committee has dealt with the report."), 120),
        Ready("top_review", 3, _("Management review of the municipality"),
              _("The minutes are approved, and each decision has an owner and a date."), 180),
        Ready("council", 3, _("Yearly report to the council on internal control"),
              _("The report is sent to the council (kommuneloven § 25-2)."), 180),
        Ready("privacy", 9, _("Go through privacy and the record of processing"),
              _("The record is right, and the data protection officer has seen it."), 120),
        Ready("backup", 9, _("Try to restore from backup"),
              _("One system is restored, and how long it took is written down.")),
        Ready("suppliers", 11, _("Go through suppliers and data processing agreements"),
              _("Each supplier has a valid agreement."), 120),
        Ready("budget", 11, _("Bring measures from the risk list into the budget"),
              _("The greatest risks stand in the budget, or it is decided to live with them."), 120),
        Ready("committee", 3, _("Meeting of the working environment committee"),
              _("The committee has met and the minutes are out."), 90, Recurrence.QUARTERLY),
    ),
)  # fmt: skip

SETS: dict[str, ReadySet] = {each.name: each for each in (UNIT, HEALTH, SCHOOL, WHOLE)}
