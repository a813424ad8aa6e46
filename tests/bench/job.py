"""The main job as people do it, request by request: filing a report, then receiving and closing it.

    python tests/bench/job.py http://127.0.0.1:8000 REPORTER LEADER PASSWORD [TIMES]

Both walk the pages a browser asks for, tap by tap, as tests/journeys/test_from_report_to_answer.py counts them. The
reporter's unit must be one that LEADER has the cases of. What it writes stays: use a database to throw away.
"""

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.parse
import urllib.request
import uuid

TEXT, OUTCOME = "Fall i trapp.", "Rekkverket er festet. Takk for at du meldte."


class Browser:
    def __init__(self, url, login, password):
        self.url, self.page, self.at = url, "", ""
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )
        self.get("/konto/login/")
        self.post("/konto/login/", login=login, password=password)
        assert "/konto/login/" not in self.at, f"{login} could not log in"

    def get(self, path):
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path, **fields):
        hidden = {name: found[1] for name in ("csrfmiddlewaretoken", "key", "seen") if (found := self._field(name))}
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        return self._ask(urllib.request.Request(self.url + path, data, {"Referer": self.url + path}))

    def _ask(self, request):
        begun = time.perf_counter()
        with self.opener.open(request) as answer:
            self.page, self.at = answer.read().decode(), answer.url
        return (time.perf_counter() - begun) * 1e3

    def _field(self, name):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.page)
        return tag and re.search(r'value="([^"]*)"', tag[0])


def file(reporter):
    """Three taps besides the words: Report, what kind, Send."""
    spent = [("file: the form", reporter.get("/meld/"))]
    unit = re.search(r'<select[^>]*name="unit".*?<option value="(\d+)"[^>]*selected', reporter.page, re.DOTALL)
    fields = {"kind": "deviation", "happened": "now", "text": TEXT, "key": str(uuid.uuid4())}
    spent.append(("file: send, and the receipt", reporter.post("/meld/", unit=unit[1] if unit else "", **fields)))
    found = re.search(r"/avvik/([^/]+)/takk/", reporter.at)
    assert found, f"no receipt but {reporter.at}"
    return found[1], spent


def close(leader, reference):
    """Three taps besides the words: the case, Receive and close, the same button under the answer."""
    case = f"/avvik/{reference}/"
    spent = [("handle: the morning page", leader.get("/")), ("handle: the case", leader.get(case))]
    step = f"{case}steg/receive_and_close/"
    spent.append(("handle: the answer to write", leader.get(step)))
    spent.append(("handle: close, and the case", leader.post(step, outcome=OUTCOME)))
    assert OUTCOME in leader.page, f"{reference} was not closed"
    return spent


def main():
    url, who, whose, password, times = (*sys.argv[1:5], int(sys.argv[5]) if len(sys.argv) > 5 else 20)
    reporter, leader = Browser(url, who, password), Browser(url, whose, password)
    spent = {}
    for _ in range(times):
        reference, filing = file(reporter)
        for name, ms in (*filing, *close(leader, reference)):
            spent.setdefault(name, []).append(ms)
    for name, every in spent.items():
        print(f"{name:32}{statistics.median(every):8.0f} ms{max(every):8.0f} at most")
    for what, taps in (("file", 3), ("handle", 3)):
        whole = sum(statistics.median(every) for name, every in spent.items() if name.startswith(what))
        print(f"{what}: {taps} taps, {whole:.0f} ms of waiting in all")


if __name__ == "__main__":
    main()
