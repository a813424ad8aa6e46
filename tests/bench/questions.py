"""How long the explorer takes for any question:  python -m tests.bench.questions [--draw 150] [--times 3] [--out FILE]

Draws questions (what, where, when, split, narrowed, compared, by whom) and puts every pair of dimensions of every subject
to the leader of everything, in a database that `load_volume` has filled (DATABASE_URL). They go through one gunicorn
worker, one at a time; each `--times` times, and its median counts. What a question has costs the worker, the database's
process behind it, and what the worker has grown by, is told too: that tells more than the clock on a busy machine.

`--again FILE` asks the slowest of an earlier run again.
"""

import argparse
import datetime
import json
import os
import random
import statistics
import time
import urllib.parse
from itertools import combinations

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from kvalitetslosen.demo.volume import CONTACT, FIGURES_ONLY, LEADER, PASSWORD, TOP  # noqa: E402
from kvalitetslosen.figures import periods  # noqa: E402
from kvalitetslosen.figures.registry import subjects_of  # noqa: E402
from kvalitetslosen.organisation.models import MunicipalitySettings, Unit, User  # noqa: E402
from tests.bench.served import Served  # noqa: E402

NARROWED = "narrowed"
READERS = {
    "leader of everything": TOP,
    "leader of a sector": LEADER,
    "leader of everything, sight narrowed": NARROWED,
    "quality contact": CONTACT,
    "figures only": FIGURES_ONLY,
}
PAGE = "/rapporter/utforsk/"
FIRST = "the first answer"
YEARS = 5


def months_back(n):
    day = timezone.localdate().replace(day=1)
    number = day.year * 12 + day.month - 1 - n
    return f"{number // 12}-{number % 12 + 1:02}"


def some_values(dimension, rng):
    """One to three values to narrow to."""
    known = list(dimension.ordered) or [str(n) for n in range(1, 13)]
    return rng.sample(known, min(len(known), rng.randint(1, 3)))


class Draw:
    """Makes addresses, and says of each what kind of question it is."""

    def __init__(self, rng):
        self.rng = rng
        self.units = {
            depth: list(Unit.objects.filter(depth=depth).values_list("pk", flat=True)[:100]) for depth in range(4)
        }
        self.subjects = subjects_of(User.objects.get(email=TOP))

    def period(self, parts, kinds, long):
        today = timezone.localdate()
        if long:
            parts += [("fra", months_back(12 * YEARS - 1)), ("til", months_back(0))]
            kinds.append("five years")
        elif self.rng.random() < 0.3:  # days, not whole months
            first = today - datetime.timedelta(days=self.rng.randint(40, 900))
            parts += [("fra", first.isoformat()), ("til", (today - datetime.timedelta(days=3)).isoformat())]
        elif self.rng.random() < 0.3:
            parts += [("fra", months_back(23)), ("til", months_back(0))]

    def pairs(self):
        """Every subject split by every two of its dimensions, and by each alone: five years every other time."""
        for subject in self.subjects:
            ways = [*((each,) for each in subject.dimensions), *combinations(subject.dimensions, 2)]
            for number, split in enumerate(ways):
                parts, kinds = [("om", subject.key)], ["every pair", subject.key]
                self.period(parts, kinds, long=number % 2)
                parts.append(("per", self.rng.choice(["alt", "maned", "kvartal"])))
                parts += [("del", each.key) for each in split]
                kinds.append("split two ways" if len(split) == 2 else "split once")
                yield TOP, "leader of everything", PAGE + "?" + urllib.parse.urlencode(parts), kinds

    def any(self):
        """One drawn: by whom too."""
        reader, login = self.rng.choice(list(READERS.items()))
        own = self.subjects if login != FIGURES_ONLY else self.subjects[:2]
        subject = self.rng.choices(own, [8, 5, *([2] * len(own))][: len(own)])[0]
        parts, kinds = [("om", subject.key)], [subject.key]
        if login != FIGURES_ONLY and self.rng.random() < 0.3:
            depth = self.rng.randint(2, 3)
            if login in (TOP, CONTACT, NARROWED) and subject.key not in ("sporsmal", "moter"):
                parts.append(("enhet", self.rng.choice(self.units[depth])))
        measure = self.rng.choice(subject.measures) if self.rng.random() < 0.4 else subject.measures[0]
        if measure is not subject.measures[0]:
            parts.append(("mal", measure.key))
            kinds.append(f"a {measure.kind.value}")
        self.period(parts, kinds, long=self.rng.random() < 0.4)
        parts.append(("per", self.rng.choice(["alt", *periods.STRETCHES])))
        split = self.rng.sample(
            list(subject.dimensions), min(len(subject.dimensions), self.rng.choice([0, 1, 1, 2, 2]))
        )
        parts += [("del", each.key) for each in split] or [("del", "ingen")]
        if split:
            kinds.append("split two ways" if len(split) == 2 else "split once")
        if self.rng.random() < 0.35:
            chosen = self.rng.choice([each for each in subject.dimensions if each.key != "under"])
            parts += [(chosen.key, value) for value in some_values(chosen, self.rng)]
            kinds.append("narrowed")
        if self.rng.random() < 0.3:
            parts.append(("ifjor", "1"))
            kinds.append("with the year before")
        return login, reader, PAGE + "?" + urllib.parse.urlencode(parts), kinds


def narrow(*, on):
    """Leaders two or more levels up see serious cases only, or all."""
    MunicipalitySettings.objects.update_or_create(
        municipality=Unit.objects.get(depth=0), defaults={"narrow_upper_sight": on}
    )


def asked(served, login, reader, path, kinds, times):
    who = TOP if login == NARROWED else login
    rounds = []
    grew = -served.rss()
    for _ in range(times):
        before, begun = served.cpu(), time.perf_counter()
        status, body = served.get(who, path)
        ms = (time.perf_counter() - begun) * 1e3
        spent = [(after - was) * 1e3 for after, was in zip(served.cpu(), before, strict=True)]
        rounds.append((ms, *spent))
        if status != 200:
            raise SystemExit(f"{reader} {path} answered {status}: {body[:400]!r}")
    grew += served.rss()
    ms, worker, database = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {
        "path": path, "reader": reader, "kinds": [reader, *kinds], "ms": ms, "worker_ms": worker, "db_ms": database,
        "grew_mb": grew / 1e6, "kb": len(body) / 1e3,
    }  # fmt: skip


def summed(rows):
    """By kind: how many, the median, 95 in 100, and the worst."""
    found = {}
    for kind in ["all", *dict.fromkeys(kind for row in rows for kind in row["kinds"])]:
        its = sorted((row for row in rows if kind in ("all", *row["kinds"])), key=lambda row: row["ms"])
        ms = [row["ms"] for row in its]
        found[kind] = {
            "n": len(ms),
            "median": statistics.median(ms),
            "p95": ms[min(len(ms) - 1, round(0.95 * len(ms)))],
            "worst": ms[-1],
            "cpu": statistics.median(row["worker_ms"] + row["db_ms"] for row in its),
            "worst_cpu": max(row["worker_ms"] + row["db_ms"] for row in its),
            "path": its[-1]["path"],
            "reader": its[-1]["reader"],
        }
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--draw", type=int, default=150)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--no-pairs", action="store_true")
    options.add_argument("--again", help="an earlier run's file: only its twenty slowest")
    options.add_argument("--only", help="those with this in their address")
    options.add_argument("--port", type=int, default=8113)
    options.add_argument("--out")
    options = options.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("The bench measures PostgreSQL: set DATABASE_URL.")
    draw = Draw(random.Random(options.seed))
    if options.again:
        with open(options.again) as f:
            worst = sorted(json.load(f)["rows"], key=lambda row: -(row["worker_ms"] + row["db_ms"]))[:20]
        questions = [(READERS[row["reader"]], row["reader"], row["path"], row["kinds"][1:]) for row in worst]
    else:
        questions = [(login, reader, PAGE, [FIRST]) for reader, login in READERS.items()]
        questions += [] if options.no_pairs else list(draw.pairs())
        questions += [draw.any() for _ in range(options.draw)]
    if options.only:
        questions = [each for each in questions if options.only in each[2]]
    questions.sort(key=lambda each: each[0] == NARROWED)
    rows, narrowed = [], False
    was = bool(MunicipalitySettings.objects.filter(narrow_upper_sight=True))
    with Served(options.port, workers=1) as served:
        try:
            narrow(on=False)
            for login in dict.fromkeys((TOP, LEADER, CONTACT, FIGURES_ONLY)):
                served.log_in(login, PASSWORD)
                served.get(login, PAGE)
            for login, reader, path, kinds in questions:
                if login == NARROWED and not narrowed:
                    narrow(on=True)
                    narrowed = True
                row = asked(served, login, reader, path, kinds, options.times)
                rows.append(row)
                print(
                    f"{row['ms']:7.0f} ms {row['worker_ms']:6.0f} + {row['db_ms']:6.0f} CPU"
                    f"{row['grew_mb']:7.1f} MB{row['kb']:8.0f} kB  {reader}: {path}",
                    flush=True,
                )
        finally:
            narrow(on=was)
    found = {"day": timezone.localdate().isoformat(), "load": os.getloadavg()[1], "rows": rows, "kinds": summed(rows)}
    if options.out:
        with open(options.out, "w") as f:
            json.dump(found, f, indent=1)
    for kind, each in found["kinds"].items():
        print(
            f"{kind:40}{each['n']:5}{each['median']:8.0f}{each['p95']:8.0f}{each['worst']:8.0f} ms"
            f"{each['cpu']:8.0f}{each['worst_cpu']:8.0f} CPU"
        )


if __name__ == "__main__":
    main()
