"""CAP messages of every shape, for hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from citybrain.centre.intake.cap import message as m

letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufffe\uffff")
words = st.text(letters, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
maybe = st.one_of(st.just(""), words)
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789.-_@:/", min_size=1, max_size=40)
offsets = st.integers(-14 * 4, 14 * 4).map(
    lambda quarters: timezone(timedelta(minutes=15 * quarters)) if quarters else UTC
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=offsets).map(
    lambda moment: moment.replace(microsecond=0)
)
degrees = st.integers(-90_000_000, 90_000_000).map(lambda number: number / 1_000_000)
points = st.tuples(degrees, degrees.map(lambda number: number * 2)).map(lambda one: (one[0], round(one[1], 6)))


@st.composite
def polygons(draw: st.DrawFn) -> tuple[m.Point, ...]:
    corners = draw(st.lists(points, min_size=3, max_size=6, unique=True))
    return (*corners, corners[0])


circles = st.tuples(points, st.integers(0, 500_000).map(lambda metres: metres / 1000))
pairs = st.tuples(words, words)
few = {"max_size": 3}

areas = st.builds(
    m.Area,
    description=words,
    polygons=st.lists(polygons(), **few).map(tuple),
    circles=st.lists(circles, **few).map(tuple),
    geocodes=st.lists(pairs, **few).map(tuple),
)
resources = st.builds(
    m.Resource,
    description=words,
    mime_type=st.just("image/png"),
    size=st.one_of(st.none(), st.integers(0, 10**12)),
    uri=maybe,
    digest=maybe,
)
optional_moments = st.one_of(st.none(), moments)
infos = st.builds(
    m.Info,
    categories=st.lists(st.sampled_from(m.CATEGORIES), min_size=1, max_size=3).map(tuple),
    event=words,
    urgency=st.sampled_from(m.URGENCIES),
    severity=st.sampled_from(m.SEVERITIES),
    certainty=st.sampled_from(m.CERTAINTIES),
    language=st.sampled_from(["zh-CN", "en-US"]),
    responses=st.lists(st.sampled_from(m.RESPONSES), **few).map(tuple),
    event_codes=st.lists(pairs, **few).map(tuple),
    effective=optional_moments,
    onset=optional_moments,
    expires=optional_moments,
    headline=maybe,
    description=maybe,
    instruction=maybe,
    parameters=st.lists(pairs, **few).map(tuple),
    resources=st.lists(resources, **few).map(tuple),
    areas=st.lists(areas, **few).map(tuple),
)
references = st.builds(m.Reference, sender=names, identifier=names, sent=moments)
alerts = st.builds(
    m.Alert,
    identifier=names,
    sender=names,
    sent=moments,
    status=st.sampled_from(m.STATUSES),
    message_type=st.sampled_from(m.MESSAGE_TYPES),
    scope=st.sampled_from(m.SCOPES),
    restriction=words,
    addresses=words,
    codes=st.lists(words, **few).map(tuple),
    note=maybe,
    references=st.lists(references, min_size=1, max_size=3).map(tuple),
    incidents=maybe,
    infos=st.lists(infos, max_size=2).map(tuple),
)
