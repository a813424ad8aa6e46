from django.apps import AppConfig
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _


class ImprovementConfig(AppConfig):
    name = "improvement"
    verbose_name = _("Improvement")

    def ready(self) -> None:
        # Cases know nothing of actions: this is how an unfinished one keeps a case open, or goes along to another.
        from deviations.access import CLOSING_CHECKS, SERIOUS_CHECKS
        from deviations.actions import on_merged, on_parted
        from deviations.facts import CASE_FACTS
        from deviations.several import BEYOND
        from improvement.access import may_improve, not_tried_anew, unfinished, unplanned
        from improvement.actions import (
            check_comes_back,
            check_follows,
            come_back,
            findings_follow,
            findings_part,
            follow,
            improvement_follows,
            improvement_parts,
            risk_follows,
            risk_parts,
        )
        from improvement.models import (
            Action,
            AgendaItem,
            AuditPoint,
            EffectCheck,
            ImprovementCase,
            Inquiry,
            LearningStory,
        )
        from improvement.risk_facts import points_to_risk, risk_applies

        CLOSING_CHECKS.extend(each for each in (unfinished, not_tried_anew) if each not in CLOSING_CHECKS)
        SERIOUS_CHECKS.extend(each for each in (unplanned,) if each not in SERIOUS_CHECKS)
        CASE_FACTS.update(
            has_actions=lambda: Exists(Action.objects.filter(deviation=OuterRef("pk"))),
            has_effects=lambda: Exists(EffectCheck.objects.filter(deviation=OuterRef("pk"))),
            is_being_improved=lambda: Exists(ImprovementCase.objects.filter(deviation=OuterRef("pk"))),
            is_on_an_agenda=lambda: Exists(AgendaItem.objects.filter(deviation=OuterRef("pk"))),
            comes_from_an_audit=lambda: Exists(AuditPoint.objects.filter(deviation=OuterRef("pk"))),
            points_to_risk=points_to_risk,
            risk_applies=risk_applies,
            was_asked_about=lambda: Exists(Inquiry.objects.filter(deviation=OuterRef("pk"))),
            is_told=lambda: Exists(LearningStory.objects.filter(deviation=OuterRef("pk"))),
        )
        begin = (_("Begin an improvement"), "improvements:add", may_improve)
        if begin not in BEYOND:
            BEYOND.append(begin)
        on_merged.extend(
            each
            for each in (follow, check_follows, improvement_follows, risk_follows, findings_follow)
            if each not in on_merged
        )
        on_parted.extend(
            each
            for each in (come_back, check_comes_back, improvement_parts, risk_parts, findings_part)
            if each not in on_parted
        )
