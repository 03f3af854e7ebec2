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

_KIBIBYTE = 1 if sys.platform == "darwin" else 1024  # the unit in which the peak is counted


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
    """What one run cost: seconds on the clock, seconds of processor, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


class Comparison(NamedTuple):
    """The samples of one command and of what it is compared with, round by round."""

    ours: tuple[Sample, ...]
    again: tuple[Sample, ...]
    reference: tuple[Sample, ...]

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

    @property
    def peak(self) -> int:
        """Our peak memory in bytes."""
        return int(statistics.median(s.peak for s in self.ours))


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
    return Comparison(first, again, theirs)


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
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _KIBIBYTE)


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
        last = output.strip()[-400:]
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
