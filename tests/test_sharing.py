"""Work that is shared out among processes gives what one process alone gives, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aml_preflight import discovery, sharing
from aml_preflight.python.outline import outline_of_file

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
PARENT = os.getpid()
DEPLOY = "from azureml.core.model import InferenceConfig\n"


@pytest.fixture(autouse=True)
def _three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_cores", lambda: 3)


def _tens(items: list[int]) -> dict[int, str]:
    return {item: str(item * 10) for item in items}


def _merged(results: list[dict[int, str]]) -> dict[int, str]:
    return {key: value for each in results for key, value in each.items()}


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 2_500, 60_000])
def test_everything_is_done_once(count: int) -> None:
    items = list(range(count))
    results = sharing.in_shares(items, _tens)
    assert sum(map(len, results)) == count
    assert _merged(results) == _tens(items)


def test_others_work_too() -> None:
    items = list(range(3_000))

    def work(share: list[int]) -> list[int]:
        return [os.getpid()] * len(share)

    first_is_done: list[bool] = []

    def wait(_: list[int]) -> None:
        # While this process is busy, the others take what is left.
        if not first_is_done:
            first_is_done.append(True)
            signal.sigtimedwait([], 0.5)

    done = [each for share in sharing.in_shares(items, work, wait) for each in share]
    assert len(done) == len(items)
    assert done.count(PARENT) < len(items) / 2


def test_long_results_pass() -> None:
    results = sharing.in_shares(list(range(400)), lambda share: [b"x" * 100_000 for _ in share])
    assert sum(len(each) for share in results for each in share) == 400 * 100_000


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_stopped_process_leaves_is_done(number: int) -> None:
    def work(share: list[int]) -> dict[int, str]:
        if os.getpid() != PARENT:
            os.kill(os.getpid(), number)
        return _tens(share)

    items = list(range(1_000))
    assert _merged(sharing.in_shares(items, work)) == _tens(items)


ORPHAN = """
import os, signal, sys, time
from aml_preflight import sharing
sharing._cores = lambda: 2
parent = os.getpid()
def work(share):
    if os.getpid() == parent:
        time.sleep(0.3)  # the other process has its long result by then
        os.kill(parent, signal.SIGKILL)
    return [b"x" * 1_000_000]
sharing.in_shares(list(range(400)), work)
"""


def test_nobody_waits_for_a_process_whose_parent_was_stopped() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        env={**os.environ, "PYTHONPATH": str(Path(sharing.__file__).parent.parent)},
        stdout=subprocess.PIPE,
    )
    with started:
        assert started.communicate(timeout=60)[0] == b""
        assert started.returncode == -signal.SIGKILL


def test_what_fails_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    def work(share: list[int]) -> int:
        if 777 in share:
            raise ValueError("seven")
        return len(share)

    with pytest.raises(ValueError, match="seven"):
        sharing.in_shares(list(range(1_000)), work)
    assert capfd.readouterr() == ("", "")


def test_one_process_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    items = list(range(1_000))
    assert _merged(sharing.in_shares(items, _tens)) == _tens(items)


def test_no_process_and_no_file_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = os.fork
    children: list[int] = []

    def noted() -> int:
        children.append(fork())
        return children[-1]

    def work(share: list[int]) -> int:
        raise ValueError(len(share))

    monkeypatch.setattr(os, "fork", noted)
    before = len(os.listdir("/dev/fd"))
    sharing.in_shares(list(range(1_000)), len)
    with pytest.raises(ValueError, match="100"):
        sharing.in_shares(list(range(1_000)), work)
    assert len(os.listdir("/dev/fd")) == before
    assert len(children) == 4
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def test_a_large_tree_is_looked_through_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1_200):
        folder = tmp_path / f"folder_{number % 7}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.py").write_text(DEPLOY if number % 50 == 3 else "import json\n")
    prepared: list[str] = []
    ahead = discovery.Ahead(prepared.append, outline_of_file)
    found = discovery.scan([str(tmp_path)], changed=False, ahead=ahead)
    monkeypatch.setattr(discovery, "_MANY", 10_000)
    alone = discovery.scan([str(tmp_path)], changed=False)
    assert list(found.hits.items()) == list(alone.hits.items())
    assert len(found.hits) == 24
    assert found.files == alone.files == 1_200
    assert len(prepared) <= 1
    assert set(prepared) <= set(found.hits)
    drawn = {path: outline_of_file(path, data) for path, data in found.hits.items()}
    assert found.outlines == drawn
    assert alone.outlines == {}
