"""What is taken home of a million cases, and what a worker grows by:  python -m tests.bench.taken_home [--only WORD …]

Every file of figures and of lists, every table of the reporting API and every ready report, as the leader of everything
takes them, through one gunicorn worker that is started anew for each. In a database that `load_volume` has filled
(DATABASE_URL); a token to read with is made in it.
"""

import argparse
import datetime
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from kvalitetslosen.demo.volume import PASSWORD, TOP  # noqa: E402
from kvalitetslosen.open_figures import actions, registry  # noqa: E402
from kvalitetslosen.organisation.models import User  # noqa: E402
from kvalitetslosen.reports.registry import kinds  # noqa: E402
from tests.bench.served import Served  # noqa: E402

WIDE = "om=avvik&fra=2022-01&til=2026-11&per=uke&del=kategori&del=alvor"


def files():
    """Path, what it is called, and whether it is read with a token."""
    yield "/rapporter/saker.csv?visning=omrade&status=alle", "cases, CSV", False
    yield "/rapporter/saker.xlsx?visning=omrade&status=alle", "cases, spreadsheet (20,000)", False
    yield "/rapporter/tall.csv?fra=2024-12&til=2026-11", "report page, CSV", False
    yield "/rapporter/tall.xlsx?fra=2024-12&til=2026-11", "report page, spreadsheet (20,000 cases)", False
    yield f"/rapporter/utforsk.csv?{WIDE}", "explorer, a wide answer, CSV", False
    yield f"/rapporter/utforsk.xlsx?{WIDE}", "explorer, a wide answer, spreadsheet", False
    for kind in kinds():
        yield f"/rapporter/faste/{kind.name}/", f"ready report {kind.name}", False
        yield f"/rapporter/faste/{kind.name}/regneark/", f"ready report {kind.name}, spreadsheet", False
        yield f"/rapporter/faste/{kind.name}/pdf/", f"ready report {kind.name}, PDF", False
    yield f"/api/tall/v1/answer?{WIDE}", "API, a wide answer", True
    yield f"/api/tall/v1/answer.csv?{WIDE}", "API, a wide answer, CSV", True
    for table in registry.tables():
        for form in ("csv", "jsonl", "json") if table.key == "fact_deviation" else ("csv",):
            yield f"/api/tall/v1/tables/{table.key}.{form}", f"API, {table.key}, {form}", True


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--only", nargs="*", help="those with one of these words in their name")
    options.add_argument("--port", type=int, default=8114)
    options.add_argument("--out")
    options = options.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("The bench measures PostgreSQL: set DATABASE_URL.")
    top = User.objects.get(email=TOP)
    until = timezone.localdate() + datetime.timedelta(days=2)
    _row, token = actions.make_token(name="bench", by=top, expires_on=until)
    bearer = {"Authorization": f"Bearer {token}"}
    rows = []
    for path, name, by_token in files():
        if options.only and not any(word in name for word in options.only):
            continue
        with Served(options.port) as served:
            served.log_in(TOP, PASSWORD)
            served.get(TOP, "/rapporter/utforsk/")  # what a worker loads with its first page
            before = served.cpu()
            found = served.taken("" if by_token else TOP, path, bearer if by_token else None)
            worker, database = (after - was for after, was in zip(served.cpu(), before, strict=True))
        rows.append({"name": name, "path": path, **found, "worker_s": worker, "db_s": database})
        print(
            f"{found['status']}{found['mb']:9.2f} MB{found['first_s']:7.2f} s{found['s']:8.1f} s"
            f"{worker:7.1f} + {database:5.1f} CPU, grew{found['grew_mb']:7.1f} MB  {name}",
            flush=True,
        )
    if options.out:
        with open(options.out, "w") as f:
            json.dump({"day": timezone.localdate().isoformat(), "rows": rows}, f, indent=1)


if __name__ == "__main__":
    main()
