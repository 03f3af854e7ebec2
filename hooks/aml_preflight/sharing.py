"""Work on a long list, shared out among as many processes as there are cores.

Only where the system can ``fork``: any other way to start a Python costs more than there is to win.
A process that has nothing left to do takes the next share, so nobody waits for a slow one.
"""

from __future__ import annotations

import marshal
import os

TYPE_CHECKING = False  # importing typing takes longer than looking at a thousand files
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    Item = TypeVar("Item")
    Result = TypeVar("Result")

_SHARE = 100
_MOST_SHARES = 256
"""A share's number is one byte, which two processes cannot both read."""

_MOST_PROCESSES = 8
_CHUNK = 1 << 20


def in_shares(
    items: list[Item],
    work: Callable[[list[Item]], Result],
    seen: Callable[[Result], None] | None = None,
) -> list[Result]:
    """What ``work`` makes of each share. Neighbours are alike, so a share has items from all over.

    A result has to be made of what ``marshal`` takes: dictionaries, lists, tuples, text, bytes and
    numbers. ``seen`` gets results of this process as they come, and while it runs the others go
    on. What ``work`` raises is raised here.
    """
    processes = min(_cores(), _MOST_PROCESSES)
    if processes == 1 or not hasattr(os, "fork"):
        return [work(items)]
    count = min(max(len(items) // _SHARE, 1), _MOST_SHARES)
    shares = [items[first::count] for first in range(count)]
    try:
        numbers = _numbers(len(shares))
    except OSError:
        return [work(items)]
    results: dict[int, Result] = {}
    children: list[tuple[int, int]] = []
    try:
        for _ in range(processes - 1):
            children += _start(numbers, shares, work)
        for number in _taken(numbers):
            results[number] = work(shares[number])
            if seen is not None:
                seen(results[number])
    finally:
        os.read(numbers, _MOST_SHARES)  # if something failed here, the others need not go on
        os.close(numbers)
        for child in children:
            results.update(_finish(*child))
    # A process that was stopped leaves shares behind.
    return [results[n] if n in results else work(share) for n, share in enumerate(shares)]


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _numbers(count: int) -> int:
    """A pipe that holds the numbers of the shares, to be read by whoever is free."""
    reader, writer = os.pipe()
    os.write(writer, bytes(range(count)))
    os.close(writer)
    return reader


def _taken(numbers: int) -> Iterator[int]:
    while number := os.read(numbers, 1):
        yield number[0]


def _start(
    numbers: int, shares: list[list[Item]], work: Callable[[list[Item]], Result]
) -> list[tuple[int, int]]:
    """Another process that takes shares: its number, and the pipe for what it makes of them.
    Nothing if the system allows no more."""
    parent = os.getpid()
    try:
        reader, writer = os.pipe()
    except OSError:
        return []
    try:
        child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return []
    if child == 0:
        try:
            os.close(reader)  # else this process waits for ever for a parent that was stopped
            results = {
                number: work(shares[number]) for number in _taken(numbers) if os.getppid() == parent
            }
            _write(writer, marshal.dumps(results))
        finally:  # nothing of the program that was forked may run on, nor be printed twice
            os._exit(0)
    os.close(writer)
    return [(child, reader)]


def _write(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _finish(child: int, reader: int) -> dict[int, Result]:
    """What another process made of the shares that it took."""
    parts = []
    try:
        while part := os.read(reader, _CHUNK):
            parts.append(part)
    finally:
        os.close(reader)
        _forget(child)
    try:
        found: dict[int, Result] = marshal.loads(b"".join(parts))
    except (EOFError, ValueError, TypeError):  # it was stopped
        return {}
    return found


def _forget(child: int) -> None:
    """Let the system forget a process that has ended."""
    try:
        os.waitpid(child, 0)
    except ChildProcessError:  # who started us told it not to keep any
        return
