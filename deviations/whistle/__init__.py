"""Whistle-blowing (arbeidsmiljøloven chapter 2 A): a channel of its own, sealed from all else.

Nothing here uses the common journal for a case, its messages or its delivery: a case has a chain of events in a table
of its own (``journal``), and one rule says who sees it (``models.WhistleCaseQuerySet.visible_to``). Who receives
cases, and the municipality's limits, are no secret, and lie in the common journal like all other settings.
"""
