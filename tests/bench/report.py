"""The tables people read, made of measure.py's numbers:  python report.py RESULTS [--intake FILE …] [--write]

`--write` puts them between the marks in README.md (the short one) and docs/speed.md (all of it).
"""

import argparse
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LARGE, MIDDLE, SMALL, FLOOR = "product", "product_100000", "product_1000", "floor"
# page: what it is called, times the floor that is aimed at and that is the limit, and the most queries it may take.
PAGES = {
    "inbox": ("list of open cases", 2, 3, 8),
    "filtered": ("list, one category", 2, 3, 10),
    "detail": ("case", 3, 3.6, 12),
    "form": ("report form", 4, 7, None),
    "submit": ("send a report", 2, 3, 10),
    "handle": ("assess a case", 2, 3, 10),
    "stats": ("report page, two years", 2.5, 4, None),
    "search": ("search, word in 2 % of the documents", 1.5, 2.5, None),
    "search_common": ("search, word in 20 %", 1.3, 2, None),
}
# Pages of the handbook and of figures, by their milliseconds: what they are called, and what is aimed at.
BY_TIME = {
    "search": ("search, word in 2 % of the documents", 50),
    "search_common": ("search, word in 20 %", 50),
    "search_misspelt": ("search, a misspelt word", 100),
    "suggest": ("titles suggested as one writes", 50),
    "handbook": ("first page", 100),
    "tree": ("tree by unit", 100),
    "tree_subjects": ("tree by subject", 100),
    "document": ("document", 50),
    "to_read": ("what I am to read", 50),
    "readings": ("what my people are to read (2,011)", 250),
    "coverage": ("what is covered by which document", 150),
    "explore": ("explorer of figures, its first answer", 300),
    "explore_rows": ("explorer, split two ways and narrowed", 1000),
    "explore_days": ("explorer, limits kept, by week and unit", 1000),
    "explore_ticks": ("explorer, ticks by week and shift", 1000),
    "explore_years": ("explorer, five years of months, split two ways", 1000),
    "explore_median": ("explorer, five years of medians by category", 1000),
    "explore_tick_years": ("explorer, five years of ticks by week and shift", 1000),
    "explore_list": ("the list behind a number", 1000),
    "overview": ("what has changed, in sentences", 1000),
    "ready_report": ("a ready report: the unit’s year", 1000),
}
FIRST_ANSWER, ANY_ANSWER = 300, 1000  # ms
GROWN = 20  # MB
BESIDE = 1.2  # times
HEAVIEST = 10  # kB, compressed
GROWTH = 1.2  # times, from 1,000 cases to 1,000,000
GROWTH_OF_FIGURES = 1.1  # the report page's, from 100,000


def number(x):
    return "–" if x is None else f"{x:,.0f}" if x >= 100 else f"{x:.3g}" if x < 10 else f"{x:.1f}"


def judged(x, aim, limit=None):
    """The number, in bold above its limit, in italics between the aim and the limit."""
    if x is None:
        return "–"
    # As it is shown: 2.04 is not above 2.0 to those who read «2.0».
    shown = round(x, 2 if x < 1.5 else 1)
    text = f"{shown:.2f}" if x < 1.5 else f"{shown:.1f}"
    return f"**{text}**" if shown > (limit or aim) else f"_{text}_" if shown > aim else text


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


class Results:
    def __init__(self, path):
        with open(path) as f:
            self.all = json.load(f)
        self.about = self.all.pop("about", {})

    def page(self, target, name):
        return self.all.get(target, {}).get("pages", {}).get(name, {})

    def load(self, target, name, clients=1):
        return self.page(target, name).get(f"c{clients}", {})

    def times_floor(self, name, what="p50", clients=1):
        return self.load(LARGE, name, clients).get("ratio", {}).get(what)

    def times(self, what, name, target, other, other_name=None):
        here, there = self.load(target, name).get(what), self.load(other, other_name or name).get(what)
        return here / there if here and there else None

    def of_floor(self, what):
        here, there = (self.all.get(each, {}).get(what) for each in (LARGE, FLOOR))
        return here / there if here and there else None


def aimed(aim, limit):
    return f"{aim} ({limit})"


def asked(r, name):
    """How many queries a page takes. A worker's first one with its connection may be among the five looked at."""
    sql, most = r.page(LARGE, name).get("sql"), PAGES[name][3]
    return "–" if sql is None else f"**{sql:.0f}**" if most and round(sql) > most else f"{sql:.0f}"


def short(r):
    rows = []
    for name, (words, aim, limit, _queries) in PAGES.items():
        if not r.load(LARGE, name):
            continue
        rows.append(
            [
                words,
                number(r.load(LARGE, name)["p50"]),
                judged(r.times_floor(name), aim, limit),
                aimed(aim, limit),
                asked(r, name),
            ]
        )
    return table(["page", "ms", "times the floor", "aim (limit)", "queries"], rows)


def pages(r):
    rows = []
    for name, (words, aim, limit, queries) in PAGES.items():
        one, look = r.load(LARGE, name), r.page(LARGE, name)
        if not one:
            continue
        sql = asked(r, name) + (f" (of {queries})" if queries else "")
        rows.append(
            [
                words,
                number(one["p50"]),
                number(r.load(FLOOR, name).get("p50")),
                judged(r.times_floor(name), aim, limit),
                aimed(aim, limit),
                number(one.get("cpu_ms")),
                number(r.times_floor(name, "cpu_ms")),
                sql,
                number(r.load(LARGE, name, 8).get("rps")),
                number(r.times_floor(name, "rps", 8)),
                judged(look["gz"] / 1e3, HEAVIEST) if look["gz"] > 100 else "–",  # a redirect weighs nothing
                judged(r.times("p50", name, LARGE, SMALL), GROWTH),
            ]
        )
    head = ["page", "ms", "floor, ms", "times the floor", "aim (limit)", "CPU ms", "CPU, times the floor", "queries"]
    head += ["requests a second, 8 clients", "times the floor", "kB compressed", "times the same at 1,000 cases"]
    return table(head, rows)


def rest(r):
    rows = [
        [
            "a page in the middle of a list, times its first page",
            judged(r.times("p50", "deep", LARGE, LARGE, "first"), 1.2, 1.5),
            aimed(1.2, 1.5),
        ],
        [
            "report page, times the same at 100,000 cases",
            judged(r.times("p50", "stats", LARGE, MIDDLE), GROWTH_OF_FIGURES),
            f"{GROWTH_OF_FIGURES}",
        ],
        ["memory a worker, times the floor", judged(r.of_floor("rss_mb"), 1.8, 2), aimed(1.8, 2)],
        ["start, times the floor", judged(r.of_floor("cold_s"), 3, 5), aimed(3, 5)],
    ]
    export, floor = r.page(LARGE, "export"), r.page(FLOOR, "export")
    if export and floor:
        rows += [
            [
                f"export of {export['rows'] - 1:,} cases, times the floor's {number(floor['s'])} s",
                judged(export["s"] / floor["s"], 4, 8),
                aimed(4, 8),
            ],
            ["its first byte, seconds", judged(export["first_s"], 0.5), "0.5"],
            ["what a worker grows by meanwhile, MB", judged(export["grew_mb"], 20), "20"],
        ]
    return table(["besides", "measured", "aim (limit)"], rows)


def by_time(r):
    rows = []
    for name, (words, aim) in BY_TIME.items():
        one, look = r.load(LARGE, name), r.page(LARGE, name)
        if one:
            shown = number(one["p50"])
            rows.append(
                [
                    words,
                    f"**{shown}**" if one["p50"] > aim else shown,
                    str(aim),
                    number(one.get("cpu_ms")),
                    number(look.get("sql")),
                    number(look.get("db_ms")),
                    judged(look["gz"] / 1e3, HEAVIEST),
                ]
            )
    head = [
        "handbook of 50,000 documents, figures of 1,000,000 cases",
        "ms",
        "aim",
        "CPU ms",
        "queries",
        "ms in the database",
        "kB compressed",
    ]
    return table(head, rows) if rows else ""


def taken_in(path):
    """What it costs to take in many Word files; nothing where it wasn't measured."""
    if not path or not os.path.exists(path):
        return ""
    with open(path) as f:
        it = json.load(f)
    head = [
        f"{it['files']} Word files ({it['mb']:.0f} MB), {it['day']}, load {it['load']:.1f}",
        "CPU ms each",
        "a second",
    ]
    rows = [
        ["read, cleaned and guessed", number(it["read_cpu_ms"]), number(it["files"] / it["read_s"])],
        ["taken in, in force and findable", number(it["taken_cpu_ms"]), number(it["files"] / it["taken_s"])],
    ]
    return f"{table(head, rows)}\nWorker and reader together held {it['peak_mb']:.0f} MB at most.\n"


def read(path):
    """What another script measured; nothing where it didn't."""
    if not path or not os.path.exists(path):
        return None
    with open(path) as f:
        return json.load(f)


def asked_at_random(path):
    """The explorer's questions, kind by kind."""
    it = read(path)
    if it is None:
        return ""
    rows = []
    for kind, each in it["kinds"].items():
        aim = FIRST_ANSWER if kind == "the first answer" else ANY_ANSWER
        told = [f"**{number(each[name])}**" if each[name] > aim else number(each[name]) for name in ("median", "p95")]
        rows.append([kind, str(each["n"]), *told, number(each["worst"]), str(aim), number(each["cpu"])])
    head = [f"questions drawn, {it['day']}, load {it['load']:.1f}", "asked", "median, ms", "95 in 100", "the worst"]
    return table([*head, "aim", "CPU ms, worker and database"], rows)


def taken_home(path):
    it = read(path)
    if it is None:
        return ""
    rows = [
        [
            each["name"],
            number(each["mb"]),
            number(each["first_s"]),
            number(each["s"]),
            judged(each["grew_mb"], GROWN),
        ]
        for each in it["rows"]
    ]
    return table(
        [f"taken home, {it['day']}", "MB", "first byte, s", "all, s", f"the worker grew by, MB (of {GROWN})"], rows
    )


def beside(path):
    it = read(path)
    if it is None:
        return ""
    return (
        f"Sending a report took {it['alone']:.1f} ms alone and {it['beside']:.1f} ms beside {it['asked']} reports asked "
        f"for without a pause: {judged(it['ratio'], BESIDE)} times as long, the median of {len(it['pairs'])} pairs "
        f"({it['day']}, load {it['load']:.1f}; aim {BESIDE}).\n"
    )


def whole(r, options):
    said = "; ".join(r.about.get(key, "") for key in ("day", "machine", "software", "how") if r.about.get(key))
    parts = (by_time(r), asked_at_random(options.questions), taken_home(options.taken), beside(options.beside))
    more = "".join(f"{part}\n" for part in (*parts, taken_in(options.intake)) if part)
    return f"{said}.\n\n{pages(r)}\n{rest(r)}\n{more}In _italics_: above the aim. In **bold**: above the limit.\n"


def put(path, text):
    with open(path) as f:
        old = f.read()
    new, n = re.subn(
        r"(<!-- bench: .*? -->\n).*?(<!-- bench: end -->)", lambda m: f"{m[1]}\n{text}\n{m[2]}", old, flags=re.S
    )
    if n != 1:
        sys.exit(f"{path} has no place for the table: put it between the two marks.")
    with open(path, "w") as f:
        f.write(new)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("results")
    for each in ("intake", "questions", "taken", "beside"):
        options.add_argument(f"--{each}", default="")
    options.add_argument("--write", action="store_true")
    options = options.parse_args()
    r = Results(options.results)
    print(whole(r, options))
    if options.write:
        day = r.about.get("day", "")
        put(os.path.join(ROOT, "README.md"), f"{short(r)}\nMeasured {day}; more in [docs/speed.md](docs/speed.md).\n")
        put(os.path.join(ROOT, "docs", "speed.md"), whole(r, options))
        print("Written into README.md and docs/speed.md.")


if __name__ == "__main__":
    main()
