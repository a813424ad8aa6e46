from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImprovementConfig(AppConfig):
    name = "improvement"
    verbose_name = _("Improvement")

    def ready(self) -> None:
        # Cases know nothing of actions: this is how an unfinished one keeps a case open.
        from deviations.access import CLOSING_CHECKS
        from improvement.access import unfinished

        if unfinished not in CLOSING_CHECKS:
            CLOSING_CHECKS.append(unfinished)
