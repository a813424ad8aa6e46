"""Who must be told outside the municipality, by when: the questions asked of a case, and the rules a «yes» sets going.

Reference data. A rule that changes gets a new version beside the old one, never new words: rows keep the version they
were counted by. Deadlines the law gives no number for are counted by us and say so (``own_count``), since something
has to turn red. They are counted in calendar time but where the law says working days, and nothing that falls on a
free day is moved to a later one: to be early harms nobody.

Sources, checked 2026 unless said otherwise:
* patients: helsetilsynsloven § 6, helse- og omsorgstjenesteloven § 12-3 a, Ukom-loven § 7. «Straks», at the latest the
  next day (helsetilsynet.no). LOV-2025-06-20-74 (Prop. 121 L (2024–2025) ch. 10) makes it five working days to
  statsforvalteren with a copy to Helsetilsynet, and a written report within three months. When it commences was not
  known when this was written, so a municipality sets the day (``PENDING``).
* employees: arbeidsmiljøloven § 5-2 (Arbeidstilsynet and the police at once, by telephone 73 19 97 00, and then in
  writing; a copy to the safety representative), folketrygdloven § 13-14 (Nav, as soon as possible; one year is the
  limit of a claim).
* privacy: GDPR articles 33 (72 hours from becoming aware; all breaches are documented) and 34 (those it concerns,
  where the risk is high, without undue delay).
* medical devices: forskrift om håndtering av medisinsk utstyr § 16. Outbreaks: MSIS-forskriften §§ 3-3 and 3-4.
  Food: matloven §§ 5–6. Acute pollution: varsling av akutt forurensning (110).
* children: opplæringslova §§ 12-4 and 12-5, barnehageloven §§ 41–43: the head at once, the owner where it is a leader.
* digital security: digitalsikkerhetsloven (in force 1 October 2025), 24 hours to NSM for those it covers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.months import same_day_after
from kvalitetslosen.workdays import OSLO, deadline, hours_after

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PENDING = "LOV-2025-06-20-74"
"""A change of the law whose day of commencement is set by the municipality; unset, it hasn't come."""

Commencements = Mapping[str, datetime.date | None]
Count = Callable[[datetime.datetime], datetime.datetime]


class Inside(StrEnum):
    """Who in the municipality is told at once when a duty opens."""

    DPO = "dpo"
    SAFETY_REP = "safety_rep"
    DOCTOR = "doctor"  # kommuneoverlege: named by the administrator
    ICT = "ict"  # named by the administrator


class Area(StrEnum):
    """What a case is about, as far as it decides which questions are asked first."""

    HEALTH = "health"
    CHILDREN = "children"
    TECHNICAL = "technical"
    ICT = "ict"
    FOOD = "food"
    EMPLOYEES = "employees"
    PRIVACY = "privacy"


# How deadlines are counted


def hours(number: int) -> Count:
    """Elapsed hours from the moment: nights, weekends, holidays and the change of the clock make no difference."""
    return lambda start: hours_after(start, number)


AT_ONCE = hours(1)
"""«Straks» has no number. After an hour something must turn red."""


def next_day(start: datetime.datetime) -> datetime.datetime:
    """The end of the day after, also when that is a Sunday."""
    return _end_of(start.astimezone(OSLO).date() + datetime.timedelta(days=1))


def working_days(number: int) -> Count:
    """The end of the working day that comes so many working days later. The municipality's own closed days count."""
    return lambda start: deadline(start, number)


def months(number: int) -> Count:
    """The end of the day with the same number so many months later, or of the month's last day where it has none."""
    return lambda start: _end_of(same_day_after(start.astimezone(OSLO).date(), number))


def years(number: int) -> Count:
    return months(12 * number)


def _end_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(23, 59), tzinfo=OSLO)


# The questions


@dataclass(frozen=True)
class Triage:
    """A question whose «yes» sets duties going."""

    code: str
    text: _StrPromise
    areas: frozenset[Area]
    told: frozenset[Inside] = frozenset()
    urgent: bool = False  # also asked of the one who reports
    hint: _StrPromise | str = ""


PATIENT, EMPLOYEE, PRIVACY, DEVICE, OUTBREAK = "patient", "employee", "privacy", "device", "outbreak"
FOOD, POLLUTION, CHILD, ICT = "food", "pollution", "child", "ict"

QUESTIONS: tuple[Triage, ...] = (
    Triage(
        PATIENT,
        _("Did a user or patient die, or come to very serious harm, unexpectedly?"),
        frozenset({Area.HEALTH}),
        urgent=True,
    ),
    Triage(
        EMPLOYEE,
        _("Did an employee die or get seriously hurt (by violence too)?"),
        frozenset({Area.EMPLOYEES, Area.TECHNICAL}),
        told=frozenset({Inside.SAFETY_REP}),
        urgent=True,
    ),
    Triage(
        PRIVACY,
        _("Have personal data gone astray?"),
        frozenset({Area.PRIVACY, Area.ICT}),
        told=frozenset({Inside.DPO}),
        urgent=True,
        hint=_("Sent to the wrong person, seen by somebody who should not see it, lost, or out of reach."),
    ),
    Triage(
        OUTBREAK,
        _("Are two or more ill at the same time?"),
        frozenset({Area.HEALTH, Area.CHILDREN, Area.FOOD}),
        told=frozenset({Inside.DOCTOR}),
        urgent=True,
    ),
    Triage(CHILD, _("Was a pupil or child violated by an employee?"), frozenset({Area.CHILDREN}), urgent=True),
    Triage(
        POLLUTION, _("Is there a spill, or danger of one?"), frozenset({Area.TECHNICAL}), urgent=True
    ),
    Triage(
        DEVICE,
        _("Was a medical device involved, with serious harm or danger of it?"),
        frozenset({Area.HEALTH}),
        hint=_("Keep the device, and write down its serial number."),
    ),
    Triage(FOOD, _("May food that is served or sold be unsafe?"), frozenset({Area.FOOD})),
    Triage(
        ICT,
        _("Does an ICT event stop an important service?"),
        frozenset({Area.ICT}),
        told=frozenset({Inside.ICT}),
    ),
)  # fmt: skip
BY_CODE = {each.code: each for each in QUESTIONS}

FEWEST, MOST = 2, 4
"""How many questions stand in plain sight; the others are one tap away."""

FILL_UP = (EMPLOYEE, PRIVACY)
"""What may happen anywhere."""

_WORDS: tuple[tuple[Area, tuple[str, ...]], ...] = (
    (Area.PRIVACY, ("personvern",)),
    (Area.ICT, ("ikt", "nedetid", "skadevare", "informasjonssikkerhet", "informasjonstryggleik")),
    (Area.EMPLOYEES, ("hms", "vold", "vald", "verneombud")),
    (Area.FOOD, ("mat ", "kjøkken", "kost", "temperatur", "kantine")),
    (Area.CHILDREN, ("barn", "elev", "skole", "skule", "sfo", "oppvekst")),
    (Area.TECHNICAL, ("teknisk", "vann", "vatn", "avløp", "vei ", "veg ", "bygg", "brann", "renovasjon")),
    (
        Area.HEALTH,
        (
            "helse", "omsorg", "pasient", "brukar", "legemiddel", "sykehjem", "sjukeheim", "hjemme", "heime", "lege",
            "smitte", "institusjon", "bofellesskap", "bufellesskap",
        ),
    ),
)  # fmt: skip


def areas_in(names: Iterable[str]) -> list[Area]:
    """The areas that names of categories or units tell of."""
    text = f" {' '.join(names)} ".casefold()
    return [area for area, words in _WORDS if any(word in text for word in words)]


def first_asked(areas: Iterable[Area]) -> list[str]:
    """The two to four questions that fit a case about these areas, the surest area's first."""
    found: list[str] = []
    for area in areas:
        found += [each.code for each in QUESTIONS if area in each.areas and each.code not in found]
    found = found[:MOST]
    return found + [code for code in FILL_UP if code not in found][: max(FEWEST - len(found), 0)]


# The rules


@dataclass(frozen=True)
class Rule:
    """Whom to tell, how, by when. ``valid_from``, ``valid_to`` (its last day): a date, a pending change, or open."""

    code: str
    triage: str
    name: _StrPromise  # what is to be done, on the card
    recipient: _StrPromise | str
    channel: _StrPromise | str
    words: _StrPromise  # the deadline as the law says it
    law: str
    due: Count
    receipt: _StrPromise | str = ""  # what a receipt looks like
    version: int = 1
    phone: str = ""
    url: str = ""
    own_count: bool = False  # the law gives no number: the count is ours
    hint: _StrPromise | str = ""
    valid_from: datetime.date | str | None = None
    valid_to: datetime.date | str | None = None

    @property
    def triage_question(self) -> Triage:
        return BY_CODE[self.triage]

    def holds(self, day: datetime.date, commencements: Commencements) -> bool:
        """Whether the rule is in force on the day."""
        start, end = self.valid_from, self.valid_to
        if isinstance(start, str):
            start = commencements.get(start) or datetime.date.max
        if isinstance(end, str):
            first = commencements.get(end)
            end = first - datetime.timedelta(days=1) if first else None
        return (start is None or start <= day) and (end is None or day <= end)


_RECEIPT_MELDE = _("The reference number that melde.no shows and sends by e-mail")
_SPOKEN = _("Who you talked to, and when")
_HEALTH_LAW = "helsetilsynsloven § 6, hol § 12-3 a"

RULES: tuple[Rule, ...] = (
    Rule(
        code="patient_authority",
        triage=PATIENT,
        name=_("Tell Helsetilsynet"),
        recipient="Helsetilsynet",
        channel="melde.no",
        url="https://melde.no/",
        words=_("At once, and the next day at the latest"),
        law=_HEALTH_LAW,
        due=next_day,
        receipt=_RECEIPT_MELDE,
        valid_to=PENDING,
    ),
    Rule(
        code="patient_authority",
        version=2,
        triage=PATIENT,
        name=_("Tell Statsforvalteren"),
        recipient=_("Statsforvalteren, with a copy to Helsetilsynet"),
        channel="melde.no",
        url="https://melde.no/",
        words=_("As soon as possible, within five working days"),
        law=f"{_HEALTH_LAW} ({PENDING})",
        due=working_days(5),
        receipt=_RECEIPT_MELDE,
        valid_from=PENDING,
    ),
    Rule(
        code="patient_written",
        triage=PATIENT,
        name=_("Send the written report"),
        recipient="Statsforvalteren",
        channel="melde.no",
        url="https://melde.no/",
        words=_("Within three months"),
        law=f"{_HEALTH_LAW} ({PENDING})",
        due=months(3),
        receipt=_RECEIPT_MELDE,
        valid_from=PENDING,
    ),
    Rule(
        code="patient_ukom",
        triage=PATIENT,
        name=_("Tell Ukom"),
        recipient="Ukom",
        channel="melde.no",
        url="https://melde.no/",
        words=_("At once, and the next day at the latest"),
        law="Ukom-loven § 7",
        due=next_day,
        receipt=_RECEIPT_MELDE,
    ),
    Rule(
        code="patient_kin",
        triage=PATIENT,
        name=_("Talk with the patient and next of kin, and offer a meeting"),
        recipient=_("The patient and next of kin"),
        channel=_("In person or by telephone"),
        words=_("As soon as possible"),
        law="pasient- og brukerrettighetsloven § 3-2, helsetilsynsloven § 6",
        due=next_day,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="employee_authority",
        triage=EMPLOYEE,
        name=_("Call Arbeidstilsynet"),
        recipient="Arbeidstilsynet",
        channel=_("Telephone"),
        phone="73 19 97 00",
        words=_("At once"),
        law="aml § 5-2",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="employee_police",
        triage=EMPLOYEE,
        name=_("Call the police"),
        recipient=_("The police"),
        channel=_("Telephone"),
        phone="112",
        words=_("At once"),
        law="aml § 5-2",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="employee_written",
        triage=EMPLOYEE,
        name=_("Confirm in writing to Arbeidstilsynet"),
        recipient="Arbeidstilsynet",
        channel=_("Form at arbeidstilsynet.no"),
        url="https://www.arbeidstilsynet.no/kontakt-oss/melde-ulykke/",
        words=_("As soon as you have called"),
        law="aml § 5-2",
        due=working_days(3),
        own_count=True,
        receipt=_("The receipt of the form; the safety representative gets a copy"),
    ),
    Rule(
        code="employee_nav",
        triage=EMPLOYEE,
        name=_("Send the injury report to Nav"),
        recipient="Nav",
        channel=_("Form at nav.no"),
        url="https://www.nav.no/arbeidsgiver/yrkesskade",
        words=_("As soon as possible, within a year"),
        law="folketrygdloven § 13-14",
        due=years(1),
        receipt=_("The date it was sent, or the receipt from Nav"),
    ),
    Rule(
        code="privacy_authority",
        triage=PRIVACY,
        name=_("Report the breach to Datatilsynet"),
        recipient="Datatilsynet",
        channel="Altinn",
        url="https://www.datatilsynet.no/avvik",
        words=_("Within 72 hours after you became aware, unless a risk is unlikely"),
        law="GDPR art. 33",
        due=hours(72),
        receipt=_("The reference of the form in Altinn"),
        hint=_("You can send what you know now, and the rest later."),
    ),
    Rule(
        code="privacy_subjects",
        triage=PRIVACY,
        name=_("Tell those whose data they are, if the risk to them is high"),
        recipient=_("Those the data are about"),
        channel=_("Letter, digital post or telephone"),
        words=_("Without undue delay"),
        law="GDPR art. 34",
        due=working_days(3),
        own_count=True,
        receipt=_("When and how they were told, without names"),
    ),
    Rule(
        code="outbreak_doctor",
        triage=OUTBREAK,
        name=_("Call the municipal doctor"),
        recipient=_("The municipal doctor"),
        channel=_("Telephone"),
        words=_("At once"),
        law="MSIS-forskriften §§ 3-3, 3-4",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="outbreak_fhi",
        triage=OUTBREAK,
        name=_("Tell FHI of the outbreak"),
        recipient="FHI",
        channel="Vesuv",
        url="https://www.vesuv.no/",
        words=_("At once, by the municipal doctor"),
        law="MSIS-forskriften §§ 3-3, 3-4",
        due=next_day,
        own_count=True,
        receipt=_("The number of the outbreak in Vesuv"),
    ),
    Rule(
        code="child_head",
        triage=CHILD,
        name=_("Tell the head of the school or kindergarten"),
        recipient=_("The head; the owner, if it is about a leader"),
        channel=_("In person or by telephone"),
        words=_("At once"),
        law="opplæringslova §§ 12-4, 12-5, barnehageloven §§ 41–43",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
        hint=_("What concerns the child is written in the school's own case, not here."),
    ),
    Rule(
        code="pollution_110",
        triage=POLLUTION,
        name=_("Call 110"),
        recipient=_("The fire service"),
        channel=_("Telephone"),
        phone="110",
        words=_("At once"),
        law="varslingsforskriften",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="pollution_authority",
        triage=POLLUTION,
        name=_("Tell Statsforvalteren or Miljødirektoratet, as the permit says"),
        recipient=_("Statsforvalteren or Miljødirektoratet"),
        channel=_("As the permit says"),
        words=_("As the permit says"),
        law="forurensningsloven",
        due=next_day,
        own_count=True,
        receipt=_("The reference of what you sent"),
    ),
    Rule(
        code="device_authority",
        triage=DEVICE,
        name=_("Report the medical device"),
        recipient=_("DMP (the medical products agency)"),
        channel="melde.no",
        url="https://melde.no/",
        words=_("Without undue delay"),
        law="forskrift om håndtering av medisinsk utstyr § 16",
        due=working_days(3),
        own_count=True,
        receipt=_RECEIPT_MELDE,
        hint=_("Keep the device, and write down its serial number."),
    ),
    Rule(
        code="food_authority",
        triage=FOOD,
        name=_("Tell Mattilsynet, and stop and recall the food"),
        recipient="Mattilsynet",
        channel=_("Telephone or mattilsynet.no"),
        url="https://www.mattilsynet.no/varsle",
        words=_("At once"),
        law="matloven §§ 5–6",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="ict_duty",
        triage=ICT,
        name=_("Call the one on duty for ICT"),
        recipient=_("The one on duty for ICT"),
        channel=_("Telephone"),
        words=_("At once"),
        law="eForvaltningsforskriften § 15",
        due=AT_ONCE,
        own_count=True,
        receipt=_SPOKEN,
    ),
    Rule(
        code="ict_nsm",
        triage=ICT,
        name=_("Tell NSM, if the service is covered by digitalsikkerhetsloven"),
        recipient="NSM",
        channel="nsm.no",
        url="https://nsm.no/",
        words=_("Within 24 hours"),
        law="digitalsikkerhetsloven",
        due=hours(24),
        receipt=_("The reference of what you sent"),
        valid_from=datetime.date(2025, 10, 1),
    ),
)


def rule(code: str, version: int) -> Rule:
    """The very rule a row was counted by."""
    return next(each for each in RULES if (each.code, each.version) == (code, version))


def rules_on(triage: str, day: datetime.date, commencements: Commencements) -> list[Rule]:
    """What a «yes» to the question sets going where the clock starts on this day."""
    return [each for each in RULES if each.triage == triage and each.holds(day, commencements)]


# When those who have it are warned

CHATTY = datetime.timedelta(hours=2)
"""A clock shorter than this warns of nothing before it is late."""

LAST_HOURS = datetime.timedelta(hours=24)
HALF, LAST, LATE = 1, 2, 3


def warnings_of(clock_from: datetime.datetime, due_at: datetime.datetime) -> list[tuple[int, datetime.datetime]]:
    """When to warn: half of the time gone, the last hours, and too late."""
    span = due_at - clock_from
    if span <= CHATTY:
        return [(LATE, due_at)]
    return [(HALF, clock_from + span / 2), (LAST, due_at - min(span / 4, LAST_HOURS)), (LATE, due_at)]
