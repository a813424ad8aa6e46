"""What a municipality may write into its own words about documents: never anything of what stands in them."""

from __future__ import annotations

import datetime

from django.utils import timezone

from documents.models import Kind
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.ui.dates import full

NUMBER = Placeholder("number", "nummer", "nummer", "number", lambda: "P-0012")
TITLE = Placeholder("title", "tittel", "tittel", "title", lambda: "Brannvern")
KIND = Placeholder("kind", "type", "type", "kind", lambda: Kind.PROCEDURE.label)
UNIT = Placeholder("unit", "enhet", "eining", "unit", lambda: "Solbakken")
AUTHOR = Placeholder("author", "forfatter", "forfattar", "author", lambda: "Kari Nordmann")
APPROVER = Placeholder("approver", "godkjenner", "godkjennar", "approver", lambda: "Ola Nordmann")
LABEL = Placeholder("label", "versjon", "versjon", "version", lambda: "2.0")
OWNER = Placeholder("owner", "eier", "eigar", "owner", lambda: "Kari Nordmann")
REVIEW_ON = Placeholder(
    "review_on", "revisjon", "revisjon", "review", lambda: full(timezone.localdate() + datetime.timedelta(days=28))
)
APPLIES_FROM = Placeholder(
    "applies_from", "gjelder fra", "gjeld frå", "applies from",
    lambda: full(timezone.localdate() + datetime.timedelta(days=28)),
)  # fmt: skip

DEADLINE = Placeholder(
    "deadline", "frist", "frist", "deadline", lambda: full(timezone.localdate() + datetime.timedelta(days=14))
)

FACTS = (NUMBER, TITLE, KIND, UNIT, AUTHOR, APPROVER)
REVIEWED = (NUMBER, TITLE, KIND, UNIT, OWNER, REVIEW_ON)
