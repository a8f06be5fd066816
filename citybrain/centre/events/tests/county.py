"""A small county for tests of the loop: bodies, areas, people by role, event types."""

from __future__ import annotations

from dataclasses import dataclass

from citybrain.declare.event import EventType, Kind, Level, Loop, Proof, WorkingHours
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.testing.people import acting_as, official

PIT = EventType(
    key="test-pit", title="Pit", chinese="路面坑洼", kind=Kind.EVENT, words=("坑",), handle=WorkingHours(24), many=3
)
WORD = EventType(key="test-word", title="Question", chinese="咨询", kind=Kind.REQUEST, proof=Proof.NONE)
SENSOR = EventType(key="test-sensor", title="Level", chinese="水位异常", kind=Kind.WARNING, proof=Proof.RECOVERY)
SECRET = EventType(
    key="test-secret", title="Tip-off", chinese="举报", kind=Kind.REQUEST, proof=Proof.NONE, restricted=True
)
FLOOD = EventType(
    key="test-flood", title="Flood", chinese="内涝", kind=Kind.EMERGENCY, level=Level.RED, loop=Loop.LARGE
)
TYPES = (PIT, WORD, SENSOR, SECRET, FLOOD)


@dataclass(frozen=True, kw_only=True)
class County:
    """Who is there."""

    centre: Organisation
    road: Organisation
    water: Organisation
    power: Organisation
    town: Organisation
    village: Area
    desk: Actor
    second: Actor
    """Another person of the desk, who checks what the first handled."""
    agent: Actor
    arbiter: Actor
    leader: Actor
    road_worker: Actor
    road_boss: Actor
    water_worker: Actor
    power_worker: Actor
    town_worker: Actor


def settle() -> County:
    """Makes the county."""
    root = body("test-county", "县", Organisation.Kind.COUNTY)
    land = area("test-land", "县域", Area.Kind.COUNTY)
    town_land = area("test-town-land", "古山镇", Area.Kind.TOWN, land)
    village = area("test-village", "胡库村", Area.Kind.VILLAGE, town_land)
    centre = body("data-bureau-operation-centre", "指挥中心", Organisation.Kind.GOVERNMENT, root, "round-the-clock")
    road = body("test-road", "公路局", Organisation.Kind.GOVERNMENT, root)
    water = body("test-water", "水务局", Organisation.Kind.GOVERNMENT, root)
    power = body("test-power", "供电局", Organisation.Kind.UTILITY, root)
    town = body("test-town", "古山镇", Organisation.Kind.TOWN, root)
    Organisation.objects.filter(pk=town.pk).update(area=town_land)
    town.refresh_from_db()

    def person(name: str, role: str, home: Organisation) -> Actor:
        return acting_as(official(name, roles=[role], organisation=home))

    return County(
        centre=centre,
        road=road,
        water=water,
        power=power,
        town=town,
        village=village,
        desk=person("test-desk", "event-desk", centre),
        second=person("test-second", "event-desk", centre),
        agent=person("test-agent", "hotline-agent", centre),
        arbiter=person("test-arbiter", "arbiter", centre),
        leader=person("test-leader", "leader", root),
        road_worker=person("test-road-worker", "department-staff", road),
        road_boss=person("test-road-boss", "department-staff", road),
        water_worker=person("test-water-worker", "department-staff", water),
        power_worker=person("test-power-worker", "department-staff", power),
        town_worker=person("test-town-worker", "town-staff", town),
    )


def body(
    key: str, chinese: str, kind: str, parent: Organisation | None = None, schedule: str = "office"
) -> Organisation:
    """A body under another."""
    path = f"{parent.path if parent else ''}{key}/"
    facts = {"chinese": chinese, "english": key, "kind": kind, "parent": parent, "path": path, "schedule": schedule}
    return Organisation.objects.update_or_create(key=key, defaults=facts)[0]


def area(key: str, chinese: str, kind: str, parent: Area | None = None) -> Area:
    """An area inside another."""
    facts = {"chinese": chinese, "kind": kind, "parent": parent, "path": f"{parent.path if parent else ''}{key}/"}
    return Area.objects.update_or_create(key=key, defaults=facts)[0]
