"""A report's sections counted now: those of its kind, and the figures its writer put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from kvalitetslosen.database.calm import in_one_process
from kvalitetslosen.reports.added import Added, laid_out, made_of
from kvalitetslosen.reports.frozen import Part, part_of
from kvalitetslosen.reports.registry import Asked, Kind
from kvalitetslosen.ui.charts import Figures


@in_one_process()
def made(
    kind: Kind,
    asked: Asked,
    texts: Mapping[str, str] | None = None,
    added: Iterable[Mapping[str, str]] = (),
    *,
    draft: bool = False,
) -> list[Part]:
    """The report's sections now, in the active language; one whose figures there are none of is left out.

    ``draft``: what was added and can't be counted for this person says so, and can be taken out.
    """
    found, texts = [], texts or {}
    for each in laid_out(kind.sections, Added.all_of(added)):
        text = texts.get(each.name, "")
        if isinstance(each, Added):
            part = made_of(each, asked, text, of_some=kind.of_some)
            if part is not None:
                found.append(part)
            elif draft:
                found.append(lacking(each, text))
            continue
        figures = each.make(asked) if each.make else None
        if figures is not None or each.make is None:
            found.append(part_of(each, figures, text))
    return found


def lacking(one: Added, text: str) -> Part:
    """In the place of figures the person may not have, or that are gone."""
    said = _(
        "There is nothing to show: nothing is counted, or you may not read it. Approved like this, the report is "
        "without it."
    )
    title = one.heading or _("Added figures")
    return Part(one.name, title, Figures(one.name, title, said, [], []), text, added=True)
