"""Whether what is made at this moment is made by somebody who practises."""

from contextvars import ContextVar

is_practice: ContextVar[bool] = ContextVar("is_practice", default=False)
"""Set for the time of a request (``middleware``). For what is made far from any request's view, as a PDF."""
