"""What is done so that it doesn't happen again, and whether it helped, a file for each noun."""

from improvement.models.action import SHORT, WORKING, Action, ActionQuerySet, Strength, oversight_of
from improvement.models.effect import EffectCheck, EffectCheckQuerySet
from improvement.models.improvement import (
    DECIDED,
    Decision,
    Improvement,
    ImprovementCase,
    ImprovementQuerySet,
    Scale,
    Size,
    Solution,
    Trial,
)
from improvement.models.inquiry import Inquiry, InquiryQuerySet, InquiryRhythm, InquiryRhythmQuerySet, Topic
from improvement.models.measure import ChangeMark, MarkKind, Measure, MeasureQuerySet, MeasureValue, Rhythm, Source
from improvement.models.part import ActionPart, ActionPartQuerySet
from improvement.models.year_task import Recurrence, YearTask, YearTaskQuerySet

__all__ = [
    "DECIDED",
    "SHORT",
    "WORKING",
    "Action",
    "ActionPart",
    "ActionPartQuerySet",
    "ActionQuerySet",
    "ChangeMark",
    "Decision",
    "EffectCheck",
    "EffectCheckQuerySet",
    "Improvement",
    "ImprovementCase",
    "ImprovementQuerySet",
    "Inquiry",
    "InquiryQuerySet",
    "InquiryRhythm",
    "InquiryRhythmQuerySet",
    "MarkKind",
    "Measure",
    "MeasureQuerySet",
    "MeasureValue",
    "Recurrence",
    "Rhythm",
    "Scale",
    "Size",
    "Solution",
    "Source",
    "Strength",
    "Topic",
    "Trial",
    "YearTask",
    "YearTaskQuerySet",
    "oversight_of",
]
