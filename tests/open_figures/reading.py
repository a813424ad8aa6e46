"""Another program that reads figures with a token."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from kvalitetslosen.open_figures import actions
from kvalitetslosen.organisation.models import Unit, User

API = "/api/tall/v1/"


def token(user: User, unit: Unit | None = None, days: int = 30) -> str:
    until = timezone.localdate() + datetime.timedelta(days)
    person = User.objects.get(pk=user.pk)
    return actions.make_token(name="Power BI", by=person, expires_on=until, unit=unit)[1]


def read(secret: str, path: str, method: str = "get") -> Any:
    return getattr(Client(), method)(f"{API}{path}", headers={"Authorization": f"Bearer {secret}"})


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows(secret: str, name: str) -> list[dict[str, Any]]:
    answer = read(secret, f"tables/{name}.json")
    assert answer.status_code == 200, (name, answer.content)
    found: list[dict[str, Any]] = json.loads(content(answer))["rows"]
    return found
