"""Loads the demo world, all of it or nothing."""

from __future__ import annotations

import datetime
import random

from django.db import transaction
from django.utils import timezone

from kvalitetslosen.bulk import bulk_work
from kvalitetslosen.demo import (
    audits,
    causes,
    denominators,
    duties,
    effects,
    elsewhere,
    handbook,
    handbook_finding,
    handbook_writing,
    improvements,
    injuries,
    inquiries,
    intake,
    lists,
    measures,
    meetings,
    open_figures,
    organisation,
    parts,
    pulse,
    questions,
    ready,
    risks,
    scenes,
    sharing,
    stories,
    ticks,
    whistles,
    year,
)
from kvalitetslosen.demo.cases import Story, by_unit
from kvalitetslosen.demo.logins import LOGINS
from kvalitetslosen.journal.record import announced_together
from kvalitetslosen.notifications.deliver import sweep, take_as_told
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO

SIZE = 900
SEED = 20160817
STILL_NEWS = datetime.timedelta(days=2)
"""What happened later than this is told by mail and notices, as it would have been; the rest is history."""


def is_loaded() -> bool:
    return User.objects.filter(email=LOGINS[0].email).exists()


def load(size: int = SIZE) -> int:
    """Build municipalities and people, tell two years of cases; how many cases there are."""
    now = timezone.now().astimezone(OSLO)
    with transaction.atomic(), announced_together():
        with bulk_work():
            towns = organisation.build()
        take_as_told()
        rng = random.Random(SEED)
        with bulk_work():
            listed = handbook.write(towns, now, rng)
            for town in towns:
                questions.publish(town, now)
            story = Story(towns, now, rng, by_unit(listed), questions.Answers(random.Random(SEED)))
            story.tell(size)
            ticks.tick(towns, now, random.Random(SEED))
        ready.approve(towns, now)
        with bulk_work():
            organisation.appoint_deputies(towns)
            scenes.stage(story)
            duties.stage(story)
            injuries.stage(towns, now)
            causes.stage(towns, now)
            handbook.stage(towns, now, listed)
            handbook_writing.write(towns, now, listed)
            handbook_finding.place(towns)
            handbook_finding.read(towns, now, rng)
            sharing.stage(towns, now)
            lists.keep(towns)
            measures.stage(towns, now, random.Random(SEED))
            effects.stage(towns, now)
            improvements.stage(towns, now)
            risks.stage(towns, now)
            audits.stage(towns, now)
            elsewhere.bring_in(towns, now)
            inquiries.ask(towns, now)
            meetings.stage(towns, now)
            effects.of_actions(towns, now)
            parts.stage(towns, now)
            year.lay(towns, now)
            denominators.write(towns, now)
            stories.tell(towns, now)
            pulse.answer(towns, now, random.Random(SEED))
            organisation.begin_leading(towns)
            open_figures.make(towns, now)
        ready.begin(towns, now)
        whistles.stage(towns, now)
        intake.stage(towns)
        take_as_told(now - STILL_NEWS)
    sweep()
    return story.reported
