from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.utils import timezone, translation

NASTY = "<script>x</script>"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def show(text: str, **context: object) -> Any:
    return BeautifulSoup(Template("{% load ui %}" + text).render(Context(context)), "html.parser")


def test_severity_is_a_word_and_a_number_before_it_is_a_colour() -> None:
    soup = show("{% severity 3 'High' '4 × 3' %}")
    assert soup.get_text() == "High 4 × 3"
    assert soup.span["data-color"] == "warning"


def test_no_severity_is_green() -> None:
    colors = {show("{% severity level 'x' %}", level=level).span["data-color"] for level in (1, 2, 3, 4)}
    assert "success" not in colors


def test_what_nobody_assessed_says_so() -> None:
    assert show("{% severity None %}").get_text() == "Not assessed"


def test_an_empty_list_says_why_and_what_to_do() -> None:
    soup = show("{% empty 'No cases' 'Nothing was reported.' '/meld/' 'Report' %}")
    assert soup.a["href"] == "/meld/"
    assert "Nothing was reported." in soup.get_text()


def test_one_page_has_no_pager() -> None:
    assert show("{% pager None None %}").get_text() == ""


def test_a_pager_leads_both_ways() -> None:
    assert [a["rel"] for a in show("{% pager '?a' '?b' %}").find_all("a")] == [["prev"], ["next"]]


def test_tabs_are_links_and_one_is_here() -> None:
    soup = show("{% tabs links 'Cases' %}", links=[("Open", "?o", True, 0), ("All", "?a", False)])
    assert soup.find("a", {"aria-current": "page"}).get_text() == "Open 0"
    assert soup.nav["aria-label"] == "Cases"


def test_a_timeline_has_sentences_and_quotes() -> None:
    event = SimpleNamespace(
        at=timezone.now() - timedelta(days=1), text="Leif closed the case.", note="Thank you & all"
    )
    soup = show("{% timeline events %}", events=[event])
    assert soup.li.p.get_text() == "Leif closed the case."
    assert soup.blockquote.get_text() == "Thank you & all"
    assert soup.time


def test_files_say_their_size() -> None:
    files = [
        SimpleNamespace(name="a.PDF", url="/vedlegg/1/", size=2_400_000),
        SimpleNamespace(name="b", url="/2/", size=9),
    ]
    soup = show("{% file_list files %}", files=files)
    assert [li.span.get_text() for li in soup.find_all("li")] == ["2.4 MB", "1 kB"]
    assert soup.find("use")["href"].endswith("#pdf")


def test_a_reference_is_never_broken_at_its_hyphens() -> None:
    soup = show("{{ said|whole }}", said="AAS-2026-0123: svaret på P-0012 er <b>sendt</b> 10-12")
    assert [each.get_text() for each in soup.select(".los-whole")] == ["AAS-2026-0123", "P-0012"]
    assert soup.get_text() == "AAS-2026-0123: svaret på P-0012 er <b>sendt</b> 10-12"
    assert show("{% breadcrumbs 'Deviations' '/avvik/' 'AAS-2026-0123' '' %}").select(".los-whole")


def test_a_fact_that_is_missing_says_so_or_is_left_out() -> None:
    assert show("{% fact 'Cause' '' missing='Not found' %}").dd.get_text() == "Not found"
    assert show("{% fact 'Cause' '' %}").get_text() == ""


def test_browsers_have_names() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
    assert show("{{ ua|browser }}", ua=phone).get_text() == "Chrome, Android"
    assert show("{{ ua|browser }}", ua="").get_text() == "Unknown browser"


@pytest.mark.parametrize(
    "text",
    [
        "{% tag nasty %}",
        "{% severity 1 nasty nasty %}",
        "{% empty nasty nasty '/' nasty %}",
        "{% fact nasty nasty %}",
        "{% breadcrumbs nasty '/' nasty '' %}",
        "{% tabs links nasty %}",
        "{% timeline events %}",
        "{% file_list files %}",
        "<button {% confirm nasty nasty %}>",
        "{% scroll nasty %}{% endscroll %}",
        "{% icon 'clock' nasty %}",
    ],
)
def test_what_people_write_is_never_html(text: str) -> None:
    context = {
        "nasty": NASTY,
        "links": [(NASTY, NASTY, True, NASTY)],
        "events": [SimpleNamespace(at=timezone.now(), text=NASTY, note=NASTY)],
        "files": [SimpleNamespace(name=NASTY, url=f'"{NASTY}', size=1)],
    }
    html = Template("{% load ui %}" + text).render(Context(context))
    assert NASTY not in html
    assert "&lt;script&gt;" in html
