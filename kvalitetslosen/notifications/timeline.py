"""The choices about mail in sentences."""

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal import sentences

sentences.register({"notifications.settings_changed": _("%(who)s changed when mail goes out, or what it says.")})
