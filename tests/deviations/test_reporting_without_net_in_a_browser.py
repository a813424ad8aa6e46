"""A phone loses its net at each step on the way from the empty form to the receipt, and the report arrives once."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from deviations.models import Deviation
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.organisation.models import User
from tests.axe import barriers
from tests.browser import SCREEN, browser_type_launch_args, complaints
from tests.people import World

__all__ = ["browser_type_launch_args", "complaints"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)
"""One pixel, as PNG."""


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return SCREEN


class Net:
    """What lies between the phone and the server. ``works`` is whether anything comes through; ``answers`` whether
    what the server says comes back.
    """

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self.server = (parts.hostname or "", parts.port or 0)
        self.works = self.answers = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        self.open: set[socket.socket] = set()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self.listener.accept()
                if not self.works:
                    phone.close()
                    continue
                server = socket.create_connection(self.server)
                self.open |= {phone, server}
                for one, other, is_answer in ((phone, server, False), (server, phone, True)):
                    threading.Thread(target=self.pass_on, args=(one, other, is_answer), daemon=True).start()

    def pass_on(self, one: socket.socket, other: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if not self.works or (is_answer and not self.answers):
                    break
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def goes(self) -> None:
        self.works = False
        for each in tuple(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def comes_back(self) -> None:
        self.works = self.answers = True


@pytest.fixture
def net(live_server: Any) -> Iterator[Net]:
    net = Net(live_server.url)
    yield net
    net.goes()
    net.listener.close()


@pytest.fixture
def phone(page: Page, context: BrowserContext, net: Net, login: Callable[[User], Any]) -> Callable[[User], Page]:
    """The page of a phone on which somebody is logged in, and which has opened the morning page once."""

    def at(user: User) -> Page:
        context.clear_cookies()
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": login(user).cookies[name].value, "url": net.url}])
        page.goto(net.url)
        ready(page)
        return page

    return at


def ready(page: Page) -> None:
    """The device has what it needs to do without net."""
    kept = "(async () => Boolean(await (await caches.open('losen-forms')).match('/meld/uten-nett/')))()"
    state = "(async () => Boolean(await (await caches.open('losen-offline')).match('/losen-offline-state')))()"
    for _ in range(100):
        if page.evaluate(kept) and page.evaluate(state):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The device was never ready.")


def write(page: Page, text: str = "Heisen sto stille i en time.") -> None:
    page.get_by_label("What happened?").fill(text)
    page.locator("summary", has_text="Add more").click()
    page.get_by_label("Photos and files").set_input_files(
        {"name": "heis.png", "mimeType": "image/png", "buffer": PICTURE}
    )


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def arrived_once(page: Page) -> None:
    expect(page.locator("[data-unsent-line]")).to_contain_text("Sent: FJE-")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    deviation = Deviation.objects.get()
    assert deviation.text == "Heisen sto stille i en time."
    assert Attachment.objects.of(deviation).count() == 1


def test_before_the_form_is_opened(
    world: World, phone: Callable[[User], Page], context: BrowserContext, net: Net, complaints: list[str]
) -> None:
    page = phone(world.nora)
    context.set_offline(True)
    page.goto(f"{net.url}/handbok/")  # whatever one asks for: what can be done instead
    expect(page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nothing waits here.")
    assert barriers(page) == []
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_text("Without net: what you send waits")).to_be_visible()
    assert barriers(page) == []
    send(page)
    expect(page.get_by_text("Write what happened.")).to_be_visible()
    write(page)
    send(page)
    expect(page.locator("main")).to_contain_text("Heisen sto stille i en time.")
    expect(page.locator("main")).to_contain_text("files: 1")
    expect(page.locator("main")).to_contain_text("goes by itself when the net is back")
    assert barriers(page) == []
    page.goto(f"{net.url}/meld/")
    expect(page.get_by_label("What happened?")).to_have_value("")  # it waits, and is no draft any more
    expect(page.locator("[data-unsent-line]")).to_contain_text("Waiting here to be sent: 1")
    assert not Deviation.objects.exists()
    context.set_offline(False)
    arrived_once(page)
    page.goto(net.url)
    page.locator("[data-unsent-line]").get_by_role("link", name="FJE-").click()
    expect(page.get_by_role("heading", name="Thanks!")).to_be_visible()
    page.locator("[data-unsent-line]").get_by_role("button", name="OK").click()
    page.goto(net.url)
    expect(page.locator("[data-unsent-line]")).to_be_hidden()


def test_while_one_writes(world: World, phone: Callable[[User], Page], context: BrowserContext, net: Net) -> None:
    page = phone(world.nora)
    page.goto(f"{net.url}/meld/")
    write(page)
    context.set_offline(True)
    send(page)
    expect(page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
    expect(page.locator("main")).to_contain_text("files: 1")
    context.set_offline(False)
    arrived_once(page)


def test_there_is_net_in_name_only(world: World, phone: Callable[[User], Page], net: Net) -> None:
    page = phone(world.nora)
    page.goto(f"{net.url}/meld/")
    write(page)
    net.goes()
    send(page)
    expect(page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
    assert not Deviation.objects.exists()
    net.comes_back()
    page.goto(f"{net.url}/venter/")  # or the browser by itself, whichever comes first
    arrived_once(page)


def test_the_answer_is_lost_when_the_report_has_arrived(world: World, phone: Callable[[User], Page], net: Net) -> None:
    page = phone(world.nora)
    page.goto(f"{net.url}/meld/")
    write(page)
    net.answers = False
    send(page)
    expect(page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
    assert Deviation.objects.count() == 1
    net.comes_back()
    page.goto(net.url)
    arrived_once(page)


def test_the_answer_is_lost_when_what_waited_is_sent(
    world: World, phone: Callable[[User], Page], context: BrowserContext, net: Net
) -> None:
    page = phone(world.nora)
    net.goes()
    page.goto(f"{net.url}/meld/")
    write(page)
    send(page)
    expect(page.locator("main")).to_contain_text("Heisen sto stille")
    net.comes_back()
    page.goto(f"{net.url}/venter/")
    arrived_once(page)
    for _ in range(3):
        page.goto(net.url)
    assert Deviation.objects.count() == 1


def test_what_is_anonymous_is_never_kept_on_the_phone(world: World, phone: Callable[[User], Page], net: Net) -> None:
    page = phone(world.nora)
    page.goto(f"{net.url}/meld/")
    write(page)
    page.get_by_label("Anonymous, with a case code").check()
    net.goes()
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("nothing is kept here")
    expect(page.locator("main")).to_contain_text("Nothing waits here.")
    assert barriers(page) == []
    net.comes_back()
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("What happened?")).to_have_value("Heisen sto stille i en time.")
    assert not Deviation.objects.exists()


def test_what_the_server_refuses_is_put_right_and_sent(world: World, phone: Callable[[User], Page], net: Net) -> None:
    page = phone(world.nora)
    net.goes()
    page.goto(f"{net.url}/meld/")
    write(page)
    page.get_by_label("On a date").check()
    send(page)
    expect(page.locator("main")).to_contain_text("Heisen sto stille")
    net.comes_back()
    page.goto(f"{net.url}/venter/")  # or the browser by itself, whichever comes first
    expect(page.locator("main")).to_contain_text("Fill in the date it happened.")
    assert barriers(page) == []
    page.locator("[data-open]").click()
    expect(page.get_by_label("What happened?")).to_have_value("Heisen sto stille i en time.")
    page.get_by_label("Earlier today").check()
    send(page)
    arrived_once(page)


def test_it_waits_unseen_while_another_uses_the_phone_and_goes_when_its_writer_is_back(
    world: World, phone: Callable[[User], Page], context: BrowserContext, net: Net
) -> None:
    page = phone(world.nora)
    context.set_offline(True)
    page.goto(f"{net.url}/meld/")
    write(page)
    send(page)
    expect(page.locator("main")).to_contain_text("Heisen sto stille")
    context.clear_cookies()
    context.set_offline(False)
    expect(page.get_by_role("link", name="Log in, and it is sent.")).to_be_visible()
    phone(world.greta)
    page.goto(f"{net.url}/venter/")
    expect(page.locator("main")).to_contain_text("Nothing waits here.")
    expect(page.locator("body")).not_to_contain_text("Heisen")
    assert not Deviation.objects.exists()
    phone(world.nora)
    arrived_once(page)
    assert Deviation.objects.get().reporter == world.nora


def test_logging_out_asks_first_and_then_deletes_it(
    world: World, phone: Callable[[User], Page], context: BrowserContext, net: Net
) -> None:
    page = phone(world.nora)
    page.goto(net.url)
    context.set_offline(True)
    page.goto(f"{net.url}/meld/")
    write(page)
    send(page)
    expect(page.locator("main")).to_contain_text("Heisen sto stille")
    page.evaluate("navigator.locks.request('losen-unsent', () => new Promise(() => {})) && 0")  # so that it can't go
    context.set_offline(False)
    other = context.new_page()
    other.goto(net.url)
    expect(other.locator("[data-unsent-line]")).to_contain_text("Waiting here to be sent: 1")
    other.locator(".los-menu summary").click()
    other.get_by_role("button", name="Log out").click()
    dialog = other.get_by_role("dialog")
    expect(dialog).to_contain_text("something on this device")
    dialog.get_by_role("button", name="Log out").click()
    other.wait_for_url("**/konto/login/**")
    page.close()
    page = other
    context.clear_cookies()
    page.goto(f"{net.url}/konto/login/")
    stored = """new Promise((resolve) => {
        const opening = indexedDB.open("losen-unsent");
        opening.onsuccess = () => {
            const counting = opening.result.transaction("forms").objectStore("forms").count();
            counting.onsuccess = () => resolve(counting.result);
        };
    })"""
    for _ in range(50):
        if page.evaluate(stored) == 0:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(stored) == 0
    assert not Deviation.objects.exists()
