"""Somebody installs the product and makes the first municipality."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from deviations.categories import STANDARD
from deviations.models import Category, HandlingRules
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import founding
from kvalitetslosen.organisation.models import Role, Unit, User

ADA = {"admin_name": "Ada Aas", "admin_email": "Ada@fjelldal.example"}


@pytest.mark.django_db(transaction=True)
def test_the_first_administrator_gets_a_mail_and_may_begin() -> None:
    call_command("start_municipality", "Fjelldal", "fje", language="nn", **ADA)
    municipality, ada = Unit.objects.municipalities().get(), User.objects.get()
    assert (municipality.code, municipality.settings.language, ada.email) == ("FJE", "nn", "ada@fjelldal.example")
    assert ada.standing.units(Role.ADMINISTRATOR) == (municipality,)
    assert not ada.has_usable_password()
    assert Email.objects.filter(user=ada).exists()


def test_it_begins_with_the_standard_categories_and_deadlines(db: None) -> None:
    call_command("start_municipality", "Fjelldal", "FJE", **ADA)
    municipality, ada = Unit.objects.municipalities().get(), User.objects.get()
    assert Category.objects.visible_to(ada).filter(parent=None).count() == len(STANDARD)
    assert HandlingRules.objects.get().municipality == municipality
    founding.furnish(municipality=municipality, by=ada)
    assert HandlingRules.objects.count() == 1
    assert Category.objects.filter(name="Fall").count() == 1


def test_a_second_time_is_refused_and_changes_nothing(db: None) -> None:
    call_command("start_municipality", "Fjelldal", "FJE", **ADA)
    with pytest.raises(CommandError, match="already"):
        call_command("start_municipality", "Fjelldal", "FJE", admin_name="Ole", admin_email="ole@fjelldal.example")
    with pytest.raises(CommandError, match="already"):
        call_command("start_municipality", "Sjøvik", "SJO", **ADA)
    assert (Unit.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("code", "email"), [("F", "a@b.example"), ("FJELLD", "a@b.example"), ("F1", "a@b.example"), ("FJE", "ada")]
)
def test_what_can_not_be_right_is_said(db: None, code: str, email: str) -> None:
    with pytest.raises(CommandError):
        call_command("start_municipality", "Fjelldal", code, admin_name="Ada", admin_email=email)
    assert not Unit.objects.exists()
