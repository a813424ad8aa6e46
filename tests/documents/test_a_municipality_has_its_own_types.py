"""Types of document: laid when a municipality is founded, its own from then on; what they ask of those who write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from documents import actions, founding, search
from documents.models import Document, DocumentType, Kind
from kvalitetslosen.journal.verify import Count, Fault, verify
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import TEXT, approved
from tests.people import World

Login = Callable[[User], Client]
OWN: dict[str, Any] = {"name": "Brukerveiledning", "letters": "BV", "review_months": 18}


def kind(world: World, base: str) -> DocumentType:
    return actions.type_of(world.municipality.pk, base)


def faults() -> list[Fault]:
    """What the journal of types has that isn't as it was written."""
    return [fault for fault in verify(Count()) if fault.model == DocumentType._meta.label]


def own(world: World, **fields: Any) -> DocumentType:
    return actions.add_type(municipality_id=world.municipality.pk, by=world.ada, **{**OWN, **fields})


def begun(world: World, of: DocumentType | str, **fields: Any) -> Document:
    given = {"by": world.leif, "title": "Nøkler", "kind": of, "unit": world.home_care, **fields}
    return actions.create_document(**given).document


def test_a_new_municipality_has_the_shared_types_once(world: World) -> None:
    laid = DocumentType.objects.filter(municipality=world.municipality)
    assert [each.base for each in laid.in_order()] == [
        kind for kind in Kind.values if kind in {each.base for each in laid}
    ]
    assert laid.count() == len(Kind)
    founding.lay(world.municipality, world.ada)
    assert laid.count() == len(Kind)
    assert (kind(world, "policy").review_months, kind(world, "action_card").review_months) == (48, 12)
    assert "Føremål" in actions.type_of(world.other_municipality.pk, "procedure").template
    assert [each.base for each in laid if not each.template] == []
    assert 'data-list="check"' in kind(world, "checklist").template
    assert faults() == []


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (1, "every month"),
        (12, "every year"),
        (18, "every 18 months"),
        (48, "every fourth year"),
        (72, "every 72 months"),
    ],
)
def test_how_often_is_said_in_years_where_they_are_whole(world: World, months: int, said: str) -> None:
    assert own(world, review_months=months).review_rhythm == f"reviewed {said}"


def test_a_name_left_empty_is_that_of_the_shared_kind(world: World) -> None:
    guide = kind(world, "guide")
    assert guide.label == str(Kind.GUIDE.label)
    actions.change_type(type=guide, by=world.ada, name="Håndbok")
    assert str(DocumentType.objects.get(pk=guide.pk)) == "Håndbok"


def test_a_draft_begins_with_the_template_which_alone_is_nothing_to_send(world: World) -> None:
    draft = actions.create_document(by=world.leif, title="Nøkler", kind="procedure", unit=world.home_care)
    assert "<h2>Formål</h2>" in draft.body
    with pytest.raises(ValidationError, match="nothing to approve"):
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.save(version=draft, by=world.leif, title="Nøkler", body=TEXT)
    actions.send(version=draft, by=world.leif, approver=world.sunniva)


def test_units_count_on_their_own_where_the_number_has_their_code(world: World) -> None:
    own(world, with_unit_code=True)
    brought = DocumentType.objects.get(name="Brukerveiledning")
    numbers = [
        begun(world, brought).number,
        begun(world, brought, unit=world.school).number,
        begun(world, brought).number,
        begun(world, own(world, name="Brev")).number,
        begun(world, own(world, name="Bok")).number,
    ]
    assert numbers == ["BV-HB-0001", "BV-SK-0001", "BV-HB-0002", "BV-0001", "BV-0002"]


def test_what_the_type_asks_for_is_filled_in_before_a_draft_is_sent(world: World, login: Login) -> None:
    actions.change_type(type=kind(world, "procedure"), by=world.ada, required=["keywords", "a name of long ago"])
    draft = actions.create_document(by=world.leif, title="Nøkler", kind="procedure", unit=world.home_care)
    actions.save(version=draft, by=world.leif, title="Nøkler", body=TEXT)
    page = login(world.leif).post(
        reverse("documents:step", args=[draft.document.number, "send"]), {"approver": world.sunniva.pk}
    )
    assert "Keywords" in page.content.decode()
    address = reverse("documents:particulars", args=[draft.document.number])
    given = {"kind": "procedure", "unit": "Hjemmetjenesten", "reach": "unit", "keywords": "låsesystem, adgang"}
    assert login(world.leif).post(address, given).status_code == 302
    draft.document.refresh_from_db()
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    assert [hit.title for hit in search.find(world.nora, "låsesystem").hits] == ["Nøkler"]


def test_keywords_carry_no_identity_number(world: World) -> None:
    document = begun(world, "procedure")
    with pytest.raises(ValidationError):
        actions.change_particulars(document=document, by=world.leif, keywords="10915596784")


def test_the_administrator_lists_adds_changes_and_orders_types(world: World, login: Login) -> None:
    ada = login(world.ada)
    listed, added = reverse("documents:types"), reverse("documents:add_type")
    assert "Procedure" in ada.get(listed).content.decode()
    given = {
        "name": "Brukerveiledning", "letters": "BV", "review_months": 18, "with_unit_code": "on",
        "template": "<h2>Slik gjør du</h2><script>x</script>", "required": ["keywords"],
    }  # fmt: skip
    assert ada.get(added).status_code == 200
    assert ada.post(added, given)["Location"] == listed
    made = DocumentType.objects.get(name="Brukerveiledning")
    assert (made.template, made.required, made.is_active, made.base) == (
        "<h2>Slik gjør du</h2>", ["keywords"], True, ""
    )  # fmt: skip
    for wrong in (
        {"name": ""},
        {"name": "procedure"},
        {"letters": "b1"},
        {"review_months": 0},
        {"review_months": 999},
    ):
        answer = ada.post(added, {**given, "name": "Ny", **wrong})
        assert answer.status_code == 200, wrong
    edited = reverse("documents:edit_type", args=[made.pk])
    assert ada.get(edited).status_code == 200
    assert ada.post(edited, {**given, "name": "Bruksanvisning"})["Location"] == listed
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Bruksanvisning", False)
    moved = reverse("documents:move_type", args=[made.pk])
    before = made.position
    for way, place in (("down", before), ("up", before - 1), ("down", before)):
        ada.post(moved, {"way": way})
        made.refresh_from_db()
        assert made.position == place
    assert ada.get(moved).status_code == 405
    assert faults() == []


def test_a_type_out_of_use_is_kept_by_its_documents_and_by_no_new_one(world: World, login: Login) -> None:
    document = begun(world, "routine")
    actions.change_type(type=kind(world, "routine"), by=world.ada, is_active=False)
    leif = login(world.leif)
    assert 'value="routine"' not in leif.get(reverse("documents:new")).content.decode()
    assert (
        'value="routine" selected'
        in leif.get(reverse("documents:particulars", args=[document.number])).content.decode()
    )
    refused = leif.post(
        reverse("documents:new"), {"title": "x", "kind": "routine", "unit": "Hjemmetjenesten", "reach": "unit"}
    )
    assert refused.status_code == 200
    for each in DocumentType.objects.filter(municipality=world.municipality).exclude(base="plan").order_by("pk"):
        actions.change_type(type=each, by=world.ada, is_active=False)
    with pytest.raises(ValidationError, match="One type must stay"):
        actions.change_type(type=kind(world, "plan"), by=world.ada, is_active=False)


def test_missing_standard_types_are_added_on_request_only_those(world: World, login: Login) -> None:
    address = reverse("documents:lay_types")
    for _n in range(2):
        login(world.ada).post(address)
        assert DocumentType.objects.filter(municipality=world.municipality).count() == len(Kind)
    assert login(world.ada).get(address).status_code == 405


def test_types_from_before_there_were_templates_get_them_on_request_and_no_other_is_touched(
    world: World, login: Login
) -> None:
    types = DocumentType.objects.filter(municipality=world.municipality)
    types.filter(base__in=["routine", "plan"]).update(template="")
    actions.change_type(type=kind(world, "procedure"), by=world.ada, template="<h2>Vårt eget</h2>")
    organisation.choose_language(user=world.ada, language="en")
    address = reverse("documents:lay_types")

    assert "2 types without a template" in login(world.ada).post(address, follow=True).content.decode()
    assert "<h2>" in kind(world, "routine").template
    assert "<h2>" in kind(world, "plan").template
    assert kind(world, "procedure").template == "<h2>Vårt eget</h2>"
    assert "are there already" in login(world.ada).post(address, follow=True).content.decode()


@pytest.mark.parametrize("name", ["types", "add_type", "edit_type", "move_type", "lay_types"])
def test_only_who_keeps_the_municipality_decides_about_types(world: World, login: Login, name: str) -> None:
    of_another = actions.type_of(world.other_municipality.pk, "plan").pk
    own_pk = kind(world, "plan").pk
    for pk, who, code in (
        (own_pk, "leif", 403), (own_pk, "kristin", 403), (own_pk, "nora", 403), (own_pk, "mona", 403),
        (of_another, "ada", 404),
    ):  # fmt: skip
        takes_one = name in ("edit_type", "move_type")
        if who == "ada" and not takes_one:
            continue
        client = login(getattr(world, who))
        address = reverse(f"documents:{name}", args=[pk] if takes_one else [])
        answer = client.get(address) if name == "types" else client.post(address, {"way": "up"})
        assert answer.status_code == code, (name, who)


def test_what_drafts_begin_with_is_written_in_the_same_editor(world: World, login: Login) -> None:
    target = approved(world, title="Brann i bygget").document
    Document.objects.filter(pk=target.pk).update(reach="municipality")
    procedure = kind(world, "procedure")
    text = f'<p>Se <a data-document="{target.pk}"></a></p>'
    actions.change_type(type=procedure, by=world.ada, template=text)
    client = login(world.ada)
    page = client.get(reverse("documents:edit_type", args=[procedure.pk])).text
    assert "Underlined" in page, "its buttons have our words"
    assert f"{{&quot;{target.pk}&quot;: &quot;Brann i bygget&quot;}}" in page
    for name in ("link", "picture", "table"):
        assert f'id="editor-{name}"' in page
    find, picture = reverse("documents:find_for_type"), reverse("documents:picture_for_type")
    assert find in page
    assert picture in page
    assert [each["number"] for each in client.get(find, {"q": "brann"}).json()["documents"]] == [target.number]
    assert client.get(find, {"deler": target.number}).json()["parts"][0]["text"] == "Hva du gjør"
    assert client.post(picture).status_code == 422
    assert (client.post(find).status_code, client.get(picture).status_code) == (405, 405)
    for who in (world.leif, world.nora):
        assert login(who).get(find, {"q": "brann"}).status_code == 403
        assert login(who).post(picture).status_code == 403
    assert login(world.mona).get(find, {"q": "brann"}).status_code == 403
    draft = actions.create_document(by=world.leif, title="Nøkler", kind="procedure", unit=world.home_care)
    assert f'<a data-document="{target.pk}"></a>' in draft.body


@pytest.mark.parametrize("pk", ["9" * 15, "9" * 19, "9" * 5000])
def test_a_form_that_is_refused_is_shown_again_whatever_it_links_to(world: World, login: Login, pk: str) -> None:
    address = reverse("documents:edit_type", args=[kind(world, "procedure").pk])
    sent = {"letters": "?", "review_months": "12", "template": f'<p><a data-document="{pk}">Skriv her</a></p>'}
    answer = login(world.ada).post(address, sent)
    assert answer.status_code == 200
    assert "Skriv her" in answer.text, "what was typed is kept"
