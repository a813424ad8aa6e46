"""The tree of units as HTML, written by Python: a thousand units would be a thousand templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.ui.context import Page, address
from kvalitetslosen.ui.templatetags.ui import tabs

if TYPE_CHECKING:
    from kvalitetslosen.organisation.views.units import Branch

register = template.Library()


@register.simple_tag(takes_context=True)
def organisation_places(context: Context, here: str) -> SafeString:
    """{% organisation_places "people" %}: the administrator's pages as tabs."""
    page: Page = context["page"]
    places = [
        (_("Units"), "units"),
        (_("People"), "people"),
        (_("Deputies"), "deputies"),
        (_("Import"), "import"),
    ]
    if page.user is not None and keeps_municipality(page.user):
        places.append((_("Settings"), "settings"))
    links = [(words, address(f"organisation:{name}"), name == here) for words, name in places]
    return tabs(links, _("Organisation"))


@register.simple_tag
def unit_tree(branches: Iterable[Branch]) -> SafeString:
    """{% unit_tree branches %}: nested lists; what has units below it folds."""
    return mark_safe(f'<ul class="los-tree">{"".join(_branch(each) for each in branches)}</ul>')  # noqa: S308


def _branch(branch: Branch) -> str:
    line = _line(branch)
    if not branch.below:
        return f'<li><div class="los-tree__unit">{line}</div></li>'
    below = "".join(_branch(each) for each in branch.below)
    words = f'{escape(_below(branch))} <span class="ds-sr-only">{escape(branch.unit.name)}</span>'
    opened = " open" if branch.open else ""
    folded = f"<details{opened}><summary>{words}</summary><ul>{below}</ul></details>"
    return f'<li><div class="los-tree__unit">{line}</div>{folded}</li>'


def _below(branch: Branch) -> str:
    count = len(branch.below)
    return ngettext("%(count)s unit below", "%(count)s units below", count) % {"count": count}


def _line(branch: Branch) -> str:
    unit = branch.unit
    parts = [
        f'<a class="ds-link" href="{unit.get_absolute_url()}">{escape(unit.name)}</a>',
        f'<span class="los-quiet">{escape(unit.code)}</span>',
    ]
    if unit.closed_on:
        words = _("Closed")  # outside the f-string, where texts to translate are found
        parts.append(f'<span class="ds-tag" data-color="neutral">{escape(words)}</span>')
    elif branch.nearest is None:
        words = _("Nobody gets the cases")
        parts.append(f'<span class="ds-tag" data-color="danger">{escape(words)}</span>')
    elif branch.leader:
        parts.append(f"<span>{escape(branch.leader)}</span>")
    else:
        words = _("No leader of its own")
        goes_to = _("Cases go to %(name)s") % {"name": branch.nearest.user.name}
        parts.append(
            f'<span class="ds-tag" data-color="neutral">{escape(words)}</span>'
            f' <span class="los-quiet">{escape(goes_to)}</span>'
        )
    if branch.people:
        words = ngettext("%(count)s person", "%(count)s people", branch.people) % {"count": branch.people}
        parts.append(f'<span class="los-quiet">{escape(words)}</span>')
    return "".join(parts)
