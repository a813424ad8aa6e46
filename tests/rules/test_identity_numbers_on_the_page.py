"""In a browser, under the strictest content security policy: an identity number is pointed out while one writes, and
doesn't leave the device. The page has nothing but the script and the words that every page of the product includes."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, Route, expect

from kvalitetslosen.identity_numbers import find, redact

pytestmark = [
    pytest.mark.journey,
    # pytest-playwright's own fixtures, not ours to mend.
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

SCRIPT = Path(settings.BASE_DIR) / "static" / "js" / "identity-numbers.js"
VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("identity_numbers.json").read_text("utf-8"))
NUMBER = "15858510055"
MISTYPED = "15858510056"
ORIGIN = "http://guard.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'"
SAYS_NUMBER = "contains an identity number"
SAYS_PERHAPS = "may be an identity number"

Opened = Callable[..., list[dict[str, list[str]]]]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which(os.environ.get("CHROMIUM", "")) or shutil.which("chromium")
    if chromium is None:
        pytest.skip("No Chromium on this machine: apt-get install chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": arguments}


@pytest.fixture
def opened(page: Page) -> Iterator[Opened]:
    """Opens the page with a form on it; gives the list that what is sent will be added to."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_page(
        fields: str = '<label for="what">What happened?</label><textarea id="what" name="what" data-guard></textarea>',
        **context: str,
    ) -> list[dict[str, list[str]]]:
        with translation.override("en"):
            words = render_to_string("components/identity_numbers.html", context)
        form = f'<form method="post">{fields}<button>Send</button></form>'
        html = (
            '<!doctype html><html lang="en"><title>Report</title><link rel="icon" href="data:,">'
            '<script src="/identity-numbers.js" defer></script>'
            f"<main><h1>Report</h1>{form}</main>{words}</html>"
        )
        sent: list[dict[str, list[str]]] = []

        def answer(route: Route) -> None:
            if route.request.url.endswith(".js"):
                route.fulfill(body=SCRIPT.read_text("utf-8"), content_type="text/javascript; charset=utf-8")
                return
            if route.request.method == "POST":
                sent.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
            body = html if route.request.method == "GET" else "<!doctype html><title>Thanks</title><h1>Thanks</h1>"
            route.fulfill(
                body=body,
                content_type="text/html; charset=utf-8",
                headers={
                    "Content-Security-Policy": POLICY.replace(
                        "default-src 'none'", "default-src 'none'; img-src data:"
                    )
                },
            )

        page.route(f"{ORIGIN}/**", answer)
        page.goto(f"{ORIGIN}/")
        return sent

    yield open_page
    assert complaints == []


def in_utf16(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le")) // 2


def test_the_browser_finds_what_the_server_finds(page: Page, opened: Opened) -> None:
    opened()
    found = page.evaluate(
        """vectors => vectors.map(({text, names = [], phones = []}) =>
            identityNumbers.find(text, {names, phones})
                .map(({kind, level, start, end}) => ({kind, level, says: text.slice(start, end)})))""",
        VECTORS,
    )
    assert found == [vector["finds"] for vector in VECTORS]


def test_the_browser_agrees_with_the_server_on_any_text(page: Page, opened: Opened) -> None:
    opened()
    generator = random.Random(2032)
    pieces = [
        *("15858510055", "158585", "10055", "15", "85", "1", "0", "5", "2012 586975 61", "81234510053", "900 12 345"),
        *(
            " ",
            " ",
            "\n",
            "\r\n",
            ".",
            "-",
            "/",
            ",",
            "+",
            "–",
            "\u00a0",
            "\u200b",
            "\u00ad",
            "²",
            "①",
            "½",
            "１",
            "٥",
        ),
        *(
            "𝟏",
            "å",
            "a\u030a",
            "😀",
            "…",
            "№",
            "født ",
            "f. ",
            "fnr ",
            "konto ",
            "kr ",
            "duf ",
            "personnr. ",
            "Kari",
            "K.N.",
        ),
        *(
            "rom 12",
            "Storgata 12",
            "demens",
            "82 år",
            "post@example.no",
            "kari@example.no",
            "AB 12345",
            "x",
            "\u0085",
            "\x00",
        ),
    ]
    texts = ["".join(generator.choices(pieces, k=generator.randint(1, 14))) for _ in range(4000)]
    there = page.evaluate(
        """texts => texts.map(text => [
            identityNumbers.find(text).map(({kind, level, start, end}) => [kind, level, start, end]),
            identityNumbers.blocks(text),
            identityNumbers.redact(text, "…"),
        ])""",
        texts,
    )
    for text, (findings, blocked, redacted) in zip(texts, there, strict=True):
        here = [[f.kind, f.level, in_utf16(text, f.start), in_utf16(text, f.end)] for f in find(text)]
        assert findings == here, repr(text)
        assert blocked == any(level == "high" for _kind, level, _start, _end in findings)
        assert redacted == redact(text, "…"), repr(text)
    assert sum(bool(findings) for findings, _blocked, _redacted in there) > 1000


def test_a_number_is_pointed_out_under_the_field_while_one_writes(page: Page, opened: Opened) -> None:
    opened()
    field = page.get_by_label("What happened?")
    field.press_sequentially(f"Bruker {NUMBER} falt")
    message = page.locator("[aria-live=polite]")
    expect(message).to_contain_text(SAYS_NUMBER)
    expect(message).to_contain_text("Show me characters 8 to 18")
    expect(message).not_to_contain_text(NUMBER)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert message.get_attribute("id") in (field.get_attribute("aria-describedby") or "").split()
    expect(page.get_by_role("button", name="It is not an identity number")).to_have_count(0)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def test_the_place_is_shown_in_the_field(page: Page, opened: Opened) -> None:
    opened()
    field = page.get_by_label("What happened?")
    field.fill(f"😀 Bruker {NUMBER[:6]} {NUMBER[6:]} falt")
    page.get_by_role("button", name="Show me").click()
    expect(field).to_be_focused()
    assert field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == f"{NUMBER[:6]} {NUMBER[6:]}"


def test_a_number_is_not_sent_until_it_is_removed(page: Page, opened: Opened) -> None:
    sent = opened()
    field = page.get_by_label("What happened?")
    field.fill(f"Bruker {NUMBER} falt")
    for _ in range(2):
        page.get_by_role("button", name="Send").click()
        expect(page.locator("[data-message=high]")).to_be_focused()
    assert sent == []
    page.get_by_role("button", name="Remove the number").click()
    expect(field).to_have_value("Bruker falt")
    expect(field).to_be_focused()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-message]")).to_have_count(0)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert sent == [{"what": ["Bruker falt"]}]


def test_sending_right_after_the_last_letter_is_stopped_too(page: Page, opened: Opened) -> None:
    sent = opened('<label>Title <input name="title" data-guard></label>')
    page.get_by_label("Title").fill(NUMBER)
    page.get_by_label("Title").press("Enter")
    expect(page.locator("[data-message=high]")).to_be_focused()
    assert sent == []


def test_what_only_may_be_a_number_can_be_kept_and_the_server_is_told_so(page: Page, opened: Opened) -> None:
    sent = opened()
    field = page.get_by_label("What happened?")
    field.fill(f"Ring 90012345 om {MISTYPED}.")
    expect(page.locator("[data-message=medium]")).to_contain_text(SAYS_PERHAPS)
    page.get_by_role("button", name="It is not an identity number").click()
    expect(page.locator("[data-message=medium]")).to_have_count(0)
    page.get_by_role("button", name="It is not a person’s number").click()
    expect(page.locator("[data-message]")).to_have_count(0)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert sent == [{"what": [f"Ring 90012345 om {MISTYPED}."], "guard-kept": ["what:phone:0", "what:possible:1"]}]


def test_what_only_may_be_a_number_stops_the_sending_once(page: Page, opened: Opened) -> None:
    sent = opened()
    page.get_by_label("What happened?").fill("Beboer født 15.12.85 falt")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-message=birth_date]")).to_be_focused()
    assert sent == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert sent == [{"what": ["Beboer født 15.12.85 falt"]}]


def test_an_answer_holds_only_for_the_number_it_was_given_for(page: Page, opened: Opened) -> None:
    sent = opened()
    field = page.get_by_label("What happened?")
    field.fill(MISTYPED)
    page.get_by_role("button", name="It is not an identity number").click()
    field.fill(f"Først 15858510057, så {MISTYPED}")
    expect(page.locator("[data-message=medium] [data-finding]")).to_have_count(1)
    page.get_by_role("button", name="Remove the number").click()
    expect(field).to_have_value(f"Først , så {MISTYPED}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert sent[0]["guard-kept"] == ["what:possible:0"]


def test_each_of_several_numbers_can_be_removed(page: Page, opened: Opened) -> None:
    opened()
    field = page.get_by_label("What happened?")
    field.fill(f"{NUMBER} og 10915596784 falt")
    rows = page.locator("[data-message=high] [data-finding]")
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_role("button", name="Remove the number").click()
    expect(field).to_have_value(f"{NUMBER} og falt")
    expect(rows).to_have_count(1)
    assert page.locator("[data-message=high]").count() == 1


def test_the_place_follows_the_text(page: Page, opened: Opened) -> None:
    opened()
    field = page.get_by_label("What happened?")
    field.fill(NUMBER)
    expect(page.get_by_role("button", name="characters 1 to 11")).to_be_visible()
    field.press("Home")
    field.press_sequentially("Bruker ")
    expect(page.get_by_role("button", name="characters 8 to 18")).to_be_visible()
    page.get_by_role("button", name="Remove the number").click()
    expect(field).to_have_value("Bruker ")


def test_what_the_server_sent_back_is_pointed_out_at_once(page: Page, opened: Opened) -> None:
    opened(f'<label>Answer <textarea name="answer" data-guard aria-describedby="help">{NUMBER}</textarea></label>')
    expect(page.locator("[data-message=high]")).to_be_visible()
    described = page.get_by_role("textbox").get_attribute("aria-describedby") or ""
    assert described.split()[0] == "help"


def test_a_hint_stops_nothing(page: Page, opened: Opened) -> None:
    sent = opened()
    page.get_by_label("What happened?").fill("Kari bor i Storgata 12")
    expect(page.locator("[data-message=low]")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert len(sent) == 1


def test_the_switchboard_is_nobodys_number(page: Page, opened: Opened) -> None:
    opened(service_phones="38280000 38280001")
    field = page.get_by_label("What happened?")
    field.fill("Ring 38 28 00 00 eller 38 28 00 02")
    expect(page.get_by_role("button", name="characters 24 to 34")).to_be_visible()
    expect(page.locator("[data-finding]")).to_have_count(1)


def test_a_file_with_a_number_in_its_name_is_not_sent(page: Page, opened: Opened) -> None:
    sent = opened('<label>Picture <input type="file" name="file" data-guard></label>')
    field = page.get_by_label("Picture")
    field.set_input_files({"name": f"notat_{NUMBER}.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator("[data-message=filename]")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    assert sent == []
    page.get_by_role("button", name="Choose another file").click()
    assert field.evaluate("f => f.files.length") == 0
    expect(page.locator("[data-message]")).to_have_count(0)


def test_what_htmx_would_send_is_stopped_and_what_it_brings_is_watched(page: Page, opened: Opened) -> None:
    opened()
    page.get_by_label("What happened?").fill(NUMBER)
    ask = """verb => !document.querySelector("textarea").dispatchEvent(new CustomEvent("htmx:beforeRequest", {
        bubbles: true, cancelable: true,
        detail: {elt: document.querySelector("textarea"), requestConfig: {verb}}}))"""
    assert page.evaluate(ask, "post") is True
    assert page.evaluate(ask, "get") is False
    page.evaluate(
        """number => {
            const part = document.createElement("p");
            part.innerHTML = "<textarea aria-label=Note data-guard></textarea>";
            part.firstChild.value = number;
            document.querySelector("form").append(part);
            part.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
        }""",
        NUMBER,
    )
    expect(page.locator("p [data-message=high]")).to_be_visible()


def test_a_page_without_the_words_leaves_it_to_the_server(page: Page, opened: Opened) -> None:
    sent = opened()
    page.evaluate("document.getElementById('identity-number-messages').remove()")
    page.get_by_label("What happened?").fill(NUMBER)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thanks")).to_be_visible()
    assert len(sent) == 1
