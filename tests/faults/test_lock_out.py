"""Lock-out holds over several processes at once, and over a restart of all of them: it is rows, not memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import environment_of

pytestmark = pytest.mark.fault

PREPARE = """
import django; django.setup()
from citybrain.kernel.identity.models import User
User.objects.create_user("wang", password="Correct-Horse-7")
"""

GUESS = """
import django; django.setup()
import json, sys
from django.test import RequestFactory
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.identity.sign_in import Refused, prove_password
print("ready", flush=True)
sys.stdin.readline()
answers = []
for guess in json.loads(sys.argv[1]):
    try:
        prove_password(RequestFactory().post("/login/"), "wang", guess, "192.0.2.1")
        answers.append("in")
    except Refused as refusal:
        answers.append(str(refusal))
compared = SecurityEvent.objects.filter(action="sign-in-refused", detail__why="password").count()
print(json.dumps([answers, compared]))
"""


def start(home: Path, code: str, *words: str) -> subprocess.Popen[str]:
    """A process of the site with a home of its own."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", code, *words], env=environment_of(home), text=True, **pipes)


def guess(home: Path, *lists: list[str]) -> list[tuple[list[str], int]]:
    """Processes that guess at the same time, each its list; their answers, and how many passwords were compared."""
    processes = [start(home, GUESS, json.dumps(guesses)) for guesses in lists]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    found = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, _errors = process.communicate(timeout=120)
        answers, compared = json.loads(output.splitlines()[-1])
        found.append((answers, compared))
    return found


def test_three_processes_compare_five_passwords_together_and_a_restart_forgets_nothing(
    tmp_path: Path, new_home: Callable[[Path], Path]
) -> None:
    prepared = start(new_home(tmp_path), PREPARE)
    prepared.communicate(timeout=120)
    assert prepared.returncode == 0
    wrong = [f"wrong-{number}" for number in range(5)]
    results = guess(tmp_path, wrong, wrong, wrong)
    assert max(compared for _answers, compared in results) == 5
    answers = [answer for some, _compared in results for answer in some]
    assert "in" not in answers
    assert sum("do not match" in answer for answer in answers) <= 4
    [(after, compared)] = guess(tmp_path, ["Correct-Horse-7"])
    assert "in" not in after
    assert compared == 5
