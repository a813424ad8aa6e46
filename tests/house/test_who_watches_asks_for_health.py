"""/healthz and /readyz, asked by a stranger."""

from unittest import mock

import pytest
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from kombu.exceptions import OperationalError

from kvalitetslosen.celery import app


def test_the_process_answers_without_log_in_or_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_all_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_tables_are_missing_and_no_details_for_strangers(client: Client) -> None:
    with mock.patch.object(MigrationExecutor, "migration_plan", return_value=[("deviations", "0002")]):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_not_ready_while_the_broker_is_away(client: Client) -> None:
    with mock.patch.object(app, "connection_for_write", side_effect=OperationalError("redis.internal:6379")):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_asking_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
