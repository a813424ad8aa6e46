# ruff: noqa: E501 - a row stands on one line
"""Profil in Marnardal: some cases and counts from the care records, brought in by file."""

from __future__ import annotations

import datetime

from deviations import actions, elsewhere
from deviations.models import Brings
from kvalitetslosen.demo.organisation import Town

# How many days ago, what it says, their kind, closed after so many days.
CASES = (
    (41, "Pilleesken manglet kveldsdosen. Oppdaget og gitt samme kveld.", "Avvik", 3),
    (33, "Nøkkelen til boligen hang ikke i skapet. Besøket ble en halv time forsinket.", "Avvik", 5),
    (26, "Plasteret sto i lista for tirsdag, men ble satt på mandag.", "Avvik", 8),
    (17, "Trygghetsalarmen ga ikke signal ved prøving. Byttet samme dag.", "Nestenulykke", 1),
    (9, "Vedtaket var endret i journalen, men arbeidslista var den gamle.", "Avvik", None),
    (4, "Feil vekt ført i journalen. Rettet ved neste besøk.", "Avvik", None),
)
COUNTS = ((38, 2), (31, 1), (24, 3), (17, 2), (10, 1), (3, 2))


def bring_in(towns: list[Town], now: datetime.datetime) -> None:
    town = next(each for each in towns if each.plan.code == "MAR")
    if "HB" not in town.units:
        return
    by, unit, today = town.leader("HB"), town.units["HB"], now.date()
    administrator = town.people["admin"]
    profil = actions.define_system(
        municipality=town.root, by=administrator, name="Profil", brings=Brings.CASES, handled_here=False
    )
    actions.keep_mapping(
        system=profil, by=by, units={}, categories={},
        columns={"id": "Saksnr", "unit": "Avdeling", "date": "Dato", "text": "Beskrivelse", "kind": "Type", "closed": "Lukket"},
    )  # fmt: skip
    reader = elsewhere.Reader(profil)
    for n, (days, text, kind, after) in enumerate(CASES, start=1):
        day = today - datetime.timedelta(days=days)
        row = {
            "id": f"PR-{1040 + n}", "unit": unit.name, "date": day.isoformat(), "text": text, "kind": kind,
            "closed": (day + datetime.timedelta(days=after)).isoformat() if after else "",
        }  # fmt: skip
        actions.bring_in(system=profil, row=reader.read(n, row), by=by, at=now)
    counts = actions.define_system(
        municipality=town.root, by=administrator, name="Profil, tall", brings=Brings.COUNTS, handled_here=False
    )
    reader = elsewhere.Reader(counts)
    for n, (days, number) in enumerate(COUNTS, start=1):
        day = today - datetime.timedelta(days=days)
        row = {
            "unit": unit.name,
            "category": town.categories[0, "fall"].name,
            "date": day.isoformat(),
            "n": str(number),
        }
        actions.bring_in(system=counts, row=reader.read(n, row), by=by, at=now)
