"""The county's tree comes from its data, once, and what people changed stays."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citybrain.kernel.identity.actions_loading import AreaEntry, load_areas, load_organisations, place_name, romanised
from citybrain.kernel.identity.models import Area, Organisation

pytestmark = pytest.mark.django_db

COUNTY = 'key = "county"\nname = "某县"\nenglish = "Some"\ncode = "330784"\n'
POLICE = """
[[departments]]
key = "police"
kind = "government"
name = "公安局"
english = "Public Security"
sections = ["office"]

[sections]
office = { name = "办公室", english = "Office" }
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    (tmp_path / "county.toml").write_text(COUNTY)
    (tmp_path / "organisations.toml").write_text(POLICE)
    return tmp_path


def test_loading_twice_changes_nothing(county: Path) -> None:
    assert load_organisations(county) == load_organisations(county) == 3
    paths = dict(Organisation.objects.values_list("key", "path"))
    assert paths == {
        "county": "county/",
        "police": "county/police/",
        "police-office": "county/police/police-office/",
    }
    assert Area.objects.get().path == "330784000000/"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('english = "Public Security"\n', "", "entry 1: .*english.* missing"),
        ("government", "goverment", "entry 1: unknown kind"),
        ('kind = "gov', 'colour = 1\nkind = "gov', "entry 1: unknown option"),
        ('["office"]', '["ofice"]', "entry 1: unknown section 'ofice'"),
        (', english = "Office"', "", "entry 1, section office: .*english.* missing"),
    ],
)
def test_a_wrong_entry_is_named(county: Path, old: str, new: str, message: str) -> None:
    assert old in POLICE
    (county / "organisations.toml").write_text(POLICE.replace(old, new))
    with pytest.raises(ValueError, match=rf"organisations.toml, {message}"):
        load_organisations(county)
    assert not Organisation.objects.exists()


def test_bodies_from_before_the_tree_are_hung_up(county: Path) -> None:
    Organisation.objects.create(key="police", chinese="旧名", english="Old", path="police/")
    load_organisations(county)
    police = Organisation.objects.get(key="police")
    assert (police.path, police.chinese) == ("county/police/", "公安局")
    assert Organisation.objects.get(key="police-office").path == "county/police/police-office/"


def test_what_was_moved_or_dissolved_stays_so(county: Path) -> None:
    load_organisations(county)
    root = Organisation.objects.get(key="county")
    Organisation.objects.filter(key="police-office").update(parent=root, path="county/police-office/", is_active=False)
    (county / "organisations.toml").write_text(POLICE.replace("办公室", "综合科"))
    load_organisations(county)
    office = Organisation.objects.get(key="police-office")
    assert (office.path, office.parent, office.is_active) == ("county/police-office/", root, False)
    assert office.chinese == "综合科"


def test_the_whole_county_in_few_queries() -> None:
    with CaptureQueriesContext(connection) as first:
        assert load_organisations(settings.COUNTY) == 1 + 40 + 16 + 360 + 452
    with CaptureQueriesContext(connection) as again:
        load_organisations(settings.COUNTY)
    # Beside the transaction: areas once for loading and once for what bodies govern, and the bodies.
    assert [query["sql"].split()[0] for query in again].count("SELECT") == 3
    assert len(again) <= 5 and len(first) <= 30
    assert Area.objects.filter(kind="village").count() == 452
    village = Organisation.objects.get(key="village-330784001001")
    assert village.path == "yongkang/dongcheng/village-330784001001/"
    assert village.area is not None and village.area.path == "330784000000/330784001000/330784001001/"
    assert all(area.seat for area in Area.objects.filter(kind="town"))
    county = Area.objects.get(kind="county")
    assert county.shape["type"] == "MultiPolygon"
    for model in (Organisation, Area):
        for row in model.objects.select_related("parent"):
            assert row.path == f"{row.parent.path if row.parent else ''}{row.key}/"


def test_areas_are_added_under_areas_that_are_known() -> None:
    with pytest.raises(ValueError, match="1 lies in 2, which nobody knows"):
        load_areas([AreaEntry(key="1", kind="grid", chinese="甲", parent="2")])
    entries = [
        AreaEntry(key="2", kind="village", chinese="园丁社区"),
        AreaEntry(key="1", kind="grid", chinese="第一网格", parent="2", is_synthetic=True),
    ]
    assert (load_areas(entries), load_areas(entries)) == (2, 0)
    assert Area.objects.get(key="1").path == "2/1/"


def test_places_have_names_in_both_languages() -> None:
    assert place_name("园丁社区居委会") == "园丁社区"
    assert place_name("永祥村委会") == "永祥"
    assert romanised("园丁社区") == "Yuanding Community"
    assert romanised("芝英镇") == "Zhiying Town"
