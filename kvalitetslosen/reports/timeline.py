"""The journal of ready reports in sentences. What was written in them is said nowhere."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling


def taken(telling: Telling) -> str:
    said = {"who": telling.who}
    if telling.data.get("what") == "pdf":
        return _("%(who)s made a PDF of a ready report.") % said
    return _("%(who)s took a ready report as a spreadsheet.") % said


sentences.register(
    {
        "reports.begun": gettext_lazy("%(who)s began to write the report."),
        "reports.written": gettext_lazy("%(who)s wrote on it."),
        "reports.figures_added": gettext_lazy("%(who)s added figures to the report."),
        "reports.figures_moved": gettext_lazy("%(who)s moved figures in the report."),
        "reports.figures_taken_out": gettext_lazy("%(who)s took figures out of the report."),
        "reports.approved": gettext_lazy("%(who)s approved the report, with its figures as they were."),
        "reports.put_away": gettext_lazy("%(who)s put the draft away."),
        "reports.withdrawn": gettext_lazy("%(who)s withdrew the report."),
        "reports.shared": gettext_lazy("%(who)s shared the report."),
        "reports.sharing_stopped": gettext_lazy("%(who)s stopped sharing the report."),
        "reports.scheduled": gettext_lazy("%(who)s asked for a report in a rhythm."),
        "reports.schedule_changed": gettext_lazy("%(who)s changed who gets the report."),
        "reports.recipient_named": gettext_lazy("%(who)s chose somebody to get the report by name."),
        "reports.recipient_ended": gettext_lazy("Somebody doesn’t get the report by name any more."),
        "reports.schedule_stopped": gettext_lazy("%(who)s stopped the report."),
        "reports.period_over": gettext_lazy("The period was over, and the report was ready."),
        "reports.price_set": gettext_lazy("%(who)s decided what an hour costs."),
        "reports.taken": taken,
    },
    icons={
        "reports.approved": "check-circle",
        "reports.withdrawn": "close",
        "reports.shared": "people",
    },
)
