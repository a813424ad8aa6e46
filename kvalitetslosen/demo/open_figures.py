"""A token of the demo for figures only: made, and revoked before anybody could copy it."""

from __future__ import annotations

import datetime

from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.open_figures import actions


def make(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        administrator = town.people["admin"]
        name = town.word(("Power BI til formannskapet", "Power BI til formannskapet"))
        token, _secret = actions.make_token(
            name=name, by=administrator, expires_on=now.date() + datetime.timedelta(days=90), unit=town.root
        )
        actions.revoke_token(token=token, by=administrator)
