"""What an acceptance confirms is kept to learn from, without anybody's name."""

from __future__ import annotations

from collections.abc import Callable

from citybrain.centre.events.actions import Order, act
from citybrain.centre.events.learning import learn_from
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event
from citybrain.centre.events.tests.county import County
from citybrain.centre.understanding.models import Label


def test_an_acceptance_teaches(county: County, case: Callable[..., Event]) -> None:
    event = case(text="胡库村村口路面有个大坑，我姓胡，电话13812345678")
    assert not Label.objects.exists()
    act(event, Order(verb=Verb.ACCEPT, type="test-pit"), county.desk, seen=event.steps)
    label = Label.objects.get(reference=event.number)
    assert label.type == "test-pit"
    assert "大坑" in label.text
    assert "138" not in label.text
    assert "胡库" not in label.text


def test_machines_and_exercises_teach_nothing(county: County, case: Callable[..., Event]) -> None:
    event = case(text="演练：村口路面有个大坑", is_exercise=True)
    step = act(event, Order(verb=Verb.ACCEPT, type="test-pit"), county.desk, seen=event.steps)
    assert not Label.objects.exists()
    step.user = None
    learn_from(event, step)
    assert not Label.objects.exists()
