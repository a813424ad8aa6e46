"""From the report form to the page of the case: the photo comes along, for those who may see the case, and once."""

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from deviations.models import Deviation
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.organisation.models import User
from tests.people import World

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]


def photo() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(drawn, "JPEG")
    return SimpleUploadedFile("bilde.jpg", drawn.getvalue(), "image/jpeg")


def send(client: Client, world: World, **more: Any) -> Any:
    said = {
        "key": uuid.uuid4(),
        "text": "Dosetten var feil.",
        "unit": world.home_care.pk,
        "happened": "now",
        "kind": "deviation",
        "files": [photo()],
        **more,
    }
    return client.post(reverse("deviations:report"), said)


def test_the_leader_sees_it_on_the_case_and_a_colleague_nowhere(world: World, login: Login) -> None:
    assert send(login(world.nora), world).status_code == 302
    case, attachment = Deviation.objects.get(), Attachment.objects.get()
    assert attachment.uploaded_by == world.nora
    leader = login(world.leif)
    page = leader.get(case.get_absolute_url()).content.decode()
    assert f'href="{attachment.url}"' in page
    assert f'src="{attachment.thumbnail_url}"' in page
    assert leader.get(attachment.thumbnail_url).status_code == 200
    assert login(world.greta).get(attachment.url).status_code == 404
    assert login(world.mona).get(attachment.thumbnail_url).status_code == 404


def test_a_hidden_name_is_not_on_the_file(world: World, login: Login) -> None:
    send(login(world.nora), world, naming="sealed")
    attachment = Attachment.objects.get()
    assert attachment.uploaded_by is None
    assert login(world.nora).get(attachment.url).status_code == 200


def test_nothing_more_comes_the_second_time(world: World, login: Login) -> None:
    key, client = uuid.uuid4(), login(world.nora)
    send(client, world, key=key)
    send(client, world, key=key)
    assert (Deviation.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_file_that_is_refused_leaves_what_was_written(world: World, login: Login) -> None:
    page = SimpleUploadedFile("bilde.png", b"<!DOCTYPE html><script>alert(1)</script>", "image/png")
    answer = send(login(world.nora), world, files=[page])
    assert answer.status_code == 200
    assert "Dosetten var feil." in answer.content.decode()
    assert not Deviation.objects.exists()
    assert not Attachment.objects.exists()
