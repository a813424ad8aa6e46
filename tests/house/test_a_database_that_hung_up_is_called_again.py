"""A connection kept from one request to the next is not used when the server is gone from it."""

import pytest
from django.db import connection, connections

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="about a server's connections"),
    pytest.mark.django_db,
]


def test_it_is_seen_that_the_server_hung_up() -> None:
    kept, other = (connections.create_connection("default") for _ in range(2))
    for each in (kept, other):
        each.settings_dict["NAME"] = connection.settings_dict["NAME"]
    try:
        with kept.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        assert kept.is_usable()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert not kept.is_usable()
        kept.close_if_unusable_or_obsolete()
        kept.close()
        with kept.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
    finally:
        kept.close()
        other.close()


def test_a_transaction_that_failed_is_not_used() -> None:
    kept = connections.create_connection("default")
    kept.settings_dict["NAME"] = connection.settings_dict["NAME"]
    try:
        kept.set_autocommit(False)
        with pytest.raises(Exception, match="no_such_table"), kept.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        assert not kept.is_usable()
    finally:
        kept.close()
