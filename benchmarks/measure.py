"""Running commands against each other."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_UNIT_OF_PEAK = 1 if sys.platform == "darwin" else 1024
_PEAK = """\
import os, sys
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
print("\\npeak", os.wait4(child, 0)[2].ru_maxrss)
"""


class BenchmarkError(Exception):
    """A command did not do what it is measured for; the text says what."""


class Command(NamedTuple):
    """A command line with the folder it runs in, and the proof that it did its work.

    ``statuses`` are the exit statuses that are right; ``proof`` looks at the output.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    statuses: frozenset[int] = frozenset({0})
    proof: Callable[[str], bool] | None = None


class Sample(NamedTuple):
    """What one run cost: seconds on the clock and seconds of processor."""

    wall: float
    cpu: float


class Comparison(NamedTuple):
    """The samples of one command and of what it is compared with, round by round; and the peak of
    our memory in bytes."""

    ours: tuple[Sample, ...]
    again: tuple[Sample, ...]
    reference: tuple[Sample, ...]
    peak: int

    @property
    def wall(self) -> float:
        """Median over the rounds of our time divided by the reference's."""
        return _ratio([s.wall for s in self.ours], [s.wall for s in self.reference])

    @property
    def cpu(self) -> float:
        """The same for processor time."""
        return _ratio([s.cpu for s in self.ours], [s.cpu for s in self.reference])

    @property
    def noise(self) -> tuple[float, float]:
        """Ours against itself in the same rounds, wall and processor time: 1 without noise."""
        return (
            _ratio([s.wall for s in self.ours], [s.wall for s in self.again]),
            _ratio([s.cpu for s in self.ours], [s.cpu for s in self.again]),
        )


def median_wall(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.wall for sample in samples)


def compare(ours: Command, reference: Command, *, quick: bool) -> Comparison:
    """Run both commands in turn; ours twice a round. Raises ``BenchmarkError``."""
    slowest = max(_warm_up(command) for command in (ours, reference))
    commands = [ours, ours, reference]
    samples: list[list[Sample]] = [[] for _ in commands]
    for number in range(_rounds(slowest, quick=quick)):
        for step in range(len(commands)):
            index = (number + step) % len(commands)
            samples[index].append(run(commands[index]))
    first, again, theirs = (tuple(each) for each in samples)
    return Comparison(first, again, theirs, peak_memory(ours))


def run(command: Command) -> Sample:
    """Run a command once. Its output goes nowhere. Raises ``BenchmarkError``."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.argv,
        cwd=command.folder,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.statuses:
        raise BenchmarkError(f"{command.name}: exit status {process.returncode}")
    return Sample(wall, usage.ru_utime + usage.ru_stime)


def peak_memory(command: Command) -> int:
    """The peak memory of a command in bytes.

    The system counts what a process had when it was started by a larger one, so a small one starts
    the command here.
    """
    start = (sys.executable, "-I", "-S", "-c", _PEAK)
    done = subprocess.run(
        (*start, *command.argv),
        cwd=command.folder,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return int(done.stdout.split()[-1]) * _UNIT_OF_PEAK


def _warm_up(command: Command) -> float:
    """Run a command once with its output read and judged; returns the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(
        command.argv,
        cwd=command.folder,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    wall = time.perf_counter() - start
    output = done.stdout.decode("utf-8", "replace")
    right = command.proof is None or command.proof(output)
    if done.returncode not in command.statuses or not right:
        last = (output.strip().splitlines() or ["nothing"])[-1]
        raise BenchmarkError(f"{command.name}: exit status {done.returncode}, it said: {last}")
    return wall


def _rounds(seconds: float, *, quick: bool) -> int:
    if quick:
        return 7 if seconds < 1 else 3
    if seconds < 0.1:
        return 31
    return 15 if seconds < 2 else 9


def _ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))
