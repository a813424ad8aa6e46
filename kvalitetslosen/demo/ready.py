# ruff: noqa: E501 - the two languages of a text stand on one line
"""Ready reports of the demo: last year’s to kommunestyret, a draft of this month, two that come by themselves.

The first two have figures their writers added; the last comes to people by name.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from kvalitetslosen.demo.one_story import PLACES
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import leader_for
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.periods import Period, Rhythm
from kvalitetslosen.reports.registry import find
from kvalitetslosen.workdays import OSLO

Pair = tuple[str, str]
COUNCIL, MEETING, CONDITIONS = "kommunestyret", "ledermote", "meldevilkar"
PRICED = "AAS"  # the others see what the report says until somebody sets a price

TEXTS: dict[str, Pair] = {
    "sammendrag": (
        "Internkontrollen virker. Flere melder enn før, og de fleste får svar innen fristen. Legemidler og overganger mellom tjenester er det vi må bli bedre på.",
        "Internkontrollen verkar. Fleire melder enn før, og dei fleste får svar innan fristen. Legemiddel og overgangar mellom tenester er det vi må bli betre på.",
    ),
    "innhold": (
        "Kommunen har ett system for rutiner, avvik, risiko og tiltak i alle sektorer. Lederne går gjennom avvikene hver måned, og kommunedirektøren gjør det hvert kvartal.",
        "Kommunen har eitt system for rutinar, avvik, risiko og tiltak i alle sektorar. Leiarane går gjennom avvika kvar månad, og kommunedirektøren gjer det kvart kvartal.",
    ),
    "tilsyn": (
        "Statsforvalteren hadde ett tilsyn med legemiddelhåndtering. Ett lovbrudd ble funnet og er rettet.",
        "Statsforvaltaren hadde eitt tilsyn med legemiddelhandtering. Eitt lovbrot vart funne og er retta.",
    ),
    "vurdering": (
        "Internkontrollen er god nok, med ett unntak: overganger mellom tjenester. Der setter vi inn tiltak.",
        "Internkontrollen er god nok, med eitt unntak: overgangar mellom tenester. Der set vi inn tiltak.",
    ),
}
BEGUN: Pair = (
    "Flere saker om overganger denne måneden. Vi tar dem opp i ledermøtet.",
    "Fleire saker om overgangar denne månaden. Vi tek dei opp i leiarmøtet.",
)


BY_CATEGORY: Pair = ("Hva sakene handler om, kvartal for kvartal", "Kva sakene handlar om, kvartal for kvartal")
WHEN: Pair = ("Når på døgnet det skjer", "Når på døgnet det skjer")
SAID: Pair = (
    "Tallene svinger fra kvartal til kvartal. Det er rutinene ved overganger vi bør se på, ikke én kategori.",
    "Tala svingar frå kvartal til kvartal. Det er rutinane ved overgangar vi bør sjå på, ikkje éin kategori.",
)


def approve(towns: list[Town], now: datetime.datetime) -> None:
    """Last year's report to kommunestyret, as its figures are before the last scenes are played: some change after."""
    year = now.year - 1
    period = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 1))
    kind = find(COUNCIL)
    assert kind is not None
    for town in towns:
        chief = _leader(town.root)
        if chief is None:
            continue
        nynorsk = int(town.plan.language == "nn")
        begun = datetime.datetime(now.year, 1, 12, 10, tzinfo=OSLO)
        report = actions.begin(
            kind=kind, unit=town.root, period=period, by=chief, language=town.plan.language, at=begun
        )
        texts = {name: words[nynorsk] for name, words in TEXTS.items()}
        added = actions.add_figures(
            report=report, by=chief, after="alvor", heading=BY_CATEGORY[nynorsk],
            asked=f"om=avvik&enhet={town.root.pk}&fra={year}-01&til={year}-12&per=kvartal&del=hovedkategori",
            at=begun + datetime.timedelta(days=2),
        )  # fmt: skip
        texts[added] = SAID[nynorsk]
        actions.write(report=report, by=chief, texts=texts, at=begun + datetime.timedelta(days=3))
        actions.approve(report=report, by=chief, at=begun + datetime.timedelta(days=9))
        for role in (Role.UNION_REP, Role.WORK_ENVIRONMENT):
            actions.share(report=report, by=chief, role=role, at=begun + datetime.timedelta(days=9, minutes=5))


def begin(towns: list[Town], now: datetime.datetime) -> None:
    """A draft of this month, one that comes each month, and in one municipality what an hour costs."""
    kind = find(MEETING)
    assert kind is not None
    for town in towns:
        nynorsk = int(town.plan.language == "nn")
        unit = town.units.get(PLACES.get(town.plan.code, ""), town.root)
        leader = _leader(unit)
        if leader is None:
            continue
        period = Period.around(Rhythm.MONTH, timezone.localdate(now))
        at = now - datetime.timedelta(days=4)
        report = actions.begin(kind=kind, unit=unit, period=period, by=leader, language=town.plan.language, at=at)
        actions.write(report=report, by=leader, texts={"sammendrag": BEGUN[nynorsk]}, at=at)
        actions.add_figures(
            report=report, by=leader, after="kategori", heading=WHEN[nynorsk],
            asked=f"om=avvik&enhet={unit.pk}&per=alt&del=time&del=ukedag&fra={now.year - 1}-{now:%m}&til={now:%Y-%m}",
            at=at,
        )  # fmt: skip
        actions.schedule(
            kind=kind, unit=unit, rhythm=Rhythm.MONTH, roles=[Role.LEADER, Role.QUALITY_CONTACT], by=leader, at=at
        )
        _send_by_name(town, at)
        if town.plan.code == PRICED:
            actions.set_price(
                municipality_id=town.root.pk, by=None, price=550, report_minutes=5, tick_minutes=1,
                handle_minutes=60, cause_minutes=240,
            )  # fmt: skip


def _send_by_name(town: Town, at: datetime.datetime) -> None:
    """The conditions for reporting each year, to the chief executive and the union representative by name."""
    kind, chief = find(CONDITIONS), _leader(town.root)
    assert kind is not None
    if chief is None:
        return
    plan = actions.schedule(kind=kind, unit=town.root, rhythm=Rhythm.YEAR, roles=[], by=chief, at=at)
    rows = Membership.objects.on(timezone.localdate(at)).filter(unit__level_0=town.root.pk, role=Role.UNION_REP)
    union = rows.select_related("user").order_by("pk").first()
    for person in (chief, *([union.user] if union else [])):
        actions.name_recipient(schedule=plan, by=chief, person=person, at=at)


def _leader(unit: Unit) -> User | None:
    found = leader_for(unit)
    return (found.acting_for or found.user) if found else None
