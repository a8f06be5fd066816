"""Reports of the rehearsal county: what people tell the hotline, their phone and grid workers, with the truth beside.

for report in reports(1_000, seed=7, split="held"): report.text, report.type, report.spot.area
for report in matters(200, seed=7, split="held"):   several reports of one matter share `matter`
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from citybrain.rehearsal.frequencies import FEMALE_GIVEN, MALE_GIVEN, MOBILE_PREFIXES, SURNAMES
from citybrain.rehearsal.hotline.banks import Bank, bank
from citybrain.rehearsal.hotline.ground import Ground, Spot

CHANNELS = (("hotline", 5), ("citizen", 4), ("patrol", 2))
"""Channel and how often it is used."""
TYPOS = {
    "的": "得", "再": "在", "坏": "怀", "垃圾": "拉圾", "很": "狠", "清理": "清里", "反映": "反应", "已经": "以经",
    "堵": "赌", "脏": "赃", "漏": "露", "破": "坡", "亮": "量", "停": "亭", "补": "捕", "账": "帐", "路": "陆",
}  # fmt: skip
"""What hurried fingers write."""
DIALECT = {"没有": "冇", "不": "勿", "这里": "格里", "今天": "今朝", "昨天": "昨日子", "他们": "渠拉", "晚上": "夜头"}
"""How older people of the county talk, as agents write it down."""
DOUBLED = {"，，": "，", "，。": "。", "。。": "。", "：，": "：", "。，": "。", "；；": "；"}
"""Marks that an empty slot leaves side by side."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report and its truth."""

    text: str
    channel: str
    type: str
    """Key of the event type it tells of first."""
    spot: Spot
    point: tuple[float, float] | None
    """Where the phone was, degrees; None by telephone."""
    matter: int
    """Reports of one matter share it."""
    hour: float
    """Hours after the beginning."""
    has_injury: bool
    private: tuple[str, ...]
    """Names and telephone numbers the text carries."""
    also: str = ""
    """Key of a second type it mentions, as a further wish, as settled, or as what it is not."""
    asset: str = ""
    """Number of the part, when its code was scanned."""
    said: str = ""
    """The clause of the bank that tells of the matter."""


def reports(count: int, *, seed: int, split: str, county: Path, types: tuple[str, ...] = ()) -> Iterator[Report]:
    """`count` reports of as many matters, the types in turn, so that each is told of equally often."""
    speaker = Speaker(bank(split), Ground(county), random.Random(f"{seed}{split}"))
    keys = types or tuple(sorted(speaker.bank.matters))
    for number in range(count):
        spot = speaker.ground.draw(speaker.rng, speaker.bank.turns["landmark"])
        yield speaker.report(keys[number % len(keys)], spot, matter=number, hour=number * 0.1)


def matters(count: int, *, seed: int, split: str, county: Path, types: tuple[str, ...] = ()) -> Iterator[Report]:
    """Reports of `count` matters in order of time: some told of two to six times, some with a near miss beside them.

    Near misses are other matters: the same class 150 m to 600 m on, another class at the very spot, another part of the
    same class next to it, the same spot weeks later.
    """
    speaker = Speaker(bank(split), Ground(county), random.Random(f"{seed}{split}matters"))
    rng = speaker.rng
    keys = types or tuple(sorted(speaker.bank.matters))
    found: list[Report] = []
    matter = 0
    while matter < count:
        spot = speaker.ground.draw(rng, speaker.bank.turns["landmark"])
        key, start = rng.choice(keys), rng.uniform(0, 24 * 60)
        asset = f"P{rng.randrange(10**6):06d}" if key in speaker.bank.things and rng.random() < 0.3 else ""
        for _telling in range(rng.choices((1, 2, 3, 6), (55, 25, 15, 5))[0]):
            hour = start + rng.expovariate(1 / 8)
            found.append(speaker.report(key, spot, matter=matter, hour=hour, asset=asset))
        matter += 1
        if rng.random() < 0.4:
            found.append(speaker.near_miss(key, spot, start, matter, asset, keys))
            matter += 1
    return iter(sorted(found, key=lambda one: one.hour))


class Speaker:
    """Says things with the words of one bank."""

    def __init__(self, words: Bank, ground: Ground, rng: random.Random) -> None:
        self.bank, self.ground, self.rng = words, ground, rng
        self._surnames = [name for name, _weight in SURNAMES]

    def report(
        self, key: str, spot: Spot, *, matter: int, hour: float, asset: str = "", jitter: float = 12.0
    ) -> Report:
        """One telling of a matter of type `key` at `spot`."""
        rng, turns = self.rng, self.bank.turns
        channel = rng.choices([name for name, _w in CHANNELS], [weight for _n, weight in CHANNELS])[0]
        what = said = rng.choice(self.bank.matters[key])
        also, turn = "", rng.random()
        if turn < 0.10:
            also = rng.choice([other for other in self.bank.matters if other != key])
            other = rng.choice(self.bank.matters[also])
            if turn < 0.05:
                what = f"{what}，{rng.choice(turns['second']).format(other=other)}"
            elif turn < 0.075:
                what = rng.choice(turns["not_it"]).format(other=self._named(also)) + what
            else:
                what = rng.choice(turns["solved"]).format(other=self._named(also)) + what
        has_injury = rng.random() < 0.06
        if has_injury:
            what = f"{what}，{rng.choice(turns['injury'])}"
        elif rng.random() < 0.04:
            what = f"{what}，{rng.choice(turns['safe'])}"
        fills, private = self._fills(spot, what)
        text = rng.choice(self.bank.frames[channel]).format_map(fills)
        point = None
        if channel != "hotline":
            point = self.ground.moved(rng, spot, abs(rng.gauss(0, jitter)))
        return Report(
            text=self._roughened(text, channel),
            channel=channel,
            type=key,
            spot=spot,
            point=point,
            matter=matter,
            hour=hour,
            has_injury=has_injury,
            private=tuple(word for word in private if word in text),
            also=also,
            asset=asset if channel != "hotline" else "",
            said=said,
        )

    def near_miss(self, key: str, spot: Spot, start: float, matter: int, asset: str, keys: tuple[str, ...]) -> Report:
        """Another matter that looks like the one of type `key` at `spot`."""
        rng = self.rng
        kind = rng.choice(("apart", "other class", "later", "other part" if asset else "apart"))
        if kind == "other class":
            key = rng.choice([other for other in keys if other != key])
        if kind == "later":
            return self.report(key, spot, matter=matter, hour=start + rng.uniform(24 * 35, 24 * 60))
        if kind == "other part":
            other = f"P{rng.randrange(10**6):06d}"
            return self.report(key, spot, matter=matter, hour=start + rng.uniform(0, 20), asset=other, jitter=25)
        if kind == "apart":
            longitude, latitude = self.ground.moved(rng, spot, rng.uniform(150, 600))
            elsewhere = self.ground.draw(rng, self.bank.turns["landmark"])
            names = tuple(name.replace("号", f"{rng.randrange(2, 9)}号") for name in spot.names)
            changed = names if names != spot.names else elsewhere.names
            area = spot.area if names != spot.names else elsewhere.area
            place = (longitude, latitude) if names != spot.names else (elsewhere.longitude, elsewhere.latitude)
            spot = Spot(
                area=area,
                town=spot.town if names != spot.names else elsewhere.town,
                names=changed,
                longitude=place[0],
                latitude=place[1],
                road=spot.road if names != spot.names else elsewhere.road,
            )
        return self.report(key, spot, matter=matter, hour=start + rng.uniform(0, 20))

    def _named(self, key: str) -> str:
        """A thing or matter in few words."""
        things = self.bank.things.get(key)
        return self.rng.choice(things) if things else self.rng.choice(self.bank.matters[key])

    def _fills(self, spot: Spot, what: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
        rng, turns = self.rng, self.bank.turns
        phone = f"{rng.choice(MOBILE_PREFIXES)}{rng.randrange(10**8):08d}"
        surname = rng.choice(self._surnames)
        name = rng.choice((f"{surname}先生", f"{surname}女士", surname + rng.choice(MALE_GIVEN + FEMALE_GIVEN)))
        fills = {slot: rng.choice(words) for slot, words in turns.items()}
        fills |= {"where": rng.choice(spot.names), "what": what, "name": name}
        fills["contact"] = fills["contact"].format(phone=phone)
        return fills, (phone, name) if len(name) > 2 else (phone,)

    def _roughened(self, text: str, channel: str) -> str:
        """As it was really written: empty clauses gone, here and there a slip or a word of dialect."""
        rng = self.rng
        for doubled, single in (
            ("，，", "，"),
            ("，。", "。"),
            ("。。", "。"),
            ("：，", "："),
            ("。，", "。"),
            ("；；", "；"),
        ):
            text = text.replace(doubled, single)
        text = text.strip("，；")
        if channel == "citizen":
            if rng.random() < 0.15:
                wrong = rng.choice(list(TYPOS))
                text = text.replace(wrong, TYPOS[wrong], 1)
            if rng.random() < 0.08:
                for word, said in DIALECT.items():
                    text = text.replace(word, said, 1)
            if rng.random() < 0.25:
                text = text.replace("，", rng.choice((" ", "。", ",", "")))
        return text
