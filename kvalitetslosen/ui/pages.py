"""The platform's own place in the menu: the morning page."""

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.ui.registry import MenuEntry, register_menu

register_menu(MenuEntry(_("Today"), "today", order=10, icon="calendar"))
