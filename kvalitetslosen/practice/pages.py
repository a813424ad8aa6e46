"""Practising in the menu, under the person's name."""

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.ui.registry import MenuEntry, register_menu

register_menu(MenuEntry(_("Practise"), "practice:practice", order=95, icon="help"))
