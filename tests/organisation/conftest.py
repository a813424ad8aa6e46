"""These tests read the pages in English, the language of the source, whatever the translators have written since."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from kvalitetslosen.organisation.models import User
from tests import people


@pytest.fixture
def world(db: None) -> people.World:
    built = people.build()
    User.objects.update(language="en")
    for user in built.people.values():
        user.language = "en"
    return built


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield
