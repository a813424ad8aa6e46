"""The page of tokens among the pages of figures, its words in the journal, and what goes with whoever leaves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.journal import sentences
from kvalitetslosen.open_figures.access import may_make_any
from kvalitetslosen.open_figures.actions import revoke_token
from kvalitetslosen.open_figures.models import Reads, ReportToken
from kvalitetslosen.organisation import actions, handover
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.practice.middleware import ALWAYS_REAL

# A token is of the person who has it, practising or not.
ALWAYS_REAL.add("/rapporter/andre-program/")

register_tab(Tab(_("For other programs"), "open_figures:tokens", order=95, visible=may_make_any))
register_setting_page(
    SettingPage(
        _("For other programs"),
        _("Which programs read the municipality’s figures, and until when."),
        "open_figures:tokens",
        order=60,
    )
)


def forget(user: User) -> None:
    """What reads with the rights of somebody who has left or is locked out reads nothing, nor when they are back."""
    for token in ReportToken.objects.filter(made_by=user, reads=Reads.RIGHTS, revoked_at=None).order_by("pk"):
        revoke_token(token=token, by=None)


for ends in (handover.on_left, actions.on_locked_out):
    if forget not in ends:
        ends.append(forget)

sentences.register(
    {
        "open_figures.token_made": _("%(who)s made a token for reading figures."),
        "open_figures.token_revoked": _("A token for reading figures was revoked."),
        "open_figures.token_used": _("Figures were read with the token."),
    },
    icons={"open_figures.token_made": "lock"},
)
