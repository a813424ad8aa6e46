from deviations import actions, figures
from deviations.models import Deviation, FigureCount, Kind
from kvalitetslosen.journal.models import Event
from tests.people import World


def test_a_report_reaches_the_nearest_leader(world: World) -> None:
    deviation = actions.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Dosetten var feil.")
    assert deviation.handler == world.leif
    assert deviation.reference.startswith("FJE-")
    assert [event.type for event in Event.objects.about(deviation)] == ["deviations.reported"]
    actions.receive(deviation=deviation, by=world.leif)
    actions.close(deviation=deviation, by=world.leif, outcome="Vi har endret rutinen.")
    assert Deviation.objects.visible_to(world.leif).count() == 1
    assert Deviation.objects.visible_to(world.hans).count() == 0
    counts = {(r.unit_id, r.month, r.measure, r.value): r.n for r in FigureCount.objects.all() if r.n}
    assert counts == dict(figures.counted_anew(Deviation.objects.all()))
