"""What each part of the report of deviations means, for the page of definitions: a part by its ``Figures.key``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deviations import reports
from kvalitetslosen.figures.rules import Section, register_section

PAGE = _("Deviations")

for _key, _title, _words in (
    ("maned", _("By month"), _(
        "Cases by the month they were reported, each once; beside them the same months a year earlier, and each kind. "
        "The same number as in the explorer: deviations by month and kind."
    )),
    ("kilde", _("Registered here and elsewhere"), _(
        "Where a case or a count was registered. One that stands in both is counted once, as the one here."
    )),
    ("kryss", _("Ticks and cases"), _(
        "Mild events ticked on tally sheets, by the month of the sheet, with what other systems counted; and "
        "cases. A tick "
        "that became a case is the case."
    )),
    ("kryss-kategori", _("What is ticked"), _("The same ticks by category, beside the cases of the same category.")),
    ("enheter", _("The units below"), _(
        "Cases reported in the period and cases open now, in each unit right below with all below it, where they are "
        "handled now."
    )),
    ("type", _("By kind"), _("Cases of the period by what kind they are now.")),
    ("alvor", _("By severity"), _("Cases of the period by the risk matrix as it is now.")),
    ("status", _("By status"), _("Cases reported in the period by where they stand now.")),
    ("kategori", _("By category"), _(
        "Cases of the period by the category they have now; a main category with all below it, which unfold."
    )),
    ("arsaker", _("Where the causes lie"), _(
        "In how many cases each kind of cause was found, where the cause was looked for. A case counts once for each "
        "kind. Fewer than three aren’t told."
    )),
    ("tid", _("How long it takes"), _(
        "Working days from the day of the report to receipt, first answer, outcome and closing; the median is "
        "what half "
        "took or less. Cases from other systems are left out. A case opened again keeps its first receipt and answer."
    )),
    ("tid-enheter", _("How long it takes, unit by unit"), _(
        "The medians of each unit right below. Where fewer than five were measured there is none, for anybody."
    )),
    ("frister", _("Within the limits"), _(
        "Of the cases decided: kept the limit they were promised, broke it, or are past it and still wait."
    )),
    ("hjalp", _("Did it help?"), _(
        "What the reporters say of the answer. The share is of those who have said yes or no."
    )),
    ("apne", _("What lies open"), _("All cases open now, by the month they were reported, whatever the period.")),
    ("apne-enheter", _("Where they lie"), _("The same open cases by unit and age.")),
):  # fmt: skip
    register_section(Section(_key, _title, _words, PAGE, reports.may_read))


for _key, _title, _words in (
    ("navn", _("With name or without"), _(
        "Cases that people who work here reported in the period, by how they told who they are. Fewer than five "
        "hidden or missing names are told together or not at all."
    )),
    ("nesten", _("Told before it went wrong"), _(
        "The kinds of the period’s cases; the share is near misses of near misses and deviations together."
    )),
    ("tidskostnad", _("What the work costs in time"), _(
        "Cases reported here, ticks, closed cases and cases whose cause was looked for, each times the minutes and "
        "the price of an hour the municipality has set. An estimate."
    )),
    ("skaderegister", _("The register of work injuries"), _(
        "Lines of the register by the day it happened, and cases that are there by their category and not described."
    )),
    ("tall", _("By yearly figure"), _(
        "Cases and ticks of a year by the figure their category counts in for the country. Each event once: what was "
        "merged is the case it became part of."
    )),
    ("varslingsplikter", _("Duties to tell"), _(
        "Duties whose clock began in the period, by whether somebody was told within the limit."
    )),
):  # fmt: skip
    register_section(Section(_key, _title, _words, _("Ready reports"), reports.may_read))
