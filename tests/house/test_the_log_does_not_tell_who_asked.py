"""Nobody must find the reporter who hid their name by reading the log."""

import logging

import pytest
import structlog
from django.test import Client

from kvalitetslosen.organisation.models import User
from kvalitetslosen.request_log import RequestLogMiddleware, without_row_values
from tests.people import World


@pytest.mark.django_db
def test_a_request_is_logged_without_person_query_or_number(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person = User.objects.order_by("pk")[0]
    client.force_login(person, backend="kvalitetslosen.organisation.adapters.AuthenticationBackend")
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO):
        client.get("/avvik/AS-2026-99999/?q=Kari+Nordmann", headers={"user-agent": "Her own phone"})
    finished = [line for line in lines if line["event"] == "request_finished"]
    assert len(finished) == 1
    said = repr(lines) + caplog.text
    for secret in ("Kari", "99999", person.email, "127.0.0.1", "Her own phone", "user_id"):
        assert secret not in said
    assert finished[0]["request"].startswith("GET /avvik/<")
    assert finished[0]["code"] == 404


def test_a_watcher_does_not_fill_the_log(client: Client) -> None:
    with structlog.testing.capture_logs() as lines:
        client.get("/healthz")
    assert lines == []


def test_a_refused_row_is_not_repeated() -> None:
    error = (
        'IntegrityError: null value in column "unit"\nDETAIL:  Failing row contains (7, Kari fell on the stairs).\n'
    )
    cleaned = without_row_values(None, "error", {"exception": error, "code": 500})
    assert "Kari" not in cleaned["exception"]
    assert "null value" in cleaned["exception"]


def test_a_line_carries_the_id_the_proxy_gave_but_nothing_smuggled_in(rf: object) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    seen: list[str] = []

    def page(request: object) -> HttpResponse:
        seen.append(structlog.contextvars.get_contextvars()["request_id"])
        return HttpResponse()

    middleware = RequestLogMiddleware(page)
    middleware(RequestFactory().get("/", headers={"x-request-id": "0f3a-77b1-c2"}))
    middleware(RequestFactory().get("/", headers={"x-request-id": "x\n{injected}"}))
    assert seen[0] == "0f3a-77b1-c2"
    assert len(seen[1]) == 16
    assert structlog.contextvars.get_contextvars() == {}
