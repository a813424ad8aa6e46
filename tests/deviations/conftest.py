"""What the browser tests of cases share."""

from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
