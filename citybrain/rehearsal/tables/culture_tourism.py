"""What the Culture, Tourism and Sports Bureau delivers (永康市文化和广电旅游体育局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, flag, month, percent, refer, serial, text, whole
from citybrain.rehearsal.populations import everyone, fixed, food_firms, in_trades, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

CULTURE = Source(
    key="culture-tourism-venues",
    title="文旅体数据",
    english="Culture, tourism and sport",
    department="culture-tourism",
    way=Way.JSON_LINES,
    style=Style(dates=DateLayout.DASHES),
    tables=(
        Table(
            key="scenic-spot",
            title="景区",
            english="Scenic spots",
            name="scenic",
            of=fixed(14),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("JQ", 3),
                "name": place.thing("风景区", "古村落"),
                "level": choice("AAAA", "AAA", "AA"),
                "lon": place.longitude,
                "lat": place.latitude,
                "capacity": whole(500, 20000),
            },
        ),
        Table(
            key="visitor-count",
            title="景区客流",
            english="Visitors",
            name="visitors",
            of=fixed(14).times(30),
            cycle="daily",
            share="unconditional",
            opened="unconditional",
            columns={
                "id": serial("KL", 5),
                "scenic": refer("culture-tourism.scenic-spot"),
                "day": day("2026-09-01"),
                "visitors": whole(10, 9000),
                "load": percent(0, 95),
            },
        ),
        Table(
            key="hotel",
            title="旅馆",
            english="Hotels",
            name="hotel",
            of=in_trades("H61"),
            columns={
                "licence": serial("LG"),
                "name": firm.name,
                "uscc": firm.credit_code,
                "rooms": whole(8, 300),
                "owner": person.representative,
                "mobile": person.mobile,
            },
        ),
        Table(
            key="library-card",
            title="图书馆读者",
            english="Library readers",
            name="reader",
            of=everyone.share(0.06),
            columns={
                "card": serial("TS"),
                "name": person.name,
                "id_card": person.citizen_id,
                "birth": person.birth,
                "opened": day("2012-01-01"),
            },
        ),
        Table(
            key="heritage",
            title="文物点",
            english="Cultural relics",
            name="heritage",
            of=things(2),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("WW", 4),
                "name": place.thing("宗祠", "古桥", "民居"),
                "age": choice("宋", "元", "明", "清", "民国"),
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
        Table(
            key="sports-ground",
            title="体育场地",
            english="Sports grounds",
            name="ground",
            of=things(5),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("TY", 5),
                "name": place.thing("篮球场", "健身苑点", "门球场"),
                "area": decimal(50, 5000, 0),
                "village": place.village_code,
            },
        ),
        Table(
            key="entertainment",
            title="娱乐场所",
            english="Entertainment venues",
            name="venue",
            of=food_firms.share(0.03),
            columns={
                "licence": serial("YL"),
                "name": firm.name,
                "uscc": firm.credit_code,
                "kind": choice("歌舞厅", "网吧", "游艺厅"),
                "safe": flag(0.95),
            },
        ),
        Table(
            key="culture-activity",
            title="文化活动",
            english="Cultural activities",
            name="activity",
            of=things(3),
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("HD", 5),
                "title": text("|village|村文化礼堂送戏下乡", "|town|非遗展演"),
                "held": day("2025-01-01"),
                "people": whole(20, 1500),
                "month": month,
            },
        ),
    ),
)

SOURCES = (CULTURE,)
