"""Components as tags. They return HTML straight from Python, so that a list of 25 rows doesn't load 100 templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kvalitetslosen.ui import dates, registry
from kvalitetslosen.ui.context import LANGUAGES, Page, address, links

register = template.Library()


# Addresses ----------------------------------------------------------------------------------------------------------


@cache
def _asset(path: str) -> str:
    return static(path)


@register.simple_tag
def asset(path: str) -> str:
    """{% asset "css/app.css" %}: as {% static %}, but the hashed name is looked up once, not on every page."""
    return _asset(path)


@register.simple_tag
def page_url(name: str) -> str:
    """{% page_url "account_logout" %}: as {% url %} for addresses without parameters, resolved once."""
    return address(name)


# Icons --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _icon(name: str, label: str, extra: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="los-icon{}" {}><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        spoken,
        _asset("icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """{% icon "clock" %}; names are in scripts/frontend.py. Silent beside a word; `label` is for an icon alone."""
    return _icon(name, str(label), extra)


# Dates and numbers --------------------------------------------------------------------------------------------------


@register.filter(name="when")
def when_text(value: date | datetime | None) -> str:
    """{{ case.created_at|when }}: «today 14.05», «yesterday 21.40», «in 3 days», «12. november»."""
    return dates.when(value)


def time(said: dates.Said) -> SafeString:
    """A date or a moment as put in words by ``dates``."""
    # Digits, the names of months and our own words: nothing that could be HTML.
    return SafeString(f'<time datetime="{said.machine}" title="{said.full}">{said.text}</time>')


@register.simple_tag
def when(value: date | datetime | None, missing: str = "") -> SafeString | str:
    """{% when case.created_at %}: the same inside <time>, with the whole date on hover and for machines."""
    return missing if value is None else time(dates.say(value))


@register.filter(name="dated")
def dated_text(value: date | datetime) -> str:
    """by {{ row.due|dated }}: «2. desember (om 3 dager)». After a preposition «om 3 dager» alone can't stand."""
    return dates.dated(value)


@register.filter
def days_left(value: date | datetime | None) -> str:
    """{{ case.deadline|days_left }}: «due today», «3 days left», «2 days late»."""
    return dates.days_left(value)


@register.filter
def in_words(value: int) -> str:
    """{{ count|in_words }}: up to twelve in words."""
    return dates.in_words(int(value))


@register.filter
def file_size(size: int) -> str:
    """Bytes for people: «740 kB», «2,4 MB»."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number_format(size / 1_000_000, decimal_pos=1)} MB"


REFERENCE = re.compile(r"\b[A-ZÆØÅ0-9]{1,12}-(?:\d{4}-)?\d{4,}\b")


@register.filter
def whole(text: str) -> SafeString:
    """{{ notice.sentence|whole }}: references (AAS-2026-0123, P-0012) stay on one line, hyphens and all."""
    escaped = conditional_escape(text)
    return mark_safe(REFERENCE.sub(r'<span class="los-whole">\g<0></span>', escaped))  # noqa: S308 - escaped above


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
           ("Linux", "Linux"))  # fmt: skip


@register.filter
def browser(user_agent: str) -> str:
    """What a browser calls itself, in two words that its owner recognises: «Chrome, Android»."""
    # The first that fits counts: Edge calls itself Chrome too, and Chrome calls itself Safari.
    found = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, DEVICES)]
    return ", ".join(filter(None, found)) or gettext("Unknown browser")


# Words with a colour ------------------------------------------------------------------------------------------------


# Rows of a list say the same few things again and again: said once, then remembered. All keys are plain values.


@lru_cache(maxsize=2048)
def _tag(text: str, color: str, icon_name: str) -> SafeString:
    shown = _icon(icon_name, "", "") if icon_name else ""
    return format_html('<span class="ds-tag" data-color="{}">{}{}</span>', color, shown, text)


@register.simple_tag
def tag(text: str, color: str = "neutral", icon_name: str = "") -> SafeString:
    """{% tag case.get_status_display "info" %}: a state in a word. The colour only repeats what the word says."""
    return _tag(str(text), color, icon_name)


# Levels of severity. Mild is not green: nothing that harmed somebody is «fine».
SEVERITY_COLORS = {1: "neutral", 2: "info", 3: "warning", 4: "danger"}


@lru_cache(maxsize=1024)
def _severity(level: int, word: str, score: str) -> SafeString:
    bars = "".join(f'<i class="{"on" if step <= level else "off"}"></i>' for step in range(1, 5))
    return format_html(
        '<span class="los-severity" data-level="{}" data-color="{}">'
        '<span class="los-bars" aria-hidden="true">{}</span>{}{}</span>',
        level,
        SEVERITY_COLORS[level],
        SafeString(bars),
        word,
        format_html(' <span class="los-severity__score">{}</span>', score) if score else "",
    )


@register.simple_tag
def severity(level: int | None, word: str = "", score: str | int = "") -> SafeString:
    """{% severity case.level case.get_level_display "3 × 3" %}: bars, word and number, and colour last.

    `level` is 1 (low) to 4 (critical); None is «not assessed».
    """
    if not level:
        return format_html('<span class="los-severity" data-level="0">{}</span>', word or gettext("Not assessed"))
    return _severity(level, str(word), str(score))


@register.simple_tag
def deadline(value: date | datetime | None, done: bool = False, short: bool = False) -> SafeString:
    """{% deadline case.deadline case.is_closed %}: the date, and how near; late ones say so in words and weight.

    `short` is for lists: «30. nov. (om 4 dager)».
    """
    if value is None:
        return SafeString("")
    said = dates.say(value)
    if done:
        return time(said)
    days = (dates.local_day(value) - dates.today()).days
    if days < 0:
        return SafeString(
            f'<span class="los-late">{_icon("clock", "", "")}{dates.days_left(value)}'
            f' <span class="los-late__date">({time(said._replace(text=dates.short(value)) if short else said)})</span>'
            "</span>"
        )
    near = time(said._replace(text=dates.dated(value, short=short)))
    return SafeString(f'<span class="los-due">{near}</span>' if days <= 1 else near)


# Parts of a page ----------------------------------------------------------------------------------------------------


@register.simple_tag
def empty(title: str, text: str = "", url: str = "", action: str = "", icon_name: str = "") -> SafeString:
    """{% empty title text url action %}: what an empty list says: why it is empty, and what one can do."""
    return format_html(
        '<div class="los-empty">{}<p class="los-empty__title">{}</p>{}{}</div>',
        _icon(icon_name, "", "los-icon--large") if icon_name else "",
        title,
        format_html("<p>{}</p>", text) if text else "",
        format_html('<a class="ds-button" data-variant="secondary" href="{}">{}</a>', url, action) if url else "",
    )


@register.simple_tag
def pager(previous_url: str | None, next_url: str | None, label: str = "") -> SafeString:
    """{% pager previous next %}: keyset pages have neighbours, no numbers. Nothing when there is one page."""
    if not previous_url and not next_url:
        return SafeString("")
    parts = []
    if previous_url:
        parts.append(
            format_html(
                '<a class="ds-button" data-variant="tertiary" rel="prev" href="{}">{}{}</a>',
                previous_url,
                _icon("chevron-left", "", ""),
                gettext("Newer"),
            )
        )
    if next_url:
        parts.append(
            format_html(
                '<a class="ds-button" data-variant="tertiary" rel="next" href="{}">{}{}</a>',
                next_url,
                gettext("Older"),
                _icon("chevron-right", "", ""),
            )
        )
    return format_html(
        '<nav class="los-pager" aria-label="{}">{}</nav>', label or gettext("Pages"), SafeString("".join(parts))
    )


@register.simple_tag
def tabs(links: Iterable[Sequence[Any]], label: str = "") -> SafeString:
    """{% tabs links label %}: each link is (words, url, current) or (words, url, current, count)."""
    parts = []
    for words, url, current, *count in links:
        parts.append(
            format_html(
                '<li><a href="{}"{}>{}{}</a></li>',
                url,
                SafeString(' aria-current="page"') if current else "",
                words,
                format_html(' <span class="los-count">{}</span>', count[0]) if count and count[0] is not None else "",
            )
        )
    return format_html(
        '<nav class="los-tabs" aria-label="{}"><ul>{}</ul></nav>',
        label or gettext("Views"),
        SafeString("".join(parts)),
    )


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """{% breadcrumbs "Deviations" list_url "AAS-2026-0123" "" %}: words and address in turn; the last is this page."""
    steps = list(zip(pairs[::2], pairs[1::2], strict=True))
    parts = [
        format_html('<li><a class="ds-link" href="{}">{}</a></li>', url, whole(words))
        if url
        else format_html('<li><span aria-current="page">{}</span></li>', whole(words))
        for words, url in steps
    ]
    return format_html(
        '<nav class="los-crumbs" aria-label="{}"><ol>{}</ol></nav>',
        gettext("You are here"),
        SafeString("".join(parts)),
    )


class Happening(Protocol):
    """What a timeline is made of: when, a whole sentence, and perhaps what was written."""

    at: datetime
    text: str
    note: str


@register.simple_tag
def timeline(happenings: Iterable[Happening]) -> SafeString:
    """{% timeline events %}: sentences, newest first. Each has `at`, `text`, and perhaps `note` and `icon`."""
    parts = []
    for each in happenings:
        note = getattr(each, "note", "")
        parts.append(
            f"<li>{_icon(getattr(each, 'icon', '') or 'check', '', '')}<div><p>{whole(each.text)}</p>"
            + (f'<blockquote class="los-written">{conditional_escape(note)}</blockquote>' if note else "")
            + f'<p class="los-timeline__at">{when(each.at)}</p></div></li>'
        )
    return mark_safe(f'<ol class="los-timeline">{"".join(parts)}</ol>') if parts else SafeString("")  # noqa: S308


class StoredFile(Protocol):
    """What a file list is made of."""

    name: str
    url: str
    size: int


FILE_ICONS = {
    "pdf": "pdf", "doc": "word", "docx": "word", "odt": "word", "xls": "spreadsheet", "xlsx": "spreadsheet",
    "csv": "spreadsheet", "jpg": "image", "jpeg": "image", "png": "image", "webp": "image", "gif": "image",
}  # fmt: skip


@register.simple_tag
def file_list(files: Iterable[StoredFile]) -> SafeString:
    """{% file_list attachments %}: each has `name`, `url` and `size` in bytes."""
    parts = []
    for each in files:
        kind = FILE_ICONS.get(each.name.rpartition(".")[2].lower(), "file")
        parts.append(
            f'<li>{_icon(kind, "", "")}<a class="ds-link" href="{escape(each.url)}">{escape(each.name)}</a>'
            f' <span class="los-quiet">{file_size(each.size)}</span></li>'
        )
    return mark_safe(f'<ul class="los-files">{"".join(parts)}</ul>') if parts else SafeString("")  # noqa: S308


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """{% scroll "Deviations per month" %}<table class="ds-table">…{% endscroll %}: the table scrolls, not the page."""
    return format_html(
        '<div class="los-scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, SafeString(content)
    )


@register.simple_tag
def fact(label: str, value: Any = "", missing: str = "") -> SafeString:
    """{% fact label value %} inside <dl class="los-facts">: one line of what is known. Nothing without a value."""
    if value in (None, ""):
        if not missing:
            return SafeString("")
        value = format_html('<span class="los-quiet">{}</span>', missing)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, value)


# Forms --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def draft_notice() -> SafeString:
    """{% draft_notice %} inside a <form data-draft="key">: what the script says when it has put a draft back."""
    return format_html(
        '<div class="ds-alert los-draft" data-color="info" data-draft-notice role="status" hidden>'
        "<p data-draft-restored>{}</p><p data-draft-files>{}</p>"
        '<p data-draft-sent hidden>{} <a class="ds-link" href="">{}</a></p>'
        '<button type="button" class="ds-button" data-variant="tertiary" data-size="sm" data-draft-discard>{}</button>'
        "</div>",
        gettext("What you wrote last time is back. It was kept on this device only."),
        gettext("Files can't be kept: choose them again."),
        gettext("What you wrote here is sent."),
        gettext("See the receipt"),
        gettext("Start with an empty form"),
    )


@register.simple_tag
def confirm(question: str, action: str, color: str = "") -> SafeString:
    """<button {% confirm question action %}>: the script asks in a dialog first. Without script it just works."""
    return format_html(
        'data-confirm="{}" data-confirm-action="{}" data-confirm-cancel="{}"{}',
        question,
        action,
        gettext("Cancel"),
        format_html(' data-confirm-color="{}"', color) if color else "",
    )


@register.simple_tag
def options(choices: Iterable[tuple[str, object, bool]]) -> SafeString:
    """<select>{% options choices %}</select>: value, words, chosen. A loop over a hundred costs a third of a list."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(text)}</option>'
            for value, text, chosen in choices
        )
    )


@register.simple_tag
def demo_accounts() -> list[registry.DemoAccount]:
    """{% demo_accounts as accounts %}: who one can log in as in a trial; empty outside demo mode."""
    return registry.demo_accounts() if settings.DEMO else []


@register.simple_tag
def demo_codes(door: str = "") -> list[registry.DemoCode]:
    """{% demo_codes as codes %}: codes one can use at this door in a trial; empty outside demo mode."""
    return [code for code in registry.demo_codes() if code.door == door] if settings.DEMO else []


# The frame ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _frame(
    part: str, language: str, shown: tuple[registry.MenuEntry, ...], current: registry.MenuEntry | None
) -> SafeString:
    return render_to_string(
        f"components/{part}.html",
        {"links": links(shown, current), "language": language, "languages": LANGUAGES},
    )


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """{% frame "menu" %}: a part of the frame around every page, made once for all who have the same one."""
    page: Page = context["page"]
    make = _frame.__wrapped__ if settings.DEBUG else _frame
    return make(part, page.language, page.shown, page.current)
