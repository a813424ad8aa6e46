"""The database alone: what each page's SQL costs with no web server, no Django and no template around it.

python raw.py [seconds]         prints a Markdown table: p50 and p95 in ms over one connection, and rates
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import psycopg

DSN = os.environ.get("BENCH_DSN", f"postgresql://bench@127.0.0.1:{os.environ.get('BENCH_PGPORT', 54329)}/floor")
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 3
os.nice(int(os.environ.get("BENCH_NICE", 0)))

LIST = """SELECT r.id, r.title, u.name, c.name, severity, status, created_at, due FROM report r
  JOIN node u ON u.id = unit_id JOIN category c ON c.id = category_id WHERE {} ORDER BY created_at DESC, r.id DESC LIMIT 25"""
UNITS = list(range(112, 122))
VISIBLE = [1, 2] + list(range(12, 22))
MONTHS = "SELECT date_trunc('month', created_at), category_id, count(*) FROM report WHERE {} GROUP BY 1, 2"
FOUND = """SELECT id, title, ts_rank(tsv, q) r FROM document, websearch_to_tsquery('norwegian', %s) q
  WHERE tsv @@ q AND node_id = ANY(%s) ORDER BY r DESC, id LIMIT 20"""
HEADLINE = """SELECT id, title, ts_headline('norwegian', body, q) FROM (SELECT id, title, body, q, ts_rank(tsv, q) r
  FROM document, websearch_to_tsquery('norwegian', %s) q WHERE tsv @@ q AND node_id = ANY(%s) ORDER BY r DESC, id LIMIT 20) x"""
QUERIES = {
    "inbox: 25 open, one department": (LIST.format("dept_id = 12 AND status < 3"), []),
    "inbox: 25 open, subtree as a list of its 10 teams": (LIST.format("unit_id = ANY(%s) AND status < 3"), [UNITS]),
    "inbox: how many open in the department": ("SELECT count(*) FROM report WHERE dept_id = 12 AND status < 3", []),
    "filtered: 25 of one category": (LIST.format("dept_id = 12 AND category_id = 3"), []),
    "filtered: how many of one category": ("SELECT count(*) FROM report WHERE dept_id = 12 AND category_id = 3", []),
    "deep: by keyset": (LIST.format("division_id = 2 AND created_at <= '2024-05-01'"), []),
    "deep: the same place by OFFSET": (LIST.format("division_id = 2") + " OFFSET 150000", []),
    "detail": ("SELECT * FROM report WHERE id = %s", [5_000]),
    "stats: rollup, two years, division": (
        "SELECT month, category_id, n FROM stat_month WHERE node_id = 2 AND month >= '2024-11-01'",
        [],
    ),
    "stats: counted from rows, department (100 k rows)": (MONTHS.format("dept_id = 12"), []),
    "stats: counted from rows, division (316 k rows)": (MONTHS.format("division_id = 2"), []),
    "stats: counted from rows, everything (1 M rows)": (MONTHS.format("true"), []),
    "search: rare word (0.2 % of documents)": (FOUND, ["høyrekvinnen", VISIBLE]),
    "search: usual word (2 %)": (FOUND, ["oppsporede", VISIBLE]),
    "search: usual word, with extracts": (HEADLINE, ["oppsporede", VISIBLE]),
    "search: common word (20 %)": (FOUND, ["drivveder", VISIBLE]),
    "search: common word, with extracts": (HEADLINE, ["drivveder", VISIBLE]),
    "search: two words": (FOUND, ["drivveder oppsporede", VISIBLE]),
}


def timed(work):
    work()
    times, until = [], time.perf_counter() + SECONDS
    while len(times) < 3 or time.perf_counter() < until:
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], len(times) / sum(times) * 1e3


def pgbench(script, clients):
    """The same with pgbench as the client, which costs next to nothing: transactions per second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as f:
        f.write(script)
        f.flush()
        out = subprocess.run(
            [
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                str(clients),
                "-j1",
                "-T",
                str(max(1, round(SECONDS))),
                "-f",
                f.name,
                DSN,
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return float(out.split("tps = ")[1].split()[0])


SUBMIT = """BEGIN;
INSERT INTO report (unit_id, dept_id, division_id, category_id, severity, status, created_at, reporter_id, title, body)
VALUES (1111, 111, 11, 3, 2, 0, now(), 1, 'Fall i trapp', 'Pasienten falt i trappen ved inngangen.') RETURNING id \\gset
INSERT INTO audit (report_id, user_id, action) VALUES (:id, 1, 'created');
COMMIT;"""

print(
    "| SQL alone | p50 ms | p95 ms | per s, 1 client | per s, pgbench, 1 and 8 clients |\n| --- | --- | --- | --- | --- |"
)
with psycopg.connect(DSN, autocommit=True) as db:
    for name, (sql, args) in QUERIES.items():
        p50, p95, rate = timed(lambda: db.execute(sql, args).fetchall())
        bench = ""
        if name == "inbox: 25 open, one department":
            bench = "{:.0f}, {:.0f}".format(*(pgbench(sql + ";", c) for c in (1, 8)))
        print(f"| {name} | {p50:.3g} | {p95:.3g} | {rate:.0f} | {bench} |", flush=True)

    def submit():
        with db.transaction():
            made = db.execute(
                "INSERT INTO report (unit_id, dept_id, division_id, category_id, severity, status, created_at, reporter_id, title, body)"
                " VALUES (1111, 111, 11, 3, 2, 0, now(), 1, %s, %s) RETURNING id",
                ["Fall i trapp", "Pasienten falt i trappen ved inngangen."],
            ).fetchone()[0]
            db.execute("INSERT INTO audit (report_id, user_id, action) VALUES (%s, 1, 'created')", [made])

    p50, p95, rate = timed(submit)
    print(
        "| submit: report + audit, one transaction | {:.3g} | {:.3g} | {:.0f} | {:.0f}, {:.0f} |".format(
            p50, p95, rate, *(pgbench(SUBMIT, c) for c in (1, 8))
        )
    )

    begun, size = time.perf_counter(), 0
    with db.cursor().copy("""COPY (SELECT r.*, u.name unit, c.name category FROM report r JOIN node u ON u.id = unit_id
                             JOIN category c ON c.id = category_id WHERE division_id = 2 ORDER BY created_at DESC LIMIT 100000)
                             TO STDOUT (FORMAT csv, HEADER)""") as copy:
        for chunk in copy:
            size += len(chunk)
    took = time.perf_counter() - begun
    print(
        f"| export: COPY of 100 k rows to CSV, {size / 1e6:.0f} MB | {took * 1e3:.0f} | | {1e5 / took:.0f} rows/s | |"
    )
print(f"\nPeak RSS of this client: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
