from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImprovementConfig(AppConfig):
    name = "improvement"
    verbose_name = _("Improvement")

    def ready(self) -> None:
        # Cases know nothing of actions: this is how an unfinished one keeps a case open, or goes along to another.
        from deviations.access import CLOSING_CHECKS
        from deviations.actions import on_merged, on_parted
        from improvement.access import unfinished
        from improvement.actions import come_back, follow

        if unfinished not in CLOSING_CHECKS:
            CLOSING_CHECKS.append(unfinished)
        if follow not in on_merged:
            on_merged.append(follow)
        if come_back not in on_parted:
            on_parted.append(come_back)
