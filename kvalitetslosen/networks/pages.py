"""Networks in the menu, on the morning page, and in the journal's words.

People of other municipalities are named nowhere: a network is between municipalities.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal import sentences
from kvalitetslosen.networks.access import decides
from kvalitetslosen.networks.lifecycle import State
from kvalitetslosen.networks.models import NetworkMember
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today

register_menu(MenuEntry(_("Networks"), "networks:networks", order=82, icon="people", visible=decides))


def invitations(user: User) -> dict[str, Any] | None:
    """The networks the municipality is asked to join, for those who decide."""
    if not decides(user):
        return None
    rows = list(
        NetworkMember.objects.filter(municipality=user.municipality_id, state=State.INVITED)
        .select_related("network", "invited_by")
        .order_by("since", "pk")[:8]
    )
    return {"rows": rows, "count": len(rows)} if rows else None


register_today(TodaySection(order=60, template="networks/today/invitations.html", context=invitations))

sentences.register(
    {
        "networks.founded": _("%(who)s founded the network."),
        "networks.changed": _("%(who)s changed the name or the purpose."),
        "networks.invited": _("%(who)s asked another municipality to join."),
        "networks.invited_again": _("%(who)s asked a municipality again."),
        "networks.joined": _("%(who)s joined on behalf of the municipality."),
        "networks.declined": _("%(who)s said no on behalf of the municipality."),
        "networks.left": _("%(who)s left on behalf of the municipality."),
    },
    icons={"networks.joined": "check-circle", "networks.invited": "people"},
)
