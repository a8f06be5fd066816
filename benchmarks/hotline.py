"""Hotline texts read for class, place, urgency and body: how often rightly, how fast, beside keywords and naive Bayes.

`size` is the number of reports of the held bank, 182 types in turn. The model learns from the train bank alone; the
held bank shares no clause and no turn of speech with it (`docs/understanding.md`). The hand-written texts are the 180
of `samples_hand.csv`. Routing compares the body `duties.responsible` names for what was read with the one it names for
the truth.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.register import open_home


def run(size: int = 3_640) -> dict[str, Any]:
    """Train, read `size` held-out reports, and compare with the truth."""
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        open_home(Path(folder), "citybrain.site.settings")
        return _run(size)


def _run(size: int) -> dict[str, Any]:
    from django.conf import settings

    from citybrain.centre.duties.actions import load_duties
    from citybrain.centre.understanding.actions import load_roads
    from citybrain.centre.understanding.chosen import classifier
    from citybrain.centre.understanding.measuring import Sample, measure, samples
    from citybrain.centre.understanding.places import without_places
    from citybrain.centre.understanding.reading import understand
    from citybrain.centre.understanding.spoken import plain
    from citybrain.centre.understanding.training import family_of, train
    from citybrain.kernel.identity.actions_loading import load_organisations
    from citybrain.rehearsal.hotline.reports import reports

    load_organisations(settings.COUNTY)
    load_duties(settings.COUNTY)
    load_roads(settings.COUNTY)
    started, children = time.perf_counter(), _children()
    version = train()
    training = {
        "wall_s": round(time.perf_counter() - started, 1),
        "cpu_s": round(_children() - children, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }
    _key, model = classifier()
    assert model is not None
    held = list(reports(size, seed=23, split="held", county=settings.COUNTY))
    sets = {
        "held": [Sample(text=one.text, type=one.type) for one in held],
        "hand": samples("hand"),
    }
    readers: dict[str, tuple[Callable[[str], Any], float]] = {
        "ours": (lambda text: model.read(without_places(plain(text))), model.threshold),
        "keywords": (keywords(), 0.5),
        "naive bayes": (naive_bayes(), 0.5),
    }
    table = {
        name: {
            kind: _brief(measure(read, asked, threshold=threshold, families=family_of)) for kind, asked in sets.items()
        }
        for name, (read, threshold) in readers.items()
    }
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    found = [understand(one.text) for one in held]
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "size": size,
        "types": len(model.types),
        "version": version.key,
        "training": training,
        "contestants": table,
        "whole reading": {
            "texts_a_second": round(size / wall),
            "cpu_ms_a_text": round((after.ru_utime - before.ru_utime) / size * 1000, 3),
            "peak_mb": round(after.ru_maxrss / 1024),
        },
        "place": places(held, found),
        "urgency": urgency(held),
        "routing": routing(held, found),
    }


def _brief(found: Any) -> dict[str, Any]:
    told = found.as_json()
    return {key: told[key] for key in ("texts", "macro_f1", "first", "among_three", "family", "sure", "sure_right")}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def keywords() -> Callable[[str], list[tuple[str, float]]]:
    """The peer a hotline has without a model: the type whose declared words cover most of the text."""
    from citybrain.declare.event import EventType
    from citybrain.kernel.registry.registry import registry

    kinds = [(one.key, [word for word in (one.chinese, *one.words) if word]) for one in registry().of(EventType)]

    def read(text: str) -> list[tuple[str, float]]:
        found = [(sum(len(word) for word in words if word in text), key) for key, words in kinds]
        found = sorted((one for one in found if one[0]), key=lambda one: (-one[0], one[1]))
        total = sum(score for score, _key in found) or 1
        return [(key, score / total) for score, key in found]

    return read


def naive_bayes() -> Callable[[str], list[tuple[str, float]]]:
    """The peer from the textbook: multinomial naive Bayes over the same samples and cleaned texts."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    from citybrain.centre.understanding.places import without_places
    from citybrain.centre.understanding.spoken import plain
    from citybrain.centre.understanding.training import training_samples

    taught = training_samples([])
    model = make_pipeline(CountVectorizer(analyzer="char", ngram_range=(1, 2)), MultinomialNB(alpha=0.1))
    model.fit([one.text for one in taught], [one.type for one in taught])

    def read(text: str) -> list[tuple[str, float]]:
        chances = model.predict_proba([without_places(plain(text))])[0]
        order = np.argsort(-chances)[:5]
        return [(str(model.classes_[place]), float(chances[place])) for place in order]

    return read


def places(held: list[Any], found: list[Any]) -> dict[str, float]:
    """How often the first place is the right village (or town, on a road), and the right town."""
    from citybrain.kernel.identity.models import Area

    keys = dict(Area.objects.values_list("pk", "key"))
    first = [keys.get(one.places[0].area_id, "") if one.places else "" for one in found]
    count = len(held)
    return {
        "smallest area": round(sum(key == one.spot.area for one, key in zip(held, first, strict=True)) / count, 4),
        "town": round(sum(key[:9] == one.spot.town[:9] for one, key in zip(held, first, strict=True)) / count, 4),
    }


def urgency(held: list[Any]) -> dict[str, float]:
    """Somebody was hurt: precision and recall of an urgent level."""
    from citybrain.centre.understanding.urgency import urgency as signs

    hot = []
    for one in held:
        level, _reasons = signs(one.text)
        hot.append(level is not None and level.height >= 2)
    right = sum(is_hot and one.has_injury for one, is_hot in zip(held, hot, strict=True))
    return {
        "hurt": sum(one.has_injury for one in held),
        "precision": round(right / (sum(hot) or 1), 4),
        "recall": round(right / (sum(one.has_injury for one in held) or 1), 4),
    }


def routing(held: list[Any], found: list[Any]) -> dict[str, float]:
    """How often the body named for what was read is the one named for the truth: by the first type, and when sure."""
    from citybrain.centre.duties.queries import responsible
    from citybrain.kernel.identity.models import Area

    areas = {area.key: area for area in Area.objects.all()}
    by_id = {area.pk: area for area in areas.values()}
    known: dict[tuple[str, str], int | None] = {}

    def body(type_key: str, area: Any) -> int | None:
        place = (type_key, area.key if area else "")
        if place not in known:
            lead = responsible(type_key, area).lead
            known[place] = lead.pk if lead else None
        return known[place]

    right = asked = sure = sure_right = 0
    for one, read in zip(held, found, strict=True):
        truth = body(one.type, areas.get(one.spot.area))
        if truth is None:
            continue
        asked += 1
        area = by_id.get(read.places[0].area_id) if read.places else None
        said = body(read.types[0].key, area) if read.types else None
        right += said == truth
        if read.is_sure:
            sure += 1
            sure_right += said == truth
    return {
        "asked": asked,
        "right body": round(right / (asked or 1), 4),
        "sure": round(sure / (asked or 1), 4),
        "right body when sure": round(sure_right / (sure or 1), 4),
    }
