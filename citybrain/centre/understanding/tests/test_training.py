"""Training, choosing, abstaining, and files that are no model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from citybrain.centre.understanding import chosen, training
from citybrain.centre.understanding.actions import learn
from citybrain.centre.understanding.classifier import BadModel, load
from citybrain.centre.understanding.measuring import Sample, measure, samples
from citybrain.centre.understanding.models import Label, ModelVersion
from citybrain.centre.understanding.queries import corrections, use_since
from citybrain.centre.understanding.reading import understand
from citybrain.centre.understanding.tests.conftest import TYPES
from citybrain.centre.understanding.training import is_due, train
from citybrain.declare.event import EventType, Level
from citybrain.kernel.registry.registry import registry


def test_a_model_is_trained_used_and_reads(
    land: SimpleNamespace, forget: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert understand("唐先大街路灯不亮").version == ""
    assert is_due()
    version = train(TYPES)
    assert version.is_used
    assert not is_due()
    assert version.measures["held"]["macro_f1"] > 0.8
    assert version.measures["hand"]["texts"] >= 8
    chosen.forget()
    found = understand("古山镇胡库下村楼道里好大一股煤气味，另外垃圾桶也满了没人倒")
    assert found.type_key == "gas-leak"
    assert found.version == version.key
    assert found.level is Level.RED
    assert any("煤气" in word for word in found.types[0].reasons)
    assert [one.key for one in found.further] == ["waste-bin"]
    assert found.places[0].area_id == land.huku.pk
    assert 0 < sum(one.probability for one in found.types) <= 1 + 1e-6
    assert found.as_json()["types"][0][0] == "gas-leak"
    # What says nothing is not guessed at.
    assert not understand("，。！？ 12345").is_sure
    assert not understand("").types
    # A worse one is kept and not used.
    monkeypatch.setattr(training, "_fit", spoilt(chosen.folder() / f"{version.key}.npz"))
    worse = train(TYPES)
    assert worse.key != version.key
    assert not worse.is_used
    assert worse.note
    assert ModelVersion.objects.get(is_used=True) == version


def spoilt(path: Path) -> Callable[[list[Sample], Path], dict[str, object]]:
    """A fitting that returns the model in `path` with its classes mixed up."""

    def fit(taught: list[Sample], folder: Path) -> dict[str, object]:
        with np.load(path) as file:
            arrays = dict(file)
        arrays["types"] = np.roll(arrays["types"], 1)
        np.savez(folder / "model.npz", **arrays)
        return {"fit_seconds": 0.0}

    return fit


def test_corrections_are_learnt_from(land: SimpleNamespace) -> None:
    proposed = {"types": [["waste-bin", 0.9], ["praise", 0.05]], "is_sure": True, "version": "abc"}
    learn("路灯不亮", "street-light", reference="YK1", proposed=proposed)
    learn("谢谢师傅", "praise", reference="YK2", proposed=proposed)
    learn("垃圾桶满", "waste-bin", reference="YK3", proposed=proposed)
    learn("没人读过", "waste-bin", reference="YK4")
    use = use_since(None)
    assert (use.confirmed, use.read, use.proposed, use.right, use.among) == (4, 3, 3, 1, 2)
    assert {label.reference for label in corrections()} == {"YK1", "YK2"}
    learn("路灯不亮", "waste-bin", reference="YK1", proposed=proposed)
    assert Label.objects.count() == 4
    assert any(one.text == "路灯不亮" for one in training.training_samples(list(Label.objects.all())))


def test_a_short_text_teaches_nothing(land: SimpleNamespace) -> None:
    assert learn("好", "praise", reference="YK9") is None


@pytest.mark.parametrize("broken", ["empty", "text", "pickle", "shape"])
def test_what_is_no_model_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "model.npz"
    if broken == "empty":
        path.write_bytes(b"")
    elif broken == "text":
        path.write_text("no model")
    elif broken == "pickle":
        np.savez(path, grams=np.array([{"a": 1}], dtype=object))
    else:
        arrays = {"grams": np.array(["a"]), "idf": np.ones(2), "types": np.array(["x"]), "weights": np.ones((1, 1))}
        np.savez(path, **arrays, bias=np.ones(1), heat=1.0, threshold=0.5)
    with pytest.raises(BadModel, match=r"model\.npz"):
        load(path)


def test_a_model_that_is_gone_leaves_the_declared_words(land: SimpleNamespace, forget: None) -> None:
    ModelVersion.objects.create(key="0" * 16, samples=1, is_used=True)
    found = understand("路灯不亮")
    assert found.version == ""
    assert found.types[0].key == "street-light"


def test_samples_are_of_declared_types() -> None:
    known = {one.key for one in registry().of(EventType)}
    for name in ("train", "held", "hand"):
        assert {one.type for one in samples(name)} <= known
    assert {one.type for one in samples("train")} == {one.type for one in samples("held")}


def test_no_held_out_or_hand_written_text_is_taught() -> None:
    taught = {one.text for one in samples("train")}
    for name in ("held", "hand"):
        assert not taught & {one.text for one in samples(name)}


def test_measures() -> None:
    asked = [Sample(text=text, type=key) for text, key in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "z"))]
    said = {"a": [("x", 0.9)], "b": [("y", 0.4), ("x", 0.3)], "c": [("y", 0.9)], "d": []}
    found = measure(lambda text: said[text], asked, threshold=0.5)
    assert found.first == 0.5
    assert found.among_three == 0.75
    assert found.sure == 0.5
    assert found.sure_right == 1.0
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert found.mixed_up == (("x", "y", 1),)
