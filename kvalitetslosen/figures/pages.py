"""The explorer among the pages of figures, and its words in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures.registry import may_explore
from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.journal import sentences

register_tab(Tab(_("Explore"), "figures:explore", order=20, visible=may_explore))
register_tab(Tab(_("Definitions"), "figures:definitions", order=90, visible=may_explore))

sentences.register(
    {
        "figures.taken_home": _("%(who)s took figures of the unit home as a file."),
        "figures.denominator_written": _("%(who)s wrote down a number that rates are reckoned from."),
        "figures.denominator_changed": _("%(who)s changed a number that rates are reckoned from."),
    },
    icons={"figures.taken_home": "spreadsheet", "figures.denominator_written": "edit"},
)
