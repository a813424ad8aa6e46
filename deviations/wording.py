"""What a municipality may write into its own words about cases: never anything somebody wrote about one."""

from __future__ import annotations

import datetime

from django.utils import timezone

from deviations.models import Harm, Kind, Severity
from kvalitetslosen.months import month_words, months_after, this_month
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.ui.dates import full


def in_days(days: int) -> str:
    """A date in an example, in the active language."""
    return full(timezone.localdate() + datetime.timedelta(days=days))


REFERENCE = Placeholder("reference", "sak", "sak", "case", lambda: "ABC-2026-0123")
UNIT = Placeholder("unit", "enhet", "eining", "unit", lambda: "Solbakken")
KIND = Placeholder("kind", "type", "type", "kind", lambda: Kind.DEVIATION.label)
SEVERITY = Placeholder("severity", "alvorlighet", "alvor", "severity", lambda: Severity.HIGH.label)
HARM = Placeholder("harm", "skade", "skade", "harm", lambda: Harm.NONE.label)
DEADLINE = Placeholder("deadline", "frist", "frist", "deadline", lambda: in_days(14))
RECEIVE_BY = Placeholder("receive_by", "mottaksfrist", "mottaksfrist", "receive_by", lambda: in_days(2))
ANSWER_BY = Placeholder("answer_by", "svarfrist", "svarfrist", "answer_by", lambda: in_days(4))
REPORTED = Placeholder("reported", "meldt", "meld", "reported", lambda: in_days(-3))
HANDLER = Placeholder("handler", "behandler", "behandlar", "handler", lambda: "Kari Nordmann")
OWNER = Placeholder("owner", "ansvarlig", "ansvarleg", "owner", lambda: "Kari Nordmann")  # of an action
EXPECTED = Placeholder("expected", "ventet_svar", "venta_svar", "expected", lambda: in_days(14))
MONTH = Placeholder(
    "month", "måned", "månad", "month", lambda: month_words(months_after(this_month(), -1))
)  # of a tally sheet

FACTS = (REFERENCE, UNIT, KIND, SEVERITY, HARM, DEADLINE, RECEIVE_BY)
REMINDED = (REFERENCE, UNIT, KIND, SEVERITY, DEADLINE, RECEIVE_BY, ANSWER_BY, REPORTED, HANDLER)
FOR_REPORTER = (REFERENCE, UNIT, HANDLER, EXPECTED)
