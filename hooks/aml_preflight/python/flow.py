"""Following code where it may go several ways, and where a way may end."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from .expressions import Evaluator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import libcst as cst

    from .objects import Changes, Function, Value

MOST_STEPS = 20_000
"""Statements followed in one file, calls and loops unrolled."""


class TooMuch(Exception):
    """The file asks for more steps than are followed."""


class Flow(Enum):
    """How a block ends."""

    NEXT = "goes on with what follows"
    BREAK = "leaves the loop"
    CONTINUE = "goes on with the next round of the loop"
    RETURN = "leaves the function"
    RAISE = "raises or exits"


class Follower(Evaluator):
    """Follows statements one by one; what each of them does is added by others."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.functions: list[Function] = []
        self.returns: list[list[Value]] = [[]]
        self.function_exits: list[list[Changes]] = [[]]
        self.loop_exits: list[list[Changes]] = []
        self._steps = 0

    def execute(self, node: cst.CSTNode) -> Flow:
        """Follow one statement."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuch
        method: Callable[[cst.CSTNode], Flow | None] | None
        method = getattr(self, "_exec_" + type(node).__name__, None)
        if method is None:
            return Flow.NEXT
        return method(node) or Flow.NEXT

    def execute_all(self, statements: Sequence[cst.CSTNode]) -> Flow:
        """Follow a block. What comes behind a way out of it, such as ``if x: return``, may not run:
        it is followed as a branch, joined with the state that the way out leaves."""
        for index, statement in enumerate(statements):
            met = self.ways_out()
            flow = self.execute(statement)
            if flow is not Flow.NEXT:
                return flow
            rest = statements[index + 1 :]
            if rest and self.ways_out() > met:
                return self.branch([partial(self.execute_all, rest), lambda: Flow.NEXT])
        return Flow.NEXT

    def ways_out(self) -> int:
        """How many ways out of the function and its loops have been met so far."""
        return len(self.function_exits[-1]) + sum(map(len, self.loop_exits))

    def branch(self, runs: Sequence[Callable[[], Flow]]) -> Flow:
        """Follow several ways that the code may go, and leave the state that they share."""
        ends: list[Changes] = []
        stopped = Flow.RAISE
        for run in runs:
            flows: list[Flow] = []

            def once(run: Callable[[], Flow] = run, flows: list[Flow] = flows) -> bool:
                flows.append(run())
                return True

            _, changes = self.heap.changes_of(once)
            flow = flows[0]
            if flow is Flow.NEXT:
                ends.append(changes)
            elif flow in (Flow.BREAK, Flow.CONTINUE) and self.loop_exits:
                self.loop_exits[-1].append(changes)
                stopped = flow
            elif flow is Flow.RETURN:
                self.function_exits[-1].append(changes)
                stopped = Flow.RETURN
        if not ends:
            return stopped
        self.heap.apply_joined(ends)
        return Flow.NEXT

    def join_exits(self, exits: list[Changes]) -> None:
        """Leave the state in which the code may have gone on, or left by any of some ways."""
        if exits:
            self.heap.apply_joined([{}, *exits])
            exits.clear()
