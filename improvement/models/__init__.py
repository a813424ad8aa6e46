"""What is done so that it doesn't happen again, and whether it helped, a file for each noun."""

from improvement.models.action import SHORT, WORKING, Action, ActionQuerySet, Strength, oversight_of
from improvement.models.effect import EffectCheck, EffectCheckQuerySet
from improvement.models.inquiry import Inquiry, InquiryQuerySet, InquiryRhythm, InquiryRhythmQuerySet, Topic
from improvement.models.measure import ChangeMark, MarkKind, Measure, MeasureQuerySet, MeasureValue, Rhythm, Source
from improvement.models.part import ActionPart, ActionPartQuerySet

__all__ = [
    "SHORT",
    "WORKING",
    "Action",
    "ActionPart",
    "ActionPartQuerySet",
    "ActionQuerySet",
    "ChangeMark",
    "EffectCheck",
    "EffectCheckQuerySet",
    "Inquiry",
    "InquiryQuerySet",
    "InquiryRhythm",
    "InquiryRhythmQuerySet",
    "MarkKind",
    "Measure",
    "MeasureQuerySet",
    "MeasureValue",
    "Rhythm",
    "Source",
    "Strength",
    "Topic",
    "oversight_of",
]
