"""Most of the report form is made once for all; what it asks each person, in their language, is still their own."""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import render_crispy_form
from django.template import engines
from django.utils import translation

from deviations.forms.reporting import ReportForm
from kvalitetslosen.organisation.models import User
from tests.people import World

TEMPLATE = "{% load ui_forms %}{% form_fields form %}"


def form_fields(form: ReportForm) -> str:
    template: Any = engines["django"].from_string(TEMPLATE)
    return str(template.render({"form": form}))


def test_it_is_what_it_would_be_if_made_for_the_person_alone(world: World) -> None:
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            for person in [*User.objects.order_by("pk"), *User.objects.order_by("-pk")]:  # whoever comes first
                form = ReportForm(user=person)
                assert form_fields(form) == render_crispy_form(form)


def test_it_shows_nobody_anothers_units(world: World) -> None:
    form_fields(ReportForm(user=world.leif))
    shown = form_fields(ReportForm(user=world.mona))
    assert world.home_care.name not in shown
    assert world.mona.standing.home is not None
    assert world.mona.standing.home.name in shown


def test_what_is_filled_in_comes_back(world: World) -> None:
    form_fields(ReportForm(user=world.nora))
    sent = ReportForm({"text": "Fall i trappa", "kind": "risk"}, user=world.nora)
    shown = form_fields(sent)
    assert "Fall i trappa" in shown
    assert "Fall i trappa" not in form_fields(ReportForm(user=world.nora))
