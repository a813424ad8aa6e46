from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from kvalitetslosen.organisation.models import User
from tests.people import PASSWORD, World
from tests.ui import writing

pytestmark = [
    pytest.mark.journey,
    pytest.mark.urls("tests.ui.writing"),
    pytest.mark.django_db(transaction=True),
]

Enter = Callable[[User], None]
TEXT = "Dosetten for tirsdag var fylt med mandagens tabletter."


@pytest.fixture(autouse=True)
def sent() -> list[str]:
    writing.SENT.clear()
    return writing.SENT


@pytest.fixture
def form(page: Page, world: World, enter: Enter, live_server: Any) -> str:
    """The address of the form, with Nora in front of it."""
    enter(world.nora)
    address: str = live_server.url + "/write/"
    page.goto(address)
    return address


def kept(page: Page, beginning: str = "los.draft.") -> list[str]:
    """The names of what the device keeps."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return [name for name in names if name.startswith(beginning)]


def wait_until_kept(page: Page, beginning: str = "los.draft.") -> None:
    # Playwright's own waiting would have to evaluate text, which the Content-Security-Policy forbids.
    deadline = time.monotonic() + 5
    while not kept(page, beginning):
        assert time.monotonic() < deadline, "nothing was kept"
        page.wait_for_timeout(50)


def fill(page: Page) -> None:
    page.get_by_label("Text").fill(TEXT)
    page.get_by_label("A date").check()
    page.get_by_label("Day").fill("2026-11-20")
    page.get_by_label("Place").select_option("b")
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Cause").fill("Hastverk")
    page.get_by_label("Urgent").check()
    wait_until_kept(page)
    page.wait_for_timeout(300)  # the last keystrokes are kept a quarter of a second later


def expect_everything(page: Page) -> None:
    expect(page.get_by_label("Text")).to_have_value(TEXT)
    expect(page.get_by_label("A date")).to_be_checked()
    expect(page.get_by_label("Day")).to_have_value("2026-11-20")
    expect(page.get_by_label("Place")).to_have_value("b")
    expect(page.get_by_label("Cause")).to_have_value("Hastverk")
    expect(page.get_by_label("Urgent")).to_be_checked()


def test_going_back_from_the_receipt_shows_an_empty_form_and_the_way_to_the_receipt(page: Page, form: str) -> None:
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    page.go_back()
    expect(page.locator("[data-draft-sent]")).to_be_visible()
    expect(page.locator("[data-draft-sent] a")).to_have_attribute("href", "/receipt/")
    expect(page.get_by_label("Text")).to_have_value("")
    page.reload()
    expect(page.locator("[data-draft-notice]")).to_be_hidden()


def test_it_comes_back_after_leaving(page: Page, form: str) -> None:
    fill(page)
    page.get_by_role("link", name="Elsewhere").click()
    page.goto(form)
    expect_everything(page)
    expect(page.locator("[data-draft-notice]")).to_be_visible()


def test_the_back_button_brings_it_back(page: Page, form: str) -> None:
    fill(page)
    page.get_by_role("link", name="Elsewhere").click()
    page.wait_for_url("**/elsewhere/")
    page.go_back()
    expect_everything(page)


def test_it_survives_a_mistake_and_says_that_files_do_not(page: Page, form: str) -> None:
    fill(page)
    page.get_by_label("Files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.get_by_label("Text").fill("")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("ds-error-summary")).to_be_visible()
    expect(page.get_by_label("Cause")).to_have_value("Hastverk")
    expect(page.locator("[data-draft-files]")).to_be_visible()
    expect(page.locator("[data-draft-restored]")).to_be_hidden()


def test_the_error_summary_takes_focus(page: Page, form: str) -> None:
    page.get_by_role("button", name="Send").click()
    expect(page.locator("ds-error-summary")).to_be_focused()


def test_it_survives_a_session_that_ran_out(page: Page, form: str, world: World, sent: list[str]) -> None:
    fill(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/konto/login/**")
    page.locator("form:has(#id_login) [name=login]").fill(world.nora.email)
    page.locator("form:has(#id_login) [name=password]").fill(PASSWORD)
    page.locator("form:has(#id_login) button[type=submit]").click()
    page.wait_for_url("**/write/")
    expect_everything(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    assert sent == [TEXT]


def test_without_a_connection_it_waits_and_says_so(
    page: Page, context: BrowserContext, form: str, sent: list[str]
) -> None:
    fill(page)
    context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-offline]")).to_be_visible()
    expect_everything(page)
    context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    assert sent == [TEXT]


def test_it_is_gone_once_it_was_sent(page: Page, form: str) -> None:
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    assert kept(page) == []
    page.go_back()
    page.get_by_role("link", name="Elsewhere").click()
    page.wait_for_url("**/elsewhere/")
    page.goto(form)
    expect(page.get_by_label("Text")).to_have_value("")


def talk(page: Page, live_server: Any, text: str) -> None:
    page.goto(live_server.url + "/talk/")
    page.get_by_label("Text").fill(text)
    wait_until_kept(page)
    page.get_by_role("button", name="Send").click()


def test_a_page_that_answers_itself_needs_no_receipt(page: Page, form: str, live_server: Any, sent: list[str]) -> None:
    talk(page, live_server, "Takk for svaret.")
    expect(page.get_by_text("It is sent.")).to_be_visible()
    assert sent == ["Takk for svaret."]
    assert kept(page) == []
    page.reload()
    expect(page.get_by_label("Text")).to_have_value("")


@pytest.mark.parametrize(("text", "said"), [("late", "Somebody else closed it"), ("forbidden", "")])
def test_what_was_refused_is_kept(
    page: Page, form: str, live_server: Any, sent: list[str], text: str, said: str
) -> None:
    talk(page, live_server, f"Dette kom for sent: {text}")
    page.wait_for_load_state("networkidle")
    if said:
        expect(page.get_by_text(said)).to_be_visible()
    page.goto(live_server.url + "/talk/")
    expect(page.get_by_label("Text")).to_have_value(f"Dette kom for sent: {text}")
    assert sent == []


def test_identity_numbers_are_not_kept(page: Page, form: str, live_server: Any) -> None:
    page.evaluate(
        """async () => {
          const script = document.createElement('script');
          script.src = '/static/js/identity-numbers.js';
          await new Promise((loaded) => { script.onload = loaded; document.head.append(script); });
        }"""
    )
    page.get_by_label("Text").fill("Bruker 13097248022 falt.")
    wait_until_kept(page)
    page.wait_for_timeout(300)
    values = page.evaluate("JSON.stringify(Object.values(localStorage))")
    assert "falt" in values
    assert "13097248022" not in values


def test_a_link_after_a_question_that_was_answered_no_takes_nothing(page: Page, form: str) -> None:
    fill(page)
    page.get_by_role("button", name="Throw").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    page.get_by_role("link", name="Elsewhere").click()
    page.wait_for_url("**/elsewhere/")
    page.goto(form)
    expect_everything(page)


def test_one_can_start_afresh(page: Page, form: str) -> None:
    fill(page)
    page.reload()
    page.locator("[data-draft-discard]").click()
    expect(page.get_by_label("Text")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Text")).to_have_value("")


def test_the_next_person_at_the_machine_does_not_see_it(
    page: Page, form: str, world: World, enter: Enter, context: BrowserContext
) -> None:
    fill(page)
    context.clear_cookies()
    enter(world.greta)
    page.goto(form)
    expect(page.get_by_label("Text")).to_have_value("")


def test_logging_out_asks_and_then_clears_the_machine(page: Page, form: str) -> None:
    fill(page)
    page.locator(".los-menu > summary").click()
    page.locator("[data-logout]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button").first.click()
    page.wait_for_url("**/konto/login/**")
    assert kept(page) == []


def test_a_draft_is_forgotten_after_a_week(page: Page, form: str) -> None:
    fill(page)
    page.evaluate(
        """for (const key of Object.keys(localStorage).filter((each) => each.startsWith('los.draft.'))) {
             const draft = JSON.parse(localStorage.getItem(key));
             localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() - 8 * 24 * 60 * 60 * 1000 }));
           }"""
    )
    page.reload()
    expect(page.get_by_label("Text")).to_have_value("")


def test_a_double_click_sends_once(page: Page, form: str, sent: list[str]) -> None:
    fill(page)
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/receipt/")
    assert sent == [TEXT]


def test_after_the_back_button_one_can_send_again(page: Page, form: str, sent: list[str]) -> None:
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    page.go_back()
    page.get_by_label("Text").fill("Noe annet.")
    page.get_by_label("Now").check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/")
    assert sent == [TEXT, "Noe annet."]


def test_a_dialog_asks_before_something_is_thrown_away(page: Page, form: str, sent: list[str]) -> None:
    page.get_by_role("button", name="Throw").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Throw it away?")
    dialog.get_by_role("button").last.click()
    expect(page.get_by_role("button", name="Throw")).to_be_focused()
    assert sent == []
    page.get_by_role("button", name="Throw").click()
    page.get_by_role("dialog").get_by_role("button", name="Throw").click()
    page.wait_for_url("**/receipt/")
    assert sent == ["thrown"]


def test_the_day_is_asked_only_of_those_who_choose_a_date(page: Page, form: str) -> None:
    expect(page.get_by_label("Day")).to_be_hidden()
    page.get_by_label("A date").check()
    expect(page.get_by_label("Day")).to_be_visible()
    page.get_by_label("Now").check()
    expect(page.get_by_label("Day")).to_be_hidden()


def test_a_fold_stays_as_it_was_left(page: Page, form: str) -> None:
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_label("Cause")).to_be_visible()
    wait_until_kept(page, "los.open.note")
    page.reload()
    expect(page.get_by_label("Cause")).to_be_visible()


def test_the_text_grows(page: Page, form: str) -> None:
    area = page.get_by_label("Text")
    before = area.bounding_box()
    area.fill("Linje\n" * 14)
    after = area.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"] + 100


def test_leaving_something_unsaved_asks_first(page: Page, form: str, live_server: Any) -> None:
    page.goto(live_server.url + "/guarded/")
    page.get_by_label("Name").press_sequentially("Ny")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Elsewhere").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/guarded/")


def test_without_script_everything_can_still_be_sent(
    browser: Any, browser_context_args: dict[str, Any], context: BrowserContext, form: str, sent: list[str]
) -> None:
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(form)
    page.get_by_label("Text").fill(TEXT)
    page.get_by_label("Now").check()
    expect(page.get_by_label("Day")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    assert page.url.endswith("/receipt/")
    assert sent == [TEXT]
    page.locator(".los-menu > summary").click()
    expect(page.locator(".los-menu__panel")).to_be_visible()
    plain.close()
