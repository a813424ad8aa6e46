"""Call-outs, checklists, links to documents, tables with headers and pictures: stored clean, shown whole, found."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from PIL import Image

from documents import actions, links, pictures
from documents.comparison import compare
from documents.html import LinkTarget, clean, pictures_without_words, shown, words_alone
from documents.models import Document, DocumentLink, Version
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted
from tests.people import World

Login = Callable[[User], Client]
RICH = (
    '<h2>Før du går inn</h2><aside data-callout="warning"><h3>Strøm</h3><p>Slå av strømmen.</p></aside>'
    '<ul data-list="check"><li><p>Hansker</p></li><li><p>Lykt</p><ul><li><p>batteri</p></li></ul></li></ul>'
    "<table><tbody><tr><th><p>Når</p></th><th><p>Hva</p></th></tr><tr><th><p>Natt</p></th><td><p>Ring</p></td></tr>"
    "</tbody></table>"
)


def photo(side: int = 60, *, form: str = "JPEG") -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "tatt hos Per Pedersen"
    Image.new("RGB", (side, side), "red").save(made, form, exif=exif)
    return made.getvalue()


def as_source(data: bytes, kind: str = "jpeg") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (RICH, RICH),
        ("<aside><p>Hei</p></aside>", '<aside data-callout="note"><p>Hei</p></aside>'),
        ('<aside data-callout="x" class="y"><p>Hei</p></aside>', '<aside data-callout="note"><p>Hei</p></aside>'),
        ('<ul data-list="x"><li>a</li></ul>', "<ul><li>a</li></ul>"),
        ('<p><a data-document="12" href="https://x.example">ord</a></p>', '<p><a data-document="12">ord</a></p>'),
        ('<p><a data-document="12" data-part="del-å"></a></p>', '<p><a data-document="12" data-part="del-å"></a></p>'),
        ('<p><a data-document="1 or 2">ord</a></p>', '<p><a rel="noopener noreferrer">ord</a></p>'),
        ('<p><a data-document="7" data-part="&quot;><b>">x</a></p>', '<p><a data-document="7">x</a></p>'),
    ],
)
def test_only_what_the_editor_writes_is_stored_and_a_second_cleaning_changes_nothing(
    written: str, stored: str
) -> None:
    assert clean(written) == stored
    assert clean(stored) == stored


def test_what_is_shown_is_whole_and_says_what_it_is_to_who_cannot_see() -> None:
    page = shown(clean(RICH), ticks=True)
    assert [(each.anchor, each.level) for each in page.contents] == [("del-før-du-går-inn", 2), ("del-strøm", 3)]
    assert page.tree.count("<ul>") == 2, "one list inside the other"
    html = str(page.html)
    assert '<div class="los-callout" data-callout="warning" role="note"><p class="los-callout__kind">' in html
    assert "Warning</p>" in html
    assert html.count('type="checkbox"') == 2, "the list inside the point is no checklist"
    assert '<th scope="col"><p>Når' in html
    assert '<th scope="row"><p>Natt' in html
    assert html.count("<div") == html.count("</div>")
    assert "checkbox" not in shown(clean(RICH)).html
    assert words_alone(RICH).splitlines()[:5] == ["Før du går inn", "Strøm", "Slå av strømmen.", "Hansker", "Lykt"]


def test_an_anchor_follows_the_words_of_its_heading_not_its_place() -> None:
    before = shown("<h2>Ansvar</h2><h2>Ansvar</h2>").contents
    after = shown("<h2>Formål</h2><h2>Ansvar</h2><h2>Ansvar</h2>").contents
    assert [each.anchor for each in before] == [each.anchor for each in after[1:]] == ["del-ansvar", "del-ansvar-2"]


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        (
            '<aside data-callout="note"><p>Ring.</p></aside>',
            '<aside data-callout="warning"><p>Ring.</p></aside>',
            (
                '<aside data-callout="note"><p><del>Ring.</del></p></aside>'
                '<aside data-callout="warning"><p><ins>Ring.</ins></p></aside>'
            ),
        ),
        (
            "<ul><li>En</li></ul>",
            '<ul data-list="check"><li>En</li></ul>',
            '<ul><li><del>En</del></li></ul><ul data-list="check"><li><ins>En</ins></li></ul>',
        ),
        (  # two call-outs beside each other stay two
            '<aside data-callout="note"><p>A</p></aside><aside data-callout="note"><p>B</p></aside>',
            '<aside data-callout="note"><p>A</p></aside><aside data-callout="note"><p>B C</p></aside>',
            '<aside data-callout="note"><p>A</p></aside><aside data-callout="note"><p>B<ins> C</ins></p></aside>',
        ),
        (
            '<p>Se <a data-document="3"></a> nå.</p>',
            '<p>Se <a data-document="4"></a> nå.</p>',
            '<p>Se <del><a data-document="3"></a></del><ins><a data-document="4"></a></ins> nå.</p>',
        ),
        (  # a column that is new in every row
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
            "<table><tr><td>a</td><td>x</td><td>b</td></tr><tr><td>c</td><td>y</td><td>d e</td></tr></table>",
            (
                "<table><tr><td>a</td><td><ins>x</ins></td><td>b</td></tr>"
                "<tr><td>c</td><td><ins>y</ins></td><td>d<ins> e</ins></td></tr></table>"
            ),
        ),
        (
            "<table><tr><td>a</td><td>x</td><td>b</td></tr></table>",
            "<table><tr><td>a</td><td>b</td></tr></table>",
            "<table><tr><td>a</td><td><del>x</del></td><td>b</td></tr></table>",
        ),
    ],
)
def test_each_of_them_is_compared(old: str, new: str, result: str) -> None:
    assert compare(old, new) == result


def test_without_script_nothing_of_a_text_is_lost(world: World, login: Login) -> None:
    """The text area has the text as it is stored; sent back untouched it changes nothing."""
    target = approved(world, title="Brann").document
    body = f'{RICH}<p>Se <a data-document="{target.pk}"></a>.</p><img src="{pictures.drawn(photo())}" alt="Kart">'
    draft = drafted(world, body=body)
    page = login(world.leif).get(draft.get_absolute_url()).content.decode()
    found = re.search(r'<textarea name="body"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    in_area = unescape(found[1])
    for mark in ('data-callout="warning"', 'data-list="check"', f'data-document="{target.pk}"', 'alt="Kart"', "<th>"):
        assert mark in in_area
    sent = {"title": draft.title, "body": in_area.replace("\n", "\r\n"), "seen": draft.events_count, "then": "stay"}
    assert login(world.leif).post(draft.get_absolute_url(), sent).status_code == 302
    again = Version.objects.get(pk=draft.pk)
    assert (again.body, again.events_count) == (draft.body, draft.events_count)


class TestPictures:
    def test_a_picture_is_drawn_anew_wherever_it_comes_from(self, world: World) -> None:
        draft = drafted(world, body=f'<p>x</p><img src="{as_source(photo(1500))}" alt="Ventil">')
        data = base64.b64decode(draft.body.split("base64,")[1].split('"')[0])
        with Image.open(io.BytesIO(data)) as stored:
            assert max(stored.size) == pictures.SIDE
            assert not stored.getexif()
        assert b"Per Pedersen" not in data
        body = draft.body
        actions.save(version=draft, by=world.leif, title=draft.title, body=body + "<p>y</p>")
        assert draft.body == body + "<p>y</p>", "a picture that was there is not drawn again"

    def test_what_is_no_picture_is_refused_with_a_sentence(self, world: World) -> None:
        with pytest.raises(ValidationError) as refused:
            drafted(world, body=f'<p>x</p><img src="{as_source(b"GIF89a tull", "gif")}">')
        assert refused.value.error_dict["body"][0].code == "picture"

    def test_the_editor_sends_one_and_gets_it_back_drawn(self, world: World, login: Login) -> None:
        draft = drafted(world)
        address = reverse("documents:picture", args=[draft.document.number])
        assert login(world.leif).post(address).status_code == 422
        named = io.BytesIO(photo())
        named.name = "IMG_1.jpg"
        answer = login(world.leif).post(address, {"picture": named})
        source = answer.json()["src"]
        assert source.startswith("data:image/jpeg;base64,")
        assert b"Per Pedersen" not in base64.b64decode(source.partition(",")[2])
        text = io.BytesIO(b"hei")
        text.name = "hei.txt"
        assert "JPEG" in login(world.leif).post(address, {"picture": text}).json()["problem"]
        assert login(world.leif).get(address).status_code == 405
        assert login(world.nora).post(address).status_code == 404

    def test_a_picture_without_words_is_pointed_out(self, world: World, login: Login) -> None:
        source = pictures.drawn(photo())
        assert (
            pictures_without_words(
                clean(f'<img src="{source}"><img src="{source}" alt=""><img src="{source}" alt="a">')
            )
            == 1
        )
        draft = drafted(world, body=f'<p>x</p><img src="{source}">')
        assert "A picture lacks words" in login(world.leif).get(draft.get_absolute_url()).content.decode()


class TestLinksToDocuments:
    @pytest.fixture
    def target(self, world: World) -> Document:
        return approved(world, title="Brann i bygget", body="<h2>Varsling</h2><p>Ring 110.</p>").document

    def linking(self, world: World, body: str) -> Document:
        return approved(world, title="Nattevakt", body=body).document

    def page(self, login: Login, user: User, document: Document) -> str:
        return login(user).get(document.get_absolute_url()).content.decode()

    def test_a_link_has_the_title_and_the_address_of_today(self, world: World, login: Login, target: Document) -> None:
        body = f'<p>Se <a data-document="{target.pk}"></a> og <a data-document="{target.pk}">brannrutinen</a>.</p>'
        document = self.linking(world, body)
        article = self.page(login, world.nora, document)
        assert f'<a class="ds-link" href="/handbok/{target.number}/">Brann i bygget</a>' in article
        draft = actions.new_version(document=target, by=world.leif)
        actions.save(version=draft, by=world.leif, title="Ved brann", body="<p>Ut.</p>", change_summary="x")
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
        actions.approve(version=draft, by=world.sunniva)
        article = self.page(login, world.nora, document)
        assert f'href="/handbok/{target.number}/">Ved brann</a>' in article
        assert f'href="/handbok/{target.number}/">brannrutinen</a>' in article

    def test_who_may_not_see_it_gets_the_plain_words(self, world: World, login: Login, target: Document) -> None:
        hidden = drafted(world, title="Hemmelig utkast").document
        body = f'<p>Se <a data-document="{hidden.pk}">den nye</a> og <a data-document="{hidden.pk}"></a>.</p>'
        document = self.linking(world, body)
        page = self.page(login, world.nora, document)
        assert "Se den nye og <em>another document</em>." in page
        assert hidden.number not in page
        assert "Hemmelig" not in page
        ours = self.page(login, world.leif, document)
        assert f'href="/handbok/{hidden.number}/">den nye</a> <span class="los-quiet">(not in force yet)' in ours

    def test_a_document_of_another_municipality_is_never_led_to(self, world: World, login: Login) -> None:
        theirs = actions.create_document(by=world.mona, title="Deres", kind="procedure", unit=world.other_school)
        document = self.linking(world, f'<p>Se <a data-document="{theirs.document_id}">her</a>.</p>')
        assert "Deres" not in self.page(login, world.leif, document)
        assert DocumentLink.objects.get(version__document=document).fault == "gone"

    def test_a_withdrawn_one_is_marked(self, world: World, login: Login, target: Document) -> None:
        document = self.linking(world, f'<p>Se <a data-document="{target.pk}"></a>.</p>')
        in_force = target.versions.get()
        actions.withdraw(version=in_force, by=world.leif, note="Slått sammen")
        page = self.page(login, world.nora, document)
        assert 'Se Brann i bygget <span class="los-quiet">(no longer applies)</span>.' in page
        assert f"/handbok/{target.number}/" not in page, "nora can't open it any more"

    def test_addresses_of_our_own_become_links_that_last(self, world: World, target: Document) -> None:
        own = f"/handbok/{target.number}/#del-varsling"
        body = (
            f'<p><a href="{settings.SITE_URL}{own}">a</a> <a href="{own}">b</a> <a href="www.lovdata.no">c</a> '
            f'<a href="https://andre.example{own}">d</a></p>'
        )
        with_links = drafted(world, body=body).body
        assert with_links.count(f'<a data-document="{target.pk}" data-part="del-varsling">') == 2
        assert '<a href="https://www.lovdata.no"' in with_links
        assert '<a href="https://andre.example' in with_links
        hidden = drafted(world, title="Annet")
        draft = actions.create_document(by=world.mona, title="x", kind="procedure", unit=world.other_school)
        actions.save(
            version=draft, by=world.mona, title="x", body=f'<p><a href="/handbok/{hidden.document.number}/">h</a></p>'
        )
        assert "data-document" not in draft.body, "nobody ties a link to what they can't see"

    def test_the_editor_finds_what_the_writer_may_read(self, world: World, login: Login, target: Document) -> None:
        draft = drafted(world)
        address = reverse("documents:find_document", args=[draft.document.number])
        client = login(world.leif)
        for text in ("brann bygget", target.number.lower(), "BRANN"):
            assert client.get(address, {"q": text}).json()["documents"] == [
                {"id": target.pk, "number": target.number, "title": "Brann i bygget"}
            ]
        assert client.get(address, {"q": ""}).json()["documents"] == []
        assert client.get(address, {"deler": target.number}).json()["parts"] == [
            {"anchor": "del-varsling", "text": "Varsling"}
        ]
        assert login(world.nora).get(address).status_code == 404
        assert client.post(address).status_code == 405

    def test_the_writer_hears_that_not_all_readers_may_follow_it(
        self, world: World, login: Login, target: Document
    ) -> None:
        body = f'<p>Se <a data-document="{target.pk}"></a>.</p>'
        ours = drafted(world, body=body)
        assert "Not everyone" not in login(world.leif).get(ours.get_absolute_url()).content.decode()
        Document.objects.filter(pk=ours.document_id).update(reach="municipality")
        assert "Not everyone" in login(world.leif).get(ours.get_absolute_url()).content.decode()
        assert links.targets_for_all(Document.objects.get(pk=ours.document_id), body) == {}


def test_a_title_is_text_and_stays_text() -> None:
    target = LinkTarget("P-1", "<b>Fet</b> & mer", "/handbok/P-1/")
    assert "&lt;b&gt;Fet&lt;/b&gt; &amp; mer</a>" in shown('<p><a data-document="1"></a></p>', {1: target}).html
