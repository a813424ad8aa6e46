"""The pages of figures have one row of tabs."""

from __future__ import annotations

import pytest

from kvalitetslosen.figures import tabs
from kvalitetslosen.figures.tabs import Tab
from tests.people import World


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_tabs", [])
    tabs.register_tab(Tab("Second", "deviations:national", order=20))
    tabs.register_tab(Tab("First", "deviations:figures", order=10))


def test_tabs_stand_in_their_order_and_the_page_is_marked(world: World, two: None) -> None:
    assert tabs.links(world.leif, "/rapporter/") == [
        ("First", "/rapporter/", True),
        ("Second", "/rapporter/nasjonale/", False),
    ]


def test_a_page_below_a_tab_marks_the_nearest(world: World, two: None) -> None:
    assert [current for *_link, current in tabs.links(world.leif, "/rapporter/nasjonale/mer/")] == [False, True]


def test_a_tab_shows_for_those_who_have_it_and_one_alone_is_no_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "_tabs", [])
    tabs.register_tab(Tab("One", "deviations:figures", order=1))
    tabs.register_tab(Tab("Two", "deviations:national", order=2, visible=lambda user: user == world.rolf))
    assert len(tabs.links(world.rolf, "/rapporter/")) == 2
    assert tabs.links(world.leif, "/rapporter/") == []
