"""Trains the model of texts: committed samples, the words types declare, and what people confirmed (训练).

The fitting runs in a process of its own; the new model is used only when it reads the held-out texts no worse than the
one in use.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from citybrain.centre.understanding.chosen import folder as models_folder
from citybrain.centre.understanding.chosen import forget
from citybrain.centre.understanding.classifier import Classifier, load
from citybrain.centre.understanding.measuring import Measure, Sample, measure, samples
from citybrain.centre.understanding.models import Label, ModelVersion
from citybrain.declare.event import EventType
from citybrain.kernel.registry.registry import registry

PROGRAM = [sys.executable, "-m", "citybrain.centre.understanding.fitting"]
LONGEST = 600
"""Seconds a fitting may take."""
SLACK = 0.01
"""How much worse on the held-out texts a new model may be: a hundredth of macro-F1 is less than chance."""
WEIGHT = 3
"""How often a confirmed text counts: it is how people here really talk."""


class TrainingFailed(RuntimeError):
    """The fitting program failed."""


def train(types: tuple[str, ...] = ()) -> ModelVersion:
    """Trains a model, measures it, and uses it when it is no worse; `types` narrows it to some, for tests."""
    labels = list(Label.objects.order_by("at"))
    taught = [sample for sample in training_samples(labels) if not types or sample.type in types]
    if len({sample.type for sample in taught}) < 2:
        raise TrainingFailed(_("There are samples of fewer than two event types: declare types, or add samples."))
    with tempfile.TemporaryDirectory(prefix="citybrain-fit-") as folder:
        facts = _fit(taught, Path(folder))
        content = (Path(folder) / "model.npz").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    path = models_folder() / f"{digest[:16]}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    version, _new = ModelVersion.objects.update_or_create(
        key=digest[:16],
        defaults={
            "samples": len(taught),
            "labels": len(labels),
            "last_label": max((label.at for label in labels), default=None),
            "measures": facts | measures_of(load(path), types),
        },
    )
    _choose(version)
    return version


def training_samples(labels: list[Label]) -> list[Sample]:
    """Everything to learn from, of types that exist: committed samples, declared words, confirmed texts."""
    known = {one.key for one in registry().of(EventType)}
    found = [sample for sample in samples("train") if sample.type in known]
    for one in registry().of(EventType):
        found += [Sample(text=word, type=one.key, group=f"word-{word}") for word in (one.chinese, *one.words) if word]
    for label in labels:
        if label.type in known:
            found += [Sample(text=label.text, type=label.type, group=f"label-{label.pk}")] * WEIGHT
    return found


def measures_of(classifier: Classifier, types: tuple[str, ...] = ()) -> dict[str, object]:
    """What a model reaches on the texts of the other bank and on those written by hand, and how fast it reads."""
    found: dict[str, object] = {}
    for name in ("held", "hand"):
        asked = [one for one in samples(name) if one.type in classifier.types and (not types or one.type in types)]
        began = time.perf_counter()
        found[name] = _measured(classifier, asked).as_json()
        found["texts_a_second"] = round(len(asked) / max(time.perf_counter() - began, 1e-6))
    return found


def family_of(key: str) -> str:
    """The family of a type; an unknown one is its own."""
    one = registry().find(EventType, key)
    return one.group if one else key


def _measured(classifier: Classifier, asked: list[Sample]) -> Measure:
    return measure(classifier.read, asked, threshold=classifier.threshold, families=family_of)


def _fit(taught: list[Sample], folder: Path) -> dict[str, object]:
    job = {
        "texts": [sample.text for sample in taught],
        "types": [sample.type for sample in taught],
        "groups": [sample.group for sample in taught],
    }
    (folder / "job.json").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    command = [*PROGRAM, str(folder / "job.json"), str(folder / "model.npz")]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=LONGEST, cwd=settings.ROOT, check=False
    )
    if done.returncode:
        raise TrainingFailed(_("The model could not be fitted: %s") % done.stderr.strip()[-500:])
    facts: dict[str, object] = json.loads(done.stdout)
    return facts


@transaction.atomic
def _choose(version: ModelVersion) -> None:
    """Uses a version unless the one in use reads the held-out texts better."""
    before = ModelVersion.objects.select_for_update().filter(is_used=True).exclude(pk=version.pk).first()
    is_file_there = before is not None and (models_folder() / f"{before.key}.npz").is_file()
    if before is not None and is_file_there:
        # Both are measured now, on the same texts: what was written down then may have been another set.
        models = [load(models_folder() / f"{one.key}.npz") for one in (before, version)]
        asked = [one for one in samples("held") if any(one.type in model.types for model in models)]
        old, new = (_measured(model, asked).macro_f1 for model in models)
        if new < old - SLACK:
            version.note = _("Not used: macro-F1 %(new).3f on held-out texts; the one in use has %(old).3f.") % {
                "new": new,
                "old": old,
            }
            version.is_used = False
            version.save(update_fields=["note", "is_used"])
            return
    ModelVersion.objects.filter(is_used=True).exclude(pk=version.pk).update(is_used=False)
    version.is_used, version.note = True, ""
    version.save(update_fields=["note", "is_used"])
    transaction.on_commit(forget)


def is_due() -> bool:
    """Whether there is no model yet, or people confirmed something since it was trained."""
    used = ModelVersion.objects.filter(is_used=True).first()
    if used is None or not (models_folder() / f"{used.key}.npz").is_file():
        return True
    latest = ModelVersion.objects.aggregate(latest=Max("last_label"))["latest"]
    newer = Label.objects.filter(at__gt=latest) if latest else Label.objects.all()
    return newer.exists()
