"""Measure web targets side by side and print each number as a ratio to the first target's.

    python measure.py [--seconds 5] [--rounds 3] [--out FILE] floor/target.json product.json [...]

A target is a JSON file (see README.md). Every page is measured on all targets in turn, round after round,
so that a slow minute of the machine falls on all of them. Loopback only; every load is bounded in time.
"""

import argparse
import gzip
import http.client
import json
import os
import re
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

import psutil
import psycopg

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("BENCH_PGPORT", "54329")
os.environ.setdefault("BENCH_DIR", os.path.join(tempfile.gettempdir(), "qms-bench"))
DSN = os.environ.get("BENCH_PG", f"postgresql://bench@127.0.0.1:{os.environ['BENCH_PGPORT']}")
STATEMENTS = """SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0),
  coalesce(sum(shared_blks_hit + shared_blks_read), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
  WHERE d.datname = %s AND query NOT LIKE '%%pg_stat_statements%%'"""


def quiet(patience):
    """Wait a while for the rest of the machine to be quiet; return how busy it was left (0 to 1)."""
    until = time.monotonic() + patience
    while True:
        busy = psutil.cpu_percent(0.5) / 100
        if busy < 0.1 or time.monotonic() > until:
            return busy


class Target:
    def __init__(self, path):
        spec = json.loads(os.path.expandvars(open(path).read()))
        self.__dict__.update(
            {"name": None, "start": None, "login": None, "pages": {}, "database": None, "env": {}} | spec
        )
        self.name = self.name or os.path.basename(path)
        self.dir = os.path.join(os.path.dirname(os.path.abspath(path)), spec.get("cwd", "."))
        self.parts = urllib.parse.urlsplit(self.url)
        assert self.parts.hostname in ("127.0.0.1", "localhost"), "loopback only"
        self.cookies, self.process, self.cold = {}, None, None

    # --- one request -----------------------------------------------------------------------------------------------
    def ask(self, path, fields=None, headers=(), raw=False):
        head = {"Cookie": self.cookie(), "Accept-Encoding": "gzip", "Host": self.parts.netloc, **dict(headers)}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            head |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": self.url + path,
                "X-CSRFToken": fields.get("csrfmiddlewaretoken", self.csrf()),
            }
        link = http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=300)
        link.request("POST" if body is not None else "GET", path, body, head)
        answer = link.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if raw:
            return answer
        data = answer.read()
        link.close()
        return answer.status, gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data

    def cookie(self):
        return "; ".join(f"{k}={v}" for k, v in self.cookies.items())

    def csrf(self):
        return next((v for k, v in self.cookies.items() if "csrf" in k.lower()), "")

    def form(self, path, fields):
        """The fields to post: the form's own hidden ones, then the target's."""
        html = self.ask(path)[1].decode()
        hidden = {}
        for tag in re.findall(r"<input[^>]*>", html):
            at = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
            if at.get("type") == "hidden" and "name" in at:
                hidden.setdefault(at["name"], at.get("value", ""))
        if "csrfmiddlewaretoken" not in hidden and self.csrf():
            hidden["csrfmiddlewaretoken"] = self.csrf()
        return hidden | fields

    # --- start, log in, stop ---------------------------------------------------------------------------------------
    def up(self):
        self.start_up()
        if self.login:
            status, _ = self.ask(self.login["path"], self.form(self.login["path"], self.login["fields"]))
            assert status == 302, f"{self.name}: log-in answered {status}"

    def start_up(self):
        if self.start:
            if self.taken():
                sys.exit(f"{self.name}: something else listens on {self.url}")
            begun = time.monotonic()
            self.process = subprocess.Popen(
                shlex.split(self.start),
                cwd=self.dir,
                env=os.environ | self.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            path = self.login["path"] if self.login else "/"
            while True:
                try:
                    if self.ask(path)[0] < 500:
                        break
                except OSError:
                    pass
                if time.monotonic() - begun > 120 or self.process.poll() is not None:
                    sys.exit(f"{self.name} did not start")
                time.sleep(0.01)
            self.cold = time.monotonic() - begun

    def taken(self):
        with socket.socket() as probe:
            return probe.connect_ex((self.parts.hostname, self.parts.port)) == 0

    def down(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def workers(self):
        """The processes that serve: those that hold the listening socket, less a master that only watches its children."""
        with open("/proc/net/tcp") as f:
            rows = [line.split() for line in f][1:]
        sockets = {f"socket:[{r[9]}]" for r in rows if r[3] == "0A" and int(r[1].split(":")[1], 16) == self.parts.port}
        found = []
        for p in psutil.process_iter():
            try:
                if any(os.readlink(f"/proc/{p.pid}/fd/{fd}") in sockets for fd in os.listdir(f"/proc/{p.pid}/fd")):
                    found.append(p)
            except OSError:
                pass
        parents = {p.ppid() for p in found}
        return [p for p in found if p.pid not in parents]

    @staticmethod
    def cpu(workers):
        return sum(sum(p.cpu_times()[:2]) for p in workers)

    def statements(self):
        if not self.database:
            return None
        with psycopg.connect(f"{DSN}/postgres", autocommit=True) as db:
            return [float(x) for x in db.execute(STATEMENTS, [self.database]).fetchone()]

    def count(self, sql):
        with psycopg.connect(f"{DSN}/{self.database}") as db:
            return db.execute(sql).fetchone()[0]

    # --- measurements ----------------------------------------------------------------------------------------------
    def look(self, page):
        """Weight, SQL, and that the page is the page: what does not depend on load."""
        path, fields = page["path"], page.get("fields")
        args = (path, self.fill(self.form(page.get("form", path), fields))) if fields is not None else (path,)
        answer, body = self.ask(*args)
        before, times, begun = self.statements(), 5, time.monotonic()
        for _ in range(times):
            answer, body = self.ask(path, self.fill(args[1])) if fields is not None else self.ask(path)
        after = self.statements()
        good = [200] if fields is None else [302, 200, 201]
        assert answer in good, f"{self.name} {path} answered {answer}: {body[:300]!r}"
        assert page.get("text", "").encode() in body, f"{self.name} {path}: {page['text']!r} is missing"
        row = {"html": len(body), "gz": len(gzip.compress(body, 6)), "one_s": (time.monotonic() - begun) / times}
        if before:
            row |= dict(zip(("sql", "db_ms", "blocks"), ((b - a) / times for a, b in zip(before, after))))
        return row

    @staticmethod
    def fill(fields):
        return {
            k: v.replace("{n}", str(time.time_ns())).replace("{uuid}", str(uuid.uuid4())) for k, v in fields.items()
        }

    def drain(self, workers, patience=90):
        """Wait until what the load left in the queue is done, so that the next target has the machine to itself."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            cpu = self.cpu(workers)
            time.sleep(0.2)
            if self.cpu(workers) - cpu < 0.02 and not (
                self.database
                and self.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"
                )
            ):
                return

    def load(self, page, clients, seconds):
        args = [self.cookie()]
        if (fields := page.get("fields")) is not None:
            fields = self.form(page.get("form", page["path"]), fields)
            body = urllib.parse.urlencode(fields).replace("%7Bn%7D", "{n}").replace("%7Buuid%7D", "{uuid}")
            args = [self.cookie(), body, fields.get("csrfmiddlewaretoken", "")]
        before = self.count(page["count"]) if "count" in page else 0
        workers = self.workers()
        busy, cpu = quiet(PATIENCE), self.cpu(workers)
        out = subprocess.run(
            [
                "wrk",
                "-t1",
                f"-c{clients}",
                f"-d{seconds}s",
                "--timeout",
                "60s",
                "-s",
                f"{HERE}/wrk.lua",
                self.url + page["path"],
                "--",
                *args,
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        row = json.loads(re.search(r"JSON (.*)", out)[1])
        spent = self.cpu(workers) - cpu
        self.drain(workers)
        if not row["n"]:
            return row | {"p50": seconds * 1e3, "p95": seconds * 1e3}
        row["cpu_ms"] = spent / row["n"] * 1e3
        row["busy"] = busy
        if "count" in page:  # every answer must have left its row behind
            made = self.count(page["count"]) - before
            assert made >= row["n"], f"{self.name}: {row['n']} posts answered, {made} rows made"
        return row

    def export(self, page):
        workers = self.workers()
        rss, peak, stop = max(p.memory_info().rss for p in workers), [0], threading.Event()

        def watch():
            while not stop.wait(0.02):
                peak[0] = max(peak[0], *(p.memory_info().rss for p in workers))

        watcher = threading.Thread(target=watch)
        watcher.start()
        begun, lines, size, first = time.monotonic(), 0, 0, None
        answer = self.ask(page["path"], raw=True, headers={"Accept-Encoding": "identity"})
        while chunk := answer.read1(1 << 16):
            first = first or time.monotonic() - begun
            lines, size = lines + chunk.count(b"\n"), size + len(chunk)
        took = time.monotonic() - begun
        stop.set()
        watcher.join()
        assert answer.status == 200
        return {
            "s": took,
            "first_s": first,
            "rows": lines,
            "mb": size / 1e6,
            "rows_s": lines / took,
            "peak_mb": peak[0] / 1e6,
            "grew_mb": (peak[0] - rss) / 1e6,
        }


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def short(x):
    return "" if x is None else f"{x:.0f}" if abs(x) >= 100 else f"{x:.3g}"


def versus(x, ratio):
    return f"{short(x)} ({short(ratio)}x)" if x is not None and ratio else short(x)


def against(x, floor):
    return versus(x, x / floor if x is not None and floor and x is not floor else None)


def about(args):
    """What is written beside the numbers."""
    with open("/proc/cpuinfo") as f:
        cpu = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "an unknown processor")
    with psycopg.connect(f"{DSN}/postgres") as db:
        postgresql = db.execute("SHOW server_version").fetchone()[0].split()[0]
    return {
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{os.cpu_count()} × {cpu}",
        "software": f"PostgreSQL {postgresql}, Python {sys.version.split()[0]}, gunicorn with two workers",
        "how": f"one client unless said, medians of {args.rounds} rounds of {args.seconds} s",
    }


def main():
    args = argparse.ArgumentParser()
    args.add_argument("targets", nargs="+")
    args.add_argument("--seconds", type=int, default=5)
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    args.add_argument("--pages", nargs="*", help="only these")
    args.add_argument("--starts", type=int, default=3, help="how often each target is started; the median counts")
    args.add_argument(
        "--patience", type=float, default=15, help="seconds to wait for a quiet machine before each load"
    )
    args.add_argument("--out", help="also write the numbers there, as JSON")
    args = args.parse_args()
    global PATIENCE
    PATIENCE = args.patience
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit("stopped"))
    os.nice(int(os.environ.get("BENCH_NICE", 0)))
    targets = [Target(t) for t in args.targets]
    pages = list(dict.fromkeys(p for t in targets for p in t.pages if not args.pages or p in args.pages))
    result = {t.name: {"pages": {}} for t in targets}
    try:
        colds = {t.name: [] for t in targets}
        for n in range(args.starts):
            for t in targets:  # in turn, and each alone
                t.start_up()
                colds[t.name].append(t.cold)
                t.down()
        for t in targets:
            t.up()
            known = [cold for cold in colds[t.name] if cold is not None]
            result[t.name]["cold_s"] = statistics.median(known) if known else None
        for name in pages:
            having = [t for t in targets if name in t.pages]
            if name.startswith("export"):
                for t in having:
                    runs = [t.export(t.pages[name]) for _ in range(min(2, args.rounds))]
                    result[t.name]["pages"][name] = min(runs, key=lambda r: r["s"])
                continue
            loads = {(t.name, c): [] for t in having for c in args.clients}
            for t in having:
                result[t.name]["pages"][name] = t.look(t.pages[name])
            for _ in range(args.rounds):
                having.reverse()
                for c in args.clients:
                    for t in having:
                        one = result[t.name]["pages"][name]["one_s"]  # a slow page gets time for six answers
                        loads[t.name, c].append(t.load(t.pages[name], c, min(60, max(args.seconds, round(6 * one)))))
            for (who, c), runs in loads.items():
                row = {k: statistics.median(r[k] for r in runs if k in r) for k in runs[0]}
                if (
                    base := loads.get((targets[0].name, c))
                ) and base is not runs:  # round by round: the machine's speed drifts
                    row["ratio"] = {
                        k: statistics.median(r[k] / b[k] for r, b in zip(runs, base) if r.get(k) and b.get(k))
                        for k in ("p50", "p95", "rps", "cpu_ms")
                        if any(r.get(k) and b.get(k) for r, b in zip(runs, base))
                    }
                result[who]["pages"][name][f"c{c}"] = row
                print(who, name, f"c{c}", row, file=sys.stderr)
        for t in targets:
            info = [p.memory_full_info() for p in t.workers()]
            result[t.name] |= {
                "workers": len(info),
                "rss_mb": max(i.rss for i in info) / 1e6,
                "pss_mb": max(i.pss for i in info) / 1e6,
            }
    finally:
        for t in targets:
            t.down()
    if args.out:
        with open(args.out, "w") as f:
            json.dump(result | {"about": about(args)}, f, indent=1)
    floor = result[targets[0].name]
    print(
        f"\nIn brackets: times {targets[0].name}, the median of the rounds' ratios. Latency in ms, medians of {args.rounds} rounds of {args.seconds} s.\n"
    )
    rows, exports = [], []
    for name in pages:
        for t in targets:
            if (page := result[t.name]["pages"].get(name)) is None:
                continue
            base = floor["pages"].get(name, {})
            if "rows_s" in page:
                exports.append(
                    [
                        name,
                        t.name,
                        *(against(page[k], base.get(k)) for k in ("s", "first_s")),
                        page["rows"],
                        short(page["mb"]),
                        against(page["rows_s"], base.get("rows_s")),
                        short(page["peak_mb"]),
                        short(page["grew_mb"]),
                    ]
                )
                continue
            runs = [page[f"c{n}"] for n in args.clients]
            cells = [versus(r.get(k), r.get("ratio", {}).get(k)) for r in runs for k in ("p50", "p95")]
            cells += [versus(runs[-1].get(k), runs[-1].get("ratio", {}).get(k)) for k in ("rps", "cpu_ms")]
            rows.append(
                [
                    name,
                    t.name,
                    *cells,
                    *(short(page.get(k)) for k in ("sql", "db_ms", "blocks")),
                    short(page["html"] / 1e3),
                    against(page["gz"] / 1e3, base["gz"] / 1e3 if base and base is not page else None),
                    short(runs[-1]["errors"]),
                ]
            )
    print(
        table(
            [
                "page",
                "target",
                *(f"{k} c={c}" for c in args.clients for k in ("p50", "p95")),
                f"req/s c={args.clients[-1]}",
                "CPU ms/req",
                "SQL",
                "DB ms",
                "DB blocks",
                "kB",
                "kB gz",
                "errors",
            ],
            rows,
        )
    )
    if exports:
        print(
            table(
                ["export", "target", "seconds", "first byte s", "rows", "MB", "rows/s", "peak RSS MB", "grew MB"],
                exports,
            )
        )
    print(
        table(
            ["target", "cold start s", "workers", "RSS MB/worker", "PSS MB/worker"],
            [
                [
                    n,
                    against(r["cold_s"], floor["cold_s"]),
                    r["workers"],
                    against(r["rss_mb"], floor["rss_mb"]),
                    against(r["pss_mb"], floor["pss_mb"]),
                ]
                for n, r in result.items()
            ],
        )
    )


if __name__ == "__main__":
    main()
