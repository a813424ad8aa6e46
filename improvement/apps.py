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
        from improvement.access import not_tried_anew, unfinished, unplanned
        from improvement.actions import check_comes_back, check_follows, come_back, follow
        from improvement.models import Action, EffectCheck, Inquiry

        CLOSING_CHECKS.extend(each for each in (unfinished, not_tried_anew) if each not in CLOSING_CHECKS)
        SERIOUS_CHECKS.extend(each for each in (unplanned,) if each not in SERIOUS_CHECKS)
        CASE_FACTS.update(
            has_actions=lambda: Exists(Action.objects.filter(deviation=OuterRef("pk"))),
            has_effects=lambda: Exists(EffectCheck.objects.filter(deviation=OuterRef("pk"))),
            was_asked_about=lambda: Exists(Inquiry.objects.filter(deviation=OuterRef("pk"))),
        )
        on_merged.extend(each for each in (follow, check_follows) if each not in on_merged)
        on_parted.extend(each for each in (come_back, check_comes_back) if each not in on_parted)
