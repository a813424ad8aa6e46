"""Does a running report slow those who report?  python -m tests.bench.beside [--pairs 6] [--times 120] [--out FILE]

Sends reports one at a time, alone and beside somebody who asks for figures without a pause; by turns, so that a slow
minute of the machine falls on both. Two gunicorn workers, as in the rest of the bench, in a database that `load_volume`
has filled (DATABASE_URL). What is sent stays there.
"""

import argparse
import itertools
import json
import os
import re
import statistics
import threading
import time
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from kvalitetslosen.demo.volume import LEADER, PASSWORD, TOP  # noqa: E402
from kvalitetslosen.reports.registry import kinds  # noqa: E402
from tests.bench.served import Served  # noqa: E402

EXPLORED = (
    "om=avvik&per=maned&del=skade&fra=2021-12&til=2026-11",
    "om=avvik&per=alt&del=under&del=alvor&fra=2021-12&til=2026-11",
    "om=telling&per=uke&del=skift&fra=2021-12&til=2026-11",
    "om=avvik&mal=svar&per=maned&del=kategori&fra=2021-12&til=2026-11",
)


def reports():
    """What is asked for meanwhile: questions counted from rows, the overview, ready reports and a file of all cases."""
    yield from (f"/rapporter/utforsk/?{each}" for each in EXPLORED)
    yield "/rapporter/oversikt/"
    yield from (f"/rapporter/faste/{kind.name}/" for kind in kinds())


def send(served, times):
    """Milliseconds of each."""
    page = served.get(LEADER, "/meld/")[1].decode()
    unit = re.search(r'<select[^>]*name="unit".*?<option value="(\d+)"', page, re.DOTALL)
    spent = []
    for _ in range(times):
        fields = {
            "kind": "deviation", "unit": unit[1] if unit else "12", "happened": "now", "text": "Fall i trapp.",
            "key": str(uuid.uuid4()),
        }  # fmt: skip
        begun = time.perf_counter()
        status = served.post(LEADER, "/meld/", fields)
        spent.append((time.perf_counter() - begun) * 1e3)
        if status != 302:
            raise SystemExit(f"A report was answered {status}")
    return spent


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pairs", type=int, default=6)
    options.add_argument("--times", type=int, default=120)
    options.add_argument("--port", type=int, default=8115)
    options.add_argument("--out")
    options = options.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("The bench measures PostgreSQL: set DATABASE_URL.")
    alone, beside, asked = [], [], 0
    with Served(options.port, workers=2) as served:
        for login in (LEADER, TOP):
            served.log_in(login, PASSWORD)
        send(served, 10)
        for path in reports():
            served.get(TOP, path)
        for _ in range(options.pairs):
            alone.append(send(served, options.times))
            stop, count = threading.Event(), itertools.count()

            def ask(stop=stop, count=count):
                for path in itertools.cycle(reports()):
                    if stop.is_set():
                        return
                    served.get(TOP, path)
                    next(count)

            asking = threading.Thread(target=ask)
            asking.start()
            time.sleep(0.2)
            beside.append(send(served, options.times))
            stop.set()
            asking.join()
            asked += next(count)
    pairs = [(statistics.median(one), statistics.median(other)) for one, other in zip(alone, beside, strict=True)]
    found = {
        "day": timezone.localdate().isoformat(),
        "load": os.getloadavg()[1],
        "alone": statistics.median(itertools.chain(*alone)),
        "beside": statistics.median(itertools.chain(*beside)),
        "ratio": statistics.median(other / one for one, other in pairs),
        "pairs": pairs,
        "asked": asked,
    }
    print(
        f"alone {found['alone']:.1f} ms, beside {found['beside']:.1f} ms ({asked} reports meanwhile); "
        f"{found['ratio']:.2f} times as long, the median of {len(pairs)} pairs of {options.times}"
    )
    if options.out:
        with open(options.out, "w") as f:
            json.dump(found, f, indent=1)


if __name__ == "__main__":
    main()
