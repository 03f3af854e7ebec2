"""The process with the SDKs, shared by all tests, and a count of what the reader does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .environment import UnavailableError
from .oracle import Oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

TALLY = pytest.StashKey[dict[str, int]]()


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """The real SDKs; the tests are skipped where they cannot be installed."""
    try:
        started = Oracle()
    except UnavailableError as reason:
        pytest.skip(str(reason))
    yield started
    started.close()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> dict[str, int]:
    """Counters that are printed after the run."""
    return request.config.stash.setdefault(TALLY, {"programs": 0, "equal": 0, "unknown": 0})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much the comparison was worth."""
    counted = terminalreporter.config.stash.get(TALLY, None)
    if counted and counted["programs"]:
        terminalreporter.write_line(
            f"SDK oracle: {counted['programs']} programs, {counted['equal']} values equal, "
            f"{counted['unknown']} left unknown by the reader"
        )
