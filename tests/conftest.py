"""What every test stands on: the world of people, a client for each, and guards that catch what eyes tire of."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client, TransactionTestCase
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

from improvement.warmth_messages import UnitsToVisit
from kvalitetslosen.organisation.models import Membership, User
from tests import migrated, once, people

# A slow moment of the machine is no fault: speed is measured in tests/bench, never here.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

# To look for rubbish after every 700 new objects takes a tenth of the time in a process with some millions of them.
gc.set_threshold(100_000, 20, 50)

ROOT = Path(__file__).resolve().parents[1]
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what another database or cache could change: only that is run on each of them."""
    for item in items:
        marked = any(item.get_closest_marker(name) for name in ("django_db", "postgresql", "redis"))
        if marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("database")


class GroupsByFile(LoadGroupScheduling):  # type: ignore[misc]
    """Keeps the tests of an `xdist_group` in one process.

    pytest-xdist 3.8 writes the group into the test's id, which pytest from 9.2 on doesn't read any more. So it is read
    where it stands: `pytestmark` of the whole file.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid


@cache
def group_of(path: str) -> str:
    found = re.search(
        r'^pytestmark.*xdist_group\("([^"]+)"\)', (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
    )
    return found[1] if found else ""


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupsByFile | None:
    return GroupsByFile(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(autouse=True)
def _what_is_run_once_uses_no_cache(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is shut to it by pytest-django. That is why one run of it is enough."""
    if "database" in request.keywords:
        return
    for name in ("add", "get", "set", "touch", "delete", "incr", "has_key"):
        monkeypatch.setattr(LocMemCache, name, _needs_a_database)


def _needs_a_database(*_args: object, **_more: object) -> None:
    pytest.fail("It uses the cache: mark it with pytest.mark.database, so that Redis is tried as well.")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_createdb: bool,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """Migrate, unless just these tables were kept; `--create-db` migrates anyhow."""
    tables = migrated.kept() if connection.vendor == "sqlite" else None
    with django_db_blocker.unblock():
        if tables and tables.exists() and not django_db_createdb:
            migrated.take_up(tables, Path(connection.settings_dict["TEST"]["NAME"]))
        else:
            request.getfixturevalue("django_db_setup")
            if tables:
                migrated.keep(tables)
        once.beginning.note()
    yield
    if tables:
        with django_db_blocker.unblock():
            connection.close()


@pytest.fixture
def world(db: None) -> people.World:
    return people.build()


@pytest.fixture
def login() -> Callable[[User], Client]:
    """A browser in which the person is logged in."""

    def logged_in(user: User) -> Client:
        # As `force_login` leaves it, without the rotating and noting of a real log-in, which have tests of their own.
        client = Client()
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "kvalitetslosen.organisation.adapters.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        return client

    return logged_in


@pytest.fixture(autouse=True, scope="session")
def _transactional_tests_leave_what_they_found() -> Iterator[None]:
    """Instead of `flush`, which makes every content type and permission anew."""
    tear_down = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _case: once.beginning.put_back()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _the_list_of_units_to_visit_is_for_its_own_tests(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a test tells one case, the work looks as if it were dying: every month would begin with such a list."""
    if request.path.name != "test_the_work_is_kept_warm.py":
        monkeypatch.setattr(UnitsToVisit, "queryset", lambda _rule, _clock: Membership.objects.none())


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
