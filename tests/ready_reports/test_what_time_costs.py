"""What the work costs in time: an estimate, where the municipality has set what an hour costs."""

from __future__ import annotations

from django.urls import reverse

from kvalitetslosen.reports.models import HourPrice
from tests.people import World
from tests.ready_reports.conftest import Login

SET = {"price": 600, "report_minutes": 10, "tick_minutes": 1, "handle_minutes": 60, "cause_minutes": 240}


def test_it_says_who_can_set_it_and_then_what_it_comes_to(month: World, login: Login) -> None:
    leader = login(month.leif)
    url = f"{reverse('reports:live', args=['tidsbruk'])}?fra=2000-01&til=2000-12"
    page = leader.get(reverse("reports:live", args=["tidsbruk"])).content.decode()
    assert "administrator sets it under Settings" in page
    prices = reverse("reports:prices")
    assert leader.get(prices).status_code == 403
    keeper = login(month.ada)
    assert b"What an hour costs" in keeper.get(reverse("organisation:settings")).content
    keeper.post(prices, SET)
    keeper.post(prices, SET)
    assert HourPrice.objects.get().events_count == 1
    page = leader.get(reverse("reports:live", args=["tidsbruk"])).content.decode()
    assert "It is an estimate." in page
    assert "800" in page  # eight cases of ten minutes at 600 kroner an hour
    assert leader.get(url).status_code == 200
