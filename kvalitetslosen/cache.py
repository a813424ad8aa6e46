"""The cache in Redis, which the product can do without."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

PAUSE = 5.0
"""Seconds without asking again after Redis did not answer."""


class DispensableClient(RedisCacheClient):
    """Answers as an empty cache would while Redis is away: sessions are in the database too, counters start anew."""

    _away_until = 0.0
    _kept: Any = None

    def _ask(self, ask: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        if monotonic() < self._away_until:
            return otherwise
        try:
            return ask()
        except RedisError as error:
            self._away_until = monotonic() + PAUSE
            logger.warning("The cache does not answer (%s); going on without it.", type(error).__name__)
            return otherwise

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One client for all questions: each new one copies a table of 170 commands, and it shares the pool anyway."""
        if self._kept is None:
            self._kept = super().get_client(key, write=write)
        return self._kept

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._ask(lambda: super(DispensableClient, self).add(key, value, timeout), otherwise=True)

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(lambda: super(DispensableClient, self).get(key, default), otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask(lambda: super(DispensableClient, self).set(key, value, timeout), otherwise=None)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._ask(lambda: super(DispensableClient, self).touch(key, timeout), otherwise=False)

    def delete(self, key: Any) -> bool:
        return self._ask(lambda: super(DispensableClient, self).delete(key), otherwise=False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._ask(lambda: super(DispensableClient, self).get_many(keys), otherwise={})

    def has_key(self, key: Any) -> bool:
        return self._ask(lambda: super(DispensableClient, self).has_key(key), otherwise=False)

    def incr(self, key: Any, delta: int) -> Any:
        return self._ask(lambda: super(DispensableClient, self).incr(key, delta), otherwise=delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask(lambda: super(DispensableClient, self).set_many(data, timeout), otherwise=None)

    def delete_many(self, keys: Any) -> None:
        self._ask(lambda: super(DispensableClient, self).delete_many(keys), otherwise=None)


class DispensableRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = DispensableClient

    def clear(self) -> None:
        """Only what the cache put there: the broker's queues live in the same Redis."""
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)
