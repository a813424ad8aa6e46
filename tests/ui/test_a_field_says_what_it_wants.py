from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.renderers import TemplatesSetting
from django.utils import translation

from kvalitetslosen.ui.forms import Cards, FilesField, FilterForm, Fold, Layout, PageForm, Row, Show


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


class Report(PageForm, forms.Form):
    what = forms.CharField(label="What happened?", help_text="No names.", widget=forms.Textarea(attrs={"cols": 40}))
    kind = forms.ChoiceField(
        label="What kind?",
        choices=[("a", "Deviation"), ("b", "Risk")],
        widget=Cards(descriptions={"b": "Could happen"}),
    )
    when = forms.ChoiceField(choices=[("now", "Now"), ("date", "A date")])
    day = forms.DateField(required=False, label="Which day?")
    cause = forms.CharField(required=False, label="Cause")
    harm = forms.ChoiceField(choices=[("none", "None"), ("unknown", "Don't know")], initial="unknown", required=False)
    email = forms.EmailField(required=False, label="E-mail")
    hide = forms.BooleanField(required=False, label="Hide my name", help_text="Sealed.")
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    guides = {"cause": 80}
    box_attrs = {"email": {"data-x": "<1>"}}

    def layout(self) -> Layout:
        return Layout(
            "what", "kind", Row("when", Show("when", "date", "day")), Fold("More", "cause", "harm"), "email", "hide"
        )


def read(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


def page(form: forms.BaseForm) -> Any:
    return read(render_crispy_form(form))


def test_label_help_and_error_belong_to_the_control() -> None:
    soup = page(Report({}))
    area = soup.find("textarea")
    assert soup.find("label", {"for": area["id"]}).get_text(strip=True) == "What happened?"
    texts = [soup.find(id=each).get_text() for each in area["aria-describedby"].split()]
    assert texts == ["No names.", "Fill in “What happened?”."]
    assert area["aria-invalid"] == "true"


def test_help_stands_before_the_control() -> None:
    field = page(Report()).find("textarea").parent
    order = [
        child.name if child.name != "div" else child.get("data-field", "box")
        for child in field.find_all(recursive=False)
    ]
    assert order == ["label", "description", "textarea"]


def test_choices_are_a_group_with_a_legend() -> None:
    group = page(Report({})).find("fieldset", id="id_kind")
    assert group.legend.get_text(strip=True) == "What kind?"
    assert [radio["value"] for radio in group.find_all("input", {"type": "radio", "class": "ds-input"})] == ["a", "b"]
    assert "Could happen" in group.find("label", {"for": "id_kind_1"}).get_text()
    assert "Choose an answer to “What kind?”." in group.get_text()


def test_only_what_may_be_left_out_is_marked_and_neither_inside_a_fold_nor_what_one_answer_asks_for() -> None:
    soup = page(Report())
    marked = {
        label.get_text(" ", strip=True)
        for label in soup.find_all(["label", "legend"])
        if label.find(class_="los-optional")
    }
    assert marked == {"E-mail Optional"}


def test_a_fold_is_open_only_when_something_inside_is_used() -> None:
    assert not page(Report()).details.has_attr("open")
    assert not page(Report({"harm": "unknown"})).details.has_attr("open"), "what it says by itself is no use of it"
    assert not page(Report(initial={"harm": "unknown"})).details.has_attr("open")
    assert page(Report({"harm": "none"})).details.has_attr("open")
    assert page(Report({"harm": "unknown", "cause": "Haste"})).details.has_attr("open")
    assert page(Report(initial={"cause": "Haste"})).details.has_attr("open")


def test_hidden_fields_go_along_without_being_in_the_layout() -> None:
    assert page(Report(initial={"token": "x"})).find("input", {"type": "hidden", "name": "token"})["value"] == "x"


def test_everything_wrong_is_listed_at_the_top_with_a_way_there() -> None:
    soup = page(Report({"email": "nowhere"}))
    summary = soup.find("ds-error-summary")
    assert summary.h2.get_text() == "Four things must be put right before you can go on."
    for link in summary.find_all("a"):
        assert soup.find(id=link["href"].removeprefix("#")), link


def test_an_error_of_the_whole_form_is_in_the_list() -> None:
    form = Report({})
    form.add_error(None, "Somebody else has just closed it.")
    assert "Somebody else has just closed it." in page(form).find("ds-error-summary").get_text()


def test_a_form_without_errors_has_no_list() -> None:
    assert page(Report()).find("ds-error-summary") is None


def test_a_date_is_sent_as_the_browsers_picker_wants_it() -> None:
    with translation.override("nb"):
        day = page(Report(initial={"day": date(2026, 11, 3)})).find("input", {"name": "day"})
    assert (day["type"], day["value"]) == ("date", "2026-11-03")


def test_the_fields_for_one_answer_say_which() -> None:
    box = page(Report()).find(attrs={"data-show-if": "when"})
    assert box["data-show-value"] == "date"
    assert box.find("input", {"name": "day"})


def test_a_guide_counts_down_and_a_box_has_its_attributes() -> None:
    soup = page(Report())
    assert soup.find("ds-field").find(attrs={"data-field": "counter"})["data-limit"] == "80"
    assert soup.find("input", {"name": "email"}).parent["data-x"] == "<1>"


def test_a_text_area_has_no_width_in_letters_and_keeps_its_first_line_break() -> None:
    area = page(Report(initial={"what": "\nfirst"})).find("textarea")
    assert not area.has_attr("cols")
    assert area.get_text() == "\n\nfirst"


NASTY = "\"><script>alert('x')</script>&amp;"


def test_what_people_write_is_never_html() -> None:
    class Nasty(PageForm, forms.Form):
        text = forms.CharField(label=NASTY, help_text=NASTY, initial=NASTY)
        area = forms.CharField(widget=forms.Textarea, initial=NASTY)
        one = forms.ChoiceField(choices=[(NASTY, [(NASTY, NASTY)])])
        card = forms.ChoiceField(choices=[(NASTY, NASTY)], widget=Cards(descriptions={NASTY: NASTY}))

    for form in (Nasty(), Nasty({"text": "", "area": NASTY, "one": NASTY + "2", "card": NASTY + "2"})):
        if form.is_bound:
            form.add_error(None, NASTY)
        html = render_crispy_form(form)
        assert "<script>" not in html
        soup = read(html)
        assert soup.find("textarea").get_text().removeprefix("\n") == NASTY
        assert soup.find("option")["value"] == NASTY


class Everything(forms.Form):
    text = forms.CharField(max_length=20, initial="a")
    number = forms.IntegerField(min_value=1, initial=0)
    secret = forms.CharField(widget=forms.PasswordInput)
    area = forms.CharField(widget=forms.Textarea, initial="b & c")
    choice = forms.ChoiceField(choices=[("", "–"), ("Group", [(1, "one"), (2, "two")])], initial=2)
    many = forms.MultipleChoiceField(choices=[("x", "X"), ("y", "Y")], initial=["y"])
    radio = forms.ChoiceField(choices=[("x", "X"), ("y", "Y")], initial="y", widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(
        choices=[("x", "X"), ("y", "Y")], initial=["x"], widget=forms.CheckboxSelectMultiple
    )
    yes = forms.BooleanField(initial=True)
    no = forms.NullBooleanField()
    file = forms.FileField()
    moment = forms.SplitDateTimeField()
    hidden = forms.CharField(widget=forms.HiddenInput, initial="h")


def sent(html: str) -> list[tuple[str, ...]]:
    """What a browser would see of the controls: kind, name, value, chosen or not."""
    soup = read(html)
    found: list[tuple[str, ...]] = []
    for control in soup.find_all(["input", "textarea", "select"]):
        options = [(o["value"], o.get_text(), o.has_attr("selected")) for o in control.find_all("option")]
        found.append(
            (
                control.name, control.get("type", ""), control["name"], control.get("value", ""),
                control.get_text().removeprefix("\n").removeprefix("\r\n") if control.name == "textarea" else "",
                str(control.has_attr("checked")), str(control.has_attr("required")), str(options),
                control.get("maxlength", "") + control.get("min", ""), control.get("id", ""),
            )
        )  # fmt: skip
    return found


def test_our_controls_send_what_djangos_would() -> None:
    ours = "".join(str(field) for field in Everything())
    djangos = "".join(str(field) for field in Everything(renderer=TemplatesSetting()))
    assert sent(ours) == sent(djangos)


class Days(PageForm, forms.Form):
    days = forms.IntegerField(label="To receive")
    text = forms.CharField(label="Text", required=False)
    after = {"days": "<working> days"}
    needed_later = ("text",)


def test_what_a_number_counts_is_seen_after_it_and_heard_with_its_label() -> None:
    page = BeautifulSoup(render_crispy_form(Days()), "html.parser")
    assert page.select_one("label[for=id_days]").get_text() == "To receive (<working> days)"  # type: ignore[union-attr]
    seen = page.select_one(".los-measure span")
    assert seen is not None
    assert (seen.get_text(), seen["aria-hidden"]) == ("<working> days", "true")


def test_what_is_needed_later_is_not_called_optional() -> None:
    page = BeautifulSoup(render_crispy_form(Days()), "html.parser")
    assert not page.select(".los-optional")


def test_a_filter_marks_nothing_as_optional() -> None:
    class Filter(FilterForm, forms.Form):
        q = forms.CharField(required=False)

    assert "Optional" not in render_crispy_form(Filter())


def test_several_files_are_one_list() -> None:
    class Upload(PageForm, forms.Form):
        attachments = FilesField(required=False)

    two = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    form = Upload({}, {"attachments": two})
    assert form.is_valid()
    assert [each.name for each in form.cleaned_data["attachments"]] == ["a.txt", "b.txt"]
    assert Upload({}, {}).is_valid()
    assert not Upload({}, {"attachments": [SimpleUploadedFile("empty.txt", b"")]}).is_valid()
    control = read(str(Upload()["attachments"])).input
    assert control.has_attr("multiple")
