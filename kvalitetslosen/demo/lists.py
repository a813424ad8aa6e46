"""Lists of cases that leaders of the demo keep: one of them shared and in the weekly mail."""

from __future__ import annotations

from deviations import actions
from deviations.models import KeptList
from kvalitetslosen.demo.logins import demo_key
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import Unit, User


def keep(towns: list[Town]) -> None:
    for town in towns:
        if "HB" in town.units:
            leader, unit = town.leader("HB"), town.units["HB"]
            medicines = town.categories[1, "a-/b-preparat, svinn"].parent_id
            late = town.word(("Det som er for sent", "Det som er for seint"))
            table = "&kolonne=meldt&kolonne=behandler&kolonne=alvor&kolonne=frist&rekkefolge=frist"
            shared = _kept(leader, late, f"visning=omrade&enhet={unit.pk}&status=sent{table}", unit)
            actions.follow(kept=shared, by=leader)
            ours = town.word(("Legemidler hos oss", "Legemiddel hos oss"))
            _kept(leader, ours, f"visning=omrade&status=alle&kategori=med-{medicines}")
        waiting = town.word(("Ingen har tatt imot", "Ingen har teke imot"))
        actions.follow(
            kept=_kept(town.chief, waiting, "visning=omrade&status=reported&rekkefolge=eldst"), by=town.chief
        )


def _kept(by: User, name: str, query: str, shared_with: Unit | None = None) -> KeptList:
    key = demo_key(f"{by.email}/{name}")
    return actions.keep_list(by=by, name=name, query=query, shared_with=shared_with, key=key)
