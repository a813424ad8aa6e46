"""What is forgotten of what was written here while practising."""

from __future__ import annotations

from django.utils import timezone

from improvement.models import (
    QUESTIONS,
    Action,
    ActionPart,
    Adoption,
    AgendaItem,
    Audit,
    AuditPoint,
    ChangeMark,
    EffectCheck,
    Forum,
    Hazard,
    Improvement,
    Inquiry,
    InquiryRhythm,
    LearningStory,
    Measure,
    Meeting,
    RiskAnalysis,
    Solution,
    StoryQuestion,
    Trial,
    YearTask,
)
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.playing import Cast, Play, register


def nothing(cast: Cast) -> None:
    """One makes actions oneself."""


def forget(municipality: Unit) -> None:
    actions = Action.objects.filter(level_0=municipality.pk)
    actions.update(what="–")
    actions.exclude(done_note="").update(done_note="–")
    ActionPart.objects.filter(action__in=actions).update(what="–")
    measures = Measure.objects.filter(level_0=municipality.pk)
    ChangeMark.objects.filter(measure__in=measures).update(what="–")
    measures.update(name="–", explained="", size_name="")
    measures.exclude(verdict_words="").update(verdict_words="–")
    checks = EffectCheck.objects.filter(level_0=municipality.pk)
    checks.update(criterion="–")
    checks.exclude(words="").update(words="–")
    inquiries = Inquiry.objects.filter(level_0=municipality.pk)
    inquiries.update(question="–")
    inquiries.exclude(answer="").update(answer="–")
    stories = LearningStory.objects.filter(level_0=municipality.pk)
    texts = ("happened", "made_sense", "changed", "helped", "wanted")
    stories.update(title="–", chart=None, **dict.fromkeys(texts, ""))
    Adoption.objects.filter(level_0=municipality.pk).update(words="–")
    asked = StoryQuestion.objects.filter(story__in=stories)
    asked.update(question="–")
    asked.exclude(answer="").update(answer="–")
    InquiryRhythm.objects.filter(level_0=municipality.pk).update(question="–", ended_at=timezone.now())
    improvements = Improvement.objects.filter(level_0=municipality.pk)
    Solution.objects.filter(improvement__in=improvements).update(what="–")
    trials = Trial.objects.filter(improvement__in=improvements)
    trials.update(change="–", prediction="–")
    trials.exclude(seen="").update(seen="–", learnt="–")
    improvements.update(title="–", number_now="")
    for name in ("analysis", "goal", "number_goal", "measured", "result", "without_document"):
        improvements.exclude(**{name: ""}).update(**{name: "–"})
    tasks = YearTask.objects.filter(level_0=municipality.pk)
    tasks.update(what="–", done_is="")
    tasks.exclude(words="").update(words="–")
    Forum.objects.filter(level_0=municipality.pk).update(name="–", ended_at=timezone.now())
    Meeting.objects.filter(municipality=municipality).update(place="")
    AgendaItem.objects.filter(meeting__municipality=municipality).update(
        heading="–", words="", decision="", told="", taken_off="", **dict.fromkeys(QUESTIONS, "")
    )
    analyses = RiskAnalysis.objects.filter(level_0=municipality.pk)
    hazards = Hazard.objects.filter(analysis__in=analyses)
    hazards.update(what="–", causes="", consequences="", prevented_by="")
    hazards.exclude(reason="").update(reason="–")
    analyses.update(title="–", about="")
    audits = Audit.objects.filter(level_0=municipality.pk)
    points = AuditPoint.objects.filter(audit__in=audits)
    points.update(question="–", heading="")
    points.exclude(evidence="").update(evidence="–")
    audits.update(title="–", about="", looked_at="", strengths="")
    audits.exclude(summary="").update(summary="–")
    audits.exclude(comment="").update(comment="–")


register(Play(copy=nothing, lay=nothing, forget=forget))
