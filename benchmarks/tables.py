"""The results as a Markdown table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .measure import median_wall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .measure import Comparison
    from .rows import Row

_MEBIBYTE = 1 << 20
_MOST_MEMORY = 40
_HEAD = (
    "work", "compared with", "aim", "time", "processor", "met", "noise", "ours", "theirs",
    "memory",
)  # fmt: skip


class Result(NamedTuple):
    """A row and what was measured, or why it was not."""

    row: Row
    comparison: Comparison | None
    problem: str = ""


def head() -> str:
    """The table's first two lines."""
    return _line(_HEAD) + "\n" + _line(["---"] * len(_HEAD))


def lines(result: Result) -> Iterable[str]:
    """The lines of one result: one of time and, where memory is an aim, one of memory."""
    row, found = result.row, result.comparison
    if found is None:
        note = " ".join(result.problem.split())
        yield _line([row.work, row.against, row.aim, note, *[""] * 6])
        return
    met = [_is_met(row, ratio) for ratio in (found.wall, found.cpu)]
    yield _line(
        [
            row.work,
            row.against,
            row.aim,
            _ratio(row, found.wall),
            _ratio(row, found.cpu),
            {(True, True): "yes", (True, False): "in time", (False, True): "in processor time"}.get(
                (met[0], met[1]), "no"
            ),
            " / ".join(f"{each:.2f}" for each in found.noise),
            _duration(median_wall(found.ours)),
            _duration(median_wall(found.reference)),
            _memory(found.peak),
        ]
    )
    if row.largest is not None:
        limit = _MOST_MEMORY + row.largest / _MEBIBYTE
        met_memory = "yes" if found.peak / _MEBIBYTE <= limit else "no"
        aim = f"at most {limit:.0f} MiB"
        yield _line(
            [f"memory on {row.work}", "", aim, "", "", met_memory, "", "", "", _memory(found.peak)]
        )


def _is_met(row: Row, ratio: float) -> bool:
    return 1 / ratio >= row.limit if row.faster else ratio <= row.limit


def _ratio(row: Row, ratio: float) -> str:
    return f"{1 / ratio:.1f} times faster" if row.faster else f"{ratio:.2f} times"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _memory(size: int) -> str:
    return f"{size / _MEBIBYTE:.0f} MiB"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
