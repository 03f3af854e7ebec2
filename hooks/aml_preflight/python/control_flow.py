"""Following what may go several ways: conditions, loops, exceptions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from .expressions import spelling
from .flow import Flow
from .objects import Dictionary, Items, Opaque
from .statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from .objects import Value

LONGEST_LOOP = 50
"""Rounds that are followed one by one."""


class ControlFlow(Statements):
    """Follows statements that run others."""

    def _exec_If(self, node: cst.If) -> Flow:
        chosen = self.truth(node.test)
        if chosen is True:
            return self.execute(node.body)
        if chosen is False:
            return self.execute(node.orelse) if node.orelse else Flow.NEXT
        otherwise = node.orelse
        return self.branch(
            [
                lambda: self.execute(node.body),
                lambda: self.execute(otherwise) if otherwise else Flow.NEXT,
            ]
        )

    def _exec_Else(self, node: cst.Else) -> Flow:
        return self.execute(node.body)

    _exec_Finally = _exec_Else

    def _exec_With(self, node: cst.With) -> Flow:
        for item in node.items:
            value = self.evaluate(item.item)
            if item.asname is not None:
                reason = value.reason if isinstance(value, Opaque) else "made by a `with` statement"
                self.assign(item.asname.name, self.opaque(reason, item.item))
        if any("suppress" in spelling(item.item) for item in node.items):
            return self.branch([lambda: self.execute(node.body), lambda: Flow.NEXT])
        return self.execute(node.body)

    def _exec_Try(self, node: cst.Try | cst.TryStar) -> Flow:
        def body() -> Flow:
            flow = self.execute(node.body)
            if flow is Flow.NEXT and node.orelse:
                flow = self.execute(node.orelse)
            return flow

        def handled(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> Flow:
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                name = handler.name.name
                self.bind(name.value, self.opaque("an exception", name))
            return self.execute(handler.body)

        runs: list[Callable[[], Flow]] = [body]
        runs += [partial(handled, handler) for handler in node.handlers]
        flow = self.branch(runs) if node.handlers else body()
        if node.finalbody:
            last = self.execute(node.finalbody)
            flow = last if last is not Flow.NEXT else flow
        return flow

    _exec_TryStar = _exec_Try

    def _exec_Match(self, node: cst.Match) -> Flow:
        self.evaluate(node.subject)
        runs: list[Callable[[], Flow]] = [lambda: Flow.NEXT]
        runs += [partial(self._case, case) for case in node.cases]
        return self.branch(runs)

    def _case(self, case: cst.MatchCase) -> Flow:
        waiting: list[cst.CSTNode] = [case.pattern]
        while waiting:
            node = waiting.pop()
            if isinstance(node, cst.Name):
                self.bind(node.value, self.opaque("it is matched at run time", node))
            waiting += node.children
        return self.execute(case.body)

    def _exec_For(self, node: cst.For) -> Flow:
        iterated = self.evaluate(node.iter)
        if isinstance(iterated, Dictionary):
            self.note_read(iterated)
        values = _known_items(iterated)
        if values is not None and len(values) <= LONGEST_LOOP:
            return self._unrolled(node, values)
        target = self.opaque("it changes in a loop", node.target)

        def body() -> Flow:
            self.assign(node.target, target)
            return self._loop_body(node.body)

        flow = self._loop(lambda: self.branch([body, lambda: Flow.NEXT]))
        if flow is Flow.NEXT and node.orelse:
            flow = self.execute(node.orelse)
        return flow

    def _unrolled(self, node: cst.For, values: list[Value]) -> Flow:
        def rounds(rest: list[Value]) -> Flow:
            for index, value in enumerate(rest):
                self.assign(node.target, value)
                met = self.ways_out()
                flow = self.execute(node.body)
                if flow not in (Flow.NEXT, Flow.CONTINUE):
                    return flow
                later = rest[index + 1 :]
                if later and self.ways_out() > met:
                    return self.branch([partial(rounds, later), lambda: Flow.NEXT])
            return Flow.NEXT

        flow = self._loop(lambda: rounds(values))
        if flow is Flow.BREAK:
            return Flow.NEXT
        if flow is Flow.NEXT and node.orelse:
            orelse = node.orelse
            return self.branch([lambda: self.execute(orelse), lambda: Flow.NEXT])
        return flow

    def _loop(self, run: Callable[[], Flow]) -> Flow:
        self.loop_exits.append([])
        try:
            return run()
        finally:
            self.join_exits(self.loop_exits.pop())

    def _loop_body(self, body: cst.CSTNode) -> Flow:
        flow = self.execute(body)
        return Flow.NEXT if flow in (Flow.BREAK, Flow.CONTINUE) else flow

    def _exec_While(self, node: cst.While) -> Flow:
        chosen = self.truth(node.test)
        if chosen is False:
            return self.execute(node.orelse) if node.orelse else Flow.NEXT
        # Followed once: what it changes is not known afterwards, so that its end is joined with
        # its beginning even where it runs for certain.
        runs = [lambda: self._loop_body(node.body), lambda: Flow.NEXT]
        return self._loop(lambda: self.branch(runs))


def _known_items(value: Value) -> list[Value] | None:
    if isinstance(value, Items):
        return value.values
    if isinstance(value, Dictionary) and value.open is None:
        return [entry.key for entry in value.cells.values()]
    return None
