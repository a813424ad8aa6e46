"""The rights table once more, over all the places where a case shows: every kind of case, everybody, in one world.

List, search, count, file and its preview, spreadsheet, mail, cause, what a colleague is asked, and the API. The page
of the case and its steps are in ``test_who_may_do_what``.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from deviations import actions
from deviations.models import CauseKind, Deviation, WhistleCase
from kvalitetslosen.files.actions import attach_all
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation.models import User
from tests.deviations import cases, whistles
from tests.deviations.test_who_may_do_what import REPORTER, TABLE
from tests.notifications.conftest import Post
from tests.people import World
from tests.reports.test_who_reads_figures import total

pytestmark = pytest.mark.one_kind

Login = Callable[[User], Client]

CAUSE = "Skapet står bak døra."
LOOKS_ON = {"vidar", "per"}
"""See the case, by law, and nothing of how it is looked into."""
ABOUT = {kind for kind in TABLE if "about" in kind}
FIGURES = {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "vidar", "per", "tiril", "wanda", "mona"}
FIGURES_ONLY = {"tiril", "wanda"}
RECEIVE = set(whistles.RECIPIENTS)


class Everything:
    """A case of each kind, each with a photo, a cause and something asked of Greta; and one of whistle-blowing."""

    def __init__(self, world: World) -> None:
        self.people = cases.overseers(world)
        self.world = world
        self.cases: dict[str, Deviation] = {kind: make(world) for kind, make in cases.KINDS.items()}
        self.photos = {kind: self._photo(each) for kind, each in self.cases.items()}
        self.whistle: WhistleCase = whistles.case(world)

    def _photo(self, deviation: Deviation) -> Attachment:
        picture = io.BytesIO()
        Image.new("RGB", (60, 40), "red").save(picture, "PNG")
        photo = SimpleUploadedFile("bilde.png", picture.getvalue())
        return attach_all(owner=deviation, uploads=[photo], by=None)[0]

    def looked_into(self) -> None:
        for each in self.cases.values():
            assert each.handler is not None
            actions.receive(deviation=each, by=each.handler)
            actions.put_why(
                deviation=each, by=each.handler, key=uuid.uuid4(), text=CAUSE, weight="root", kind=CauseKind.TOOLS
            )

    def who(self) -> Iterable[tuple[str, User, set[str]]]:
        """Everybody, with the kinds that the table lets them see."""
        for short in self.people:
            yield short, self.world.people[short], {kind for kind, seeing in TABLE.items() if short in seeing}

    def found_in(self, text: str) -> set[str]:
        return {kind for kind, each in self.cases.items() if each.reference in text}


@pytest.fixture
def everything(world: World, settings: Any, tmp_path: Path) -> Everything:
    settings.MEDIA_ROOT = tmp_path
    return Everything(world)


def reported(kind: str, who: str) -> bool:
    return TABLE[kind].get(who) == REPORTER


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return str(content.decode())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return " ".join(book.read(name).decode(errors="replace") for name in book.namelist())


def test_lists_search_and_spreadsheets(everything: Everything, login: Login) -> None:
    views = ("omrade", "hos-meg", "mine")
    for who, user, sees in everything.who():
        client = login(user)
        listed = "".join(text_of(client.get(f"/avvik/?visning={view}&status=alle")) for view in views)
        assert everything.found_in(listed) == sees, who
        sought = "".join(text_of(client.get(f"/avvik/?visning={view}&q=multidosen")) for view in views)
        assert everything.found_in(sought) == sees, who
        for those, status in ((sees, 302), (set(TABLE) - sees, 200)):
            for kind in sorted(those)[:1]:
                number = everything.cases[kind].reference
                assert client.get(f"/avvik/?q={number}").status_code == status, (who, kind)
        assert client.get(f"/avvik/?q={everything.whistle.reference}").status_code == 200, who
        assert everything.whistle.reference not in listed, who
        for name in ("saker.csv", "saker.xlsx"):
            answers = [client.get(f"/rapporter/{name}?visning={view}&status=alle") for view in views[:2]]
            if who in FIGURES - FIGURES_ONLY:
                found = everything.found_in("".join(map(text_of, answers)))
                assert found == sees, (who, name)
            else:
                assert {each.status_code for each in answers} == {403}, (who, name)


def test_counts(everything: Everything, login: Login) -> None:
    """A number is that of the cases one sees; for those who have figures alone, of all but those about a leader."""
    for who, user, sees in everything.who():
        client = login(user)
        files = ("/rapporter/tall.csv", "/rapporter/tall.xlsx")
        may = who in FIGURES - FIGURES_ONLY
        assert {client.get(path).status_code for path in files} == {200 if may else 403}, who
        if may:
            assert total(client) == len(sees), who
        elif who in FIGURES_ONLY:
            said = client.get("/rapporter/", follow=True).text
            assert f"Cases: {len(set(TABLE) - ABOUT)}." in said, who
            assert not everything.found_in(said), who
        else:
            assert client.get("/rapporter/").status_code == 403, who


def test_mornings_and_every_page_one_reaches_from_the_menu(everything: Everything, login: Login) -> None:
    for who, user, sees in everything.who():
        client = login(user)
        for path in ("/", "/varsler/", "/meldeplikter/", "/telleark/", "/avvik/team/", "/avvik/lister/", "/tiltak/"):
            answer = client.get(path)
            assert answer.status_code in (200, 403, 404), (who, path)
            assert everything.found_in(text_of(answer)) <= sees, (who, path)
            assert whistles.WORD not in answer.text, (who, path)
            assert (path == "/" and who in RECEIVE) or everything.whistle.reference not in answer.text, (who, path)
        seen = client.get(everything.whistle.get_absolute_url()).status_code
        assert seen == (200 if who in RECEIVE else 404), who


def test_files_and_their_previews(everything: Everything, login: Login) -> None:
    for who, user, sees in everything.who():
        client = login(user)
        for address in ("get_absolute_url", "thumbnail_url"):
            found = set()
            for kind, photo in everything.photos.items():
                where = getattr(photo, address)
                answer = client.get(where() if callable(where) else where)
                assert answer.status_code in (200, 404), (who, kind)
                if answer.status_code == 200:
                    found.add(kind)
            assert found == sees, (who, address)


def test_causes(everything: Everything, login: Login) -> None:
    """Whoever sees all of a case reads why it happened; whoever reported it, or looks on by law, does not."""
    everything.looked_into()
    for who, user, sees in everything.who():
        client = login(user)
        for kind, each in everything.cases.items():
            expected = 404 if kind not in sees else 403 if who in LOOKS_ON or reported(kind, who) else 200
            assert client.get(f"{each.get_absolute_url()}arsak/").status_code == expected, (who, kind)
            if kind in sees:
                assert (CAUSE in client.get(each.get_absolute_url()).text) == (expected == 200), (who, kind)
        if who in FIGURES - FIGURES_ONLY:
            assert CAUSE not in text_of(client.get("/rapporter/saker.csv?status=alle")), who


def test_what_a_colleague_is_asked(everything: Everything, login: Login) -> None:
    """Greta reads the question, and what the reporter wrote where it may be shown; nothing else of any case."""
    world, about = everything.world, everything.cases["about the leader"]
    tasks = {}
    for kind, each in everything.cases.items():
        assert each.handler is not None
        tasks[kind] = actions.ask_colleague(
            deviation=each, by=each.handler, given_to=world.greta, text="Når ble skapet flyttet?",
            deadline=each.deadline.date(),
        )  # fmt: skip
    for who, user, sees in everything.who():
        client = login(user)
        for kind, task in tasks.items():
            answer = client.get(task.get_absolute_url())
            if who == "greta":
                assert answer.status_code == 200, kind
                shows = everything.cases[kind].naming == "named" and everything.cases[kind].about_id is None
                assert (cases.TEXT in answer.text) == shows, kind
                assert "Nora" not in answer.text, kind
                assert client.get(everything.cases[kind].get_absolute_url()).status_code == 404, kind
                assert client.get(everything.photos[kind].get_absolute_url()).status_code == 404, kind
            else:
                assert answer.status_code == (404 if kind not in sees or reported(kind, who) else 302), (who, kind)
    assert about.about_id == world.leif.pk


def test_mails_and_notices(everything: Everything, login: Login) -> None:
    """None about a case goes to somebody who doesn't see it, and none says what anybody wrote."""
    post = Post()
    post.deliver()
    everything.looked_into()
    for each in everything.cases.values():
        assert each.handler is not None
        actions.close(deviation=each, by=each.handler, outcome="Skapet er flyttet.")
    post.deliver()
    told: dict[str, set[str]] = {}
    rows: list[tuple[int | None, str]] = [(row.user_id, f"{row.url} {row.text}") for row in Notification.objects.all()]
    rows += [(row.user_id, f"{row.subject} {row.body}") for row in Email.objects.all()]
    for who, user, sees in everything.who():
        mine = " ".join(text for pk, text in rows if pk == user.pk)
        told[who] = everything.found_in(mine)
        assert told[who] <= sees, who
        assert cases.TEXT not in mine, who
        assert CAUSE not in mine, who
    by_number = set(TABLE) - {"from another system"}  # of these one mail a day, however many
    assert told["leif"] >= by_number - ABOUT - {"by the leader"}
    assert told["sunniva"] >= ABOUT | {"by the leader"}
    assert told["nora"] >= {"ordinary", "hidden name", "about the leader"}
    assert {whom for each in mail.outbox for whom in each.to if "closed channel" in str(each.subject)} <= {
        everything.world.people[who].email for who in RECEIVE
    }


def test_the_api(everything: Everything, login: Login) -> None:
    """It takes rows and gives nothing back: no session opens it, and of a case it knows says no more than that."""
    address = "/api/v1/rader/"
    for who, user, _sees in everything.who():
        client = login(user)
        assert client.get(address).status_code == 405, who
        assert client.post(address, "{}", content_type="application/json").status_code == 401, who
    system = everything.cases["from another system"].elsewhere.get().system
    token = actions.make_token(system=system, by=everything.world.ada)
    row = {"unit": "HB", "date": "2026-03-02", "text": "Fra Profil."}
    references = [*(each.reference for each in everything.cases.values()), everything.whistle.reference]
    rows = [{**row, "id": f"X-{n}", "ours": reference} for n, reference in enumerate(references)]
    answer = Client().post(
        address,
        json.dumps({"rows": rows}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.json() == {
        "made": 1, "linked": len(everything.cases), "changed": 0, "kept": 0, "same": 0, "refused": 0, "problems": [],
    }  # fmt: skip
    for each in everything.cases.values():
        each.refresh_from_db()
        assert each.text == cases.TEXT
    ada = login(everything.world.ada)
    for path in ("/avvik/kilder/", system.get_absolute_url()):
        assert not everything.found_in(ada.get(path).text), path


def test_nobody_without_a_log_in_sees_any_of_it(everything: Everything, client: Client) -> None:
    paths = ["/avvik/?status=alle", "/rapporter/", "/rapporter/saker.csv", "/rapporter/tall.csv", "/varsling/"]
    for kind, each in everything.cases.items():
        paths += [each.get_absolute_url(), f"{each.get_absolute_url()}arsak/"]
        paths += [everything.photos[kind].get_absolute_url(), everything.photos[kind].thumbnail_url]
    for path in (*paths, everything.whistle.get_absolute_url()):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/konto/login/"), path
