"""What every test stands on: the world of people, a client for each, and guards that catch what eyes tire of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client, TransactionTestCase

from kvalitetslosen.journal import guard
from kvalitetslosen.organisation.models import User
from tests import people

# A slow moment of the machine is no fault: speed is measured in tests/bench, never here.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture
def world(db: None) -> people.World:
    return people.build()


@pytest.fixture
def login() -> Callable[[User], Client]:
    """A browser in which the person is logged in."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="kvalitetslosen.organisation.adapters.AuthenticationBackend")
        return client

    return logged_in


@pytest.fixture(autouse=True, scope="session")
def _journal_gives_way_when_tests_empty_the_database() -> Iterator[None]:
    """Only here: a transactional test is cleaned up by emptying every table, which the journal rightly refuses."""
    tear_down = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def guarded(self: TransactionTestCase) -> None:
        guard.take_down(connection)
        tear_down(self)
        ContentType.objects.clear_cache()
        guard.put_up(connection)

    TransactionTestCase._fixture_teardown = guarded  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _unordered_queries_come_in_random_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that leans on the order the database happens to give fails here instead of in front of a user."""
    get_order_by = SQLCompiler.get_order_by

    def get_random_order_by(self: SQLCompiler) -> Any:
        order = get_order_by(self)
        query = self.query
        if (
            order
            or query.distinct
            or query.combinator
            or query.group_by is not None
            or query.is_sliced
            or query.subquery
        ):
            return order
        if query.select_for_update or (query.annotations and not query.default_cols):
            return order
        query.order_by = ("?",)
        try:
            return get_order_by(self)
        finally:
            query.order_by = ()

    monkeypatch.setattr(SQLCompiler, "get_order_by", get_random_order_by)
