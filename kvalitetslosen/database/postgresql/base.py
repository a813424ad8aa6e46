"""PostgreSQL as Django has it, asked less often whether it is still there."""

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that a restarted server has hung up on is made anew before it is used, as Django does it."""

    def is_usable(self) -> bool:
        """Whether the server is at the other end, seen from the socket.

        A server that goes away closes it, and a closed socket can be read. Django asks `SELECT 1` instead, one more
        trip to the database for every page. Whatever isn't a connection at rest is asked as ever.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            return bool(super().is_usable())
        at_rest = select.poll()
        at_rest.register(connection.fileno(), select.POLLIN)
        return not at_rest.poll(0)
