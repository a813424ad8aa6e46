"""The product under gunicorn, asked one page at a time, and what that costs its workers and the database."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import psutil
from django.conf import settings
from django.db import connection


class Served:
    """Started on entering, stopped on leaving. Loopback only."""

    def __init__(self, port, workers=1):
        self.port, self.number, self.cookies, self.process = port, workers, {}, None
        self.backends = {}

    def __enter__(self):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                sys.exit(f"Something else listens on port {self.port}.")
        command = ["-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "-w", str(self.number), "kvalitetslosen.wsgi"]
        log = None if os.environ.get("BENCH_LOUD") else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, *command, "--timeout", "300"],
            env=os.environ | {"SITE_URL": f"http://127.0.0.1:{self.port}"},
            stdout=log,
            stderr=log,
        )
        until = time.monotonic() + 120
        while True:
            try:
                if self.ask("GET", "/konto/login/", {}).status < 500:
                    return self
            except OSError:
                pass
            if time.monotonic() > until or self.process.poll() is not None:
                self.__exit__()
                sys.exit("The product did not start.")
            time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    # Asking

    def ask(self, method, path, cookies, fields=None, headers=None):
        """The answer, not read yet."""
        head = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()), "Host": f"127.0.0.1:{self.port}"}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            head |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}"}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        link.request(method, path, body, head | (headers or {}))
        answer = link.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            cookies[name] = value
        return answer

    def log_in(self, login, password):
        cookies = self.cookies[login] = {}
        page = self.ask("GET", "/konto/login/", cookies).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
        fields = {"login": login, "password": password, "csrfmiddlewaretoken": token}
        status = self.ask("POST", "/konto/login/", cookies, fields).status
        if status != 302:
            sys.exit(f"{login} could not log in: {status}")

    def get(self, login, path, headers=None):
        answer = self.ask("GET", path, self.cookies[login], headers=headers)
        return answer.status, answer.read()

    def post(self, login, path, fields):
        cookies = self.cookies[login]
        token = next(value for name, value in cookies.items() if "csrf" in name.lower())
        return self.ask("POST", path, cookies, {**fields, "csrfmiddlewaretoken": token}).status

    def taken(self, login, path, headers=None):
        """A file taken home: its size, the seconds to the first byte and to the last, and what a worker grew by."""
        before, peak, stop = self.rss(), [0], threading.Event()

        def watch():
            while not stop.wait(0.02):
                peak[0] = max(peak[0], self.rss())

        watcher = threading.Thread(target=watch)
        watcher.start()
        begun, first, size = time.monotonic(), None, 0
        answer = self.ask("GET", path, self.cookies.get(login, {}), headers=headers)
        while chunk := answer.read1(1 << 16):
            first = first or time.monotonic() - begun
            size += len(chunk)
        took = time.monotonic() - begun
        stop.set()
        watcher.join()
        return {
            "status": answer.status, "mb": size / 1e6, "first_s": first or took, "s": took,
            "grew_mb": max(0, max(peak[0], self.rss()) - before) / 1e6,
        }  # fmt: skip

    # What it costs

    def workers(self):
        return psutil.Process(self.process.pid).children()

    def rss(self):
        """Of the largest worker."""
        return max(each.memory_info().rss for each in self.workers())

    def cpu(self):
        """Seconds of the workers, and of the database's processes for them: those that have ended too."""
        workers = sum(sum(each.cpu_times()[:2]) for each in self.workers())
        self._look_at_database()
        return workers, sum(self.backends.values())

    def _look_at_database(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [settings.DATABASES["default"]["NAME"]],
            )
            pids = [pid for (pid,) in cursor.fetchall()]
        for pid in pids:
            with contextlib.suppress(psutil.NoSuchProcess):
                self.backends[pid] = sum(psutil.Process(pid).cpu_times()[:2])
