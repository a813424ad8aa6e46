"""The first step in an empty installation: a municipality and the administrator who keeps all the rest."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from kvalitetslosen.organisation import actions, founding
from kvalitetslosen.organisation.models import Language, Role, Unit, User


class Command(BaseCommand):
    help = (
        "Make a municipality with the standard categories and deadlines, and its first administrator, who gets a mail "
        "with a link to choose a password."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="the municipality's name: Åseral")
        parser.add_argument("code", help="two to five letters that begin each case's reference: AAS")
        parser.add_argument("--language", choices=Language.values, default=Language.BOKMAL)
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-email", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        code, email = options["code"].strip().upper(), options["admin_email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"{email} is not an e-mail address.") from wrong
        if not (code.isalpha() and 2 <= len(code) <= 5):
            raise CommandError("The code is two to five letters.")
        if Unit.objects.municipalities().filter(code=code).exists():
            raise CommandError(f"There is a municipality with the code {code} already.")
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        municipality = actions.found_municipality(
            name=options["name"].strip(), code=code, language=options["language"]
        )
        administrator = actions.add_person(
            municipality=municipality,
            name=options["admin_name"].strip(),
            email=email,
            language=options["language"],
            invite=True,
        )
        actions.grant_role(user=administrator, unit=municipality, role=Role.ADMINISTRATOR)
        founding.furnish(municipality=municipality, by=administrator)
        self.stdout.write(f"{municipality} is there. {email} gets a mail with a link to choose a password.")
