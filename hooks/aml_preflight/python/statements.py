"""Following statements: assignments, conditions, loops, definitions."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .expressions import Evaluator, decorators_of, imported_from, spelling
from .objects import Class, Dictionary, Function, Items, Literal, Opaque, Reference, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .objects import Changes, Value

MOST_STEPS = 20_000
"""Statements followed in one file, calls and loops unrolled."""

LONGEST_LOOP = 50
_LONGEST_SAID = 60

_HOOKS = frozenset(
    {"__delattr__", "__getattr__", "__getattribute__", "__new__", "__post_init__", "__setattr__"}
)
"""Methods by which a class decides what its attributes are."""

NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})


class TooMuch(Exception):
    """The file asks for more steps than are followed."""


class Flow(Enum):
    """How a block ends."""

    NEXT = "goes on with what follows"
    BREAK = "leaves the loop"
    CONTINUE = "goes on with the next round of the loop"
    RETURN = "leaves the function"
    RAISE = "raises or exits"


class Statements(Evaluator):
    """Follows statements one by one."""

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
            ways_out = self._ways_out()
            flow = self.execute(statement)
            if flow is not Flow.NEXT:
                return flow
            rest = statements[index + 1 :]
            if rest and self._ways_out() > ways_out:
                return self.branch([partial(self.execute_all, rest), lambda: Flow.NEXT])
        return Flow.NEXT

    def _ways_out(self) -> int:
        """How many ways out of the function and its loops have been met so far."""
        return len(self.function_exits[-1]) + sum(map(len, self.loop_exits))

    def _exec_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> Flow:
        return self.execute_all(node.body)

    def _exec_SimpleStatementSuite(self, node: cst.SimpleStatementSuite) -> Flow:
        return self.execute_all(node.body)

    def _exec_IndentedBlock(self, node: cst.IndentedBlock) -> Flow:
        return self.execute_all(node.body)

    def _exec_Expr(self, node: cst.Expr) -> Flow:
        value = self.evaluate(node.value)
        if isinstance(value, Reference) and value.dotted in NEVER_RETURN:
            return Flow.RAISE
        return Flow.NEXT

    def _exec_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            self.import_module(alias)

    def import_module(self, alias: cst.ImportAlias) -> None:
        """Bind what one name of an ``import`` brings."""
        dotted = spelling(alias.name)
        name = alias.asname.name if alias.asname else None
        if isinstance(name, cst.Name):
            self.bind(name.value, Reference(dotted))
        else:
            top = dotted.split(".")[0]
            self.bind(top, Reference(top))

    def _exec_ImportFrom(self, node: cst.ImportFrom) -> None:
        module = imported_from(node)
        if isinstance(node.names, cst.ImportStar):
            self.star_imports.append(module)
            if module.split(".")[0] not in ("azure", "azureml"):
                site = self.site(node)
                said = site.place().shown.text.partition("\n")[0]  # in a notebook it may be `%run`
                self.doubt_names(Opaque(f"`{said[:_LONGEST_SAID].strip()}` may set it", site))
            return
        for alias in node.names:
            self.import_from(module, alias)

    def import_from(self, module: str, alias: cst.ImportAlias) -> None:
        """Bind what one name of a ``from module import`` brings."""
        name = alias.asname.name if alias.asname else alias.name
        if isinstance(name, cst.Name):
            self.bind(name.value, Reference(f"{module}.{spelling(alias.name)}"))

    def _exec_Assign(self, node: cst.Assign) -> None:
        value = self.at(self.evaluate(node.value), node.value)
        for target in node.targets:
            self.assign(target.target, value)

    def _exec_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.at(self.evaluate(node.value), node.value))

    def _exec_AugAssign(self, node: cst.AugAssign) -> None:
        value = self.evaluate(node.value)
        current = self.evaluate(node.target)
        if isinstance(node.operator, cst.BitOrAssign) and isinstance(current, Dictionary):
            self.merge_into(current, value, node.value)
            return
        self.doubt(current, node)
        operators = {cst.AddAssign: cst.Add, cst.DivideAssign: cst.Divide}
        operator = operators.get(type(node.operator))
        folded = None
        if operator is not None:
            folded = folding.binary(operator(), current, value, self.site(node))
        self.assign(node.target, folded or self.opaque("worked out at run time", node))

    def assign(self, target: cst.BaseExpression, value: Value) -> None:
        """``target = value``."""
        if isinstance(target, cst.Name):
            self.bind(target.value, value)
        elif isinstance(target, cst.Attribute):
            self.set_attribute(self.evaluate(target.value), target.attr.value, value, target)
        elif isinstance(target, cst.Subscript):
            owner = self.evaluate(target.value)
            if isinstance(owner, Dictionary):
                key = self.subscript_key(target)
                index = target.slice[0].slice
                self.put(owner, self.at(key, index), value, target)
            elif isinstance(owner, Items):
                self.heap.set(owner.changed, "", self.opaque("an item is replaced", target))
            else:
                self.doubt(owner, target)
        elif isinstance(target, (cst.Tuple, cst.List)):
            values = value.values or [] if isinstance(value, Items) else []
            for number, element in enumerate(target.elements):
                known = len(values) == len(target.elements)
                part = values[number] if known else self.opaque("worked out at run time", target)
                self.assign(element.value, part)

    def _exec_Del(self, node: cst.Del) -> None:
        target = node.target
        if isinstance(target, cst.Subscript):
            owner = self.evaluate(target.value)
            if isinstance(owner, Dictionary):
                self.remove(owner, self.subscript_key(target))
            elif isinstance(owner, Items):
                self.heap.set(owner.changed, "", self.opaque("an item is removed", target))
            else:
                self.doubt(owner, target)
        elif isinstance(target, cst.Name):
            self.heap.delete(self.scope.cells, target.value)

    def _exec_Global(self, node: cst.Global | cst.Nonlocal) -> None:
        self.scope.shared.update(item.name.value for item in node.names)

    _exec_Nonlocal = _exec_Global

    def _exec_Return(self, node: cst.Return) -> Flow:
        if node.value is not None:
            self.returns[-1].append(self.at(self.evaluate(node.value), node.value))
        else:
            self.returns[-1].append(Literal(None, self.site(node)))
        return Flow.RETURN

    def _exec_Raise(self, _: cst.Raise) -> Flow:
        return Flow.RAISE

    def _exec_Break(self, _: cst.Break) -> Flow:
        return Flow.BREAK

    def _exec_Continue(self, _: cst.Continue) -> Flow:
        return Flow.CONTINUE

    # ---- definitions ---------------------------------------------------------------------------

    def _exec_FunctionDef(self, node: cst.FunctionDef) -> None:
        function = Function(node, self.segment, self.scope, self._defaults(node))
        self.functions.append(function)
        plain = all(name in ("staticmethod", "classmethod") for name in decorators_of(node))
        if plain:
            self.bind(node.name.value, function)
        else:
            reason = f"`{node.name.value}()` has a decorator"
            self.bind(node.name.value, self.opaque(reason, node.name))

    def _defaults(self, node: cst.FunctionDef) -> dict[str, Value]:
        """Default values, worked out once, where the function is defined."""
        parameters = node.params
        every = [*parameters.posonly_params, *parameters.params, *parameters.kwonly_params]
        return {
            each.name.value: self.at(self.evaluate(each.default), each.default)
            for each in every
            if each.default is not None
        }

    def _exec_ClassDef(self, node: cst.ClassDef) -> None:
        scope = Scope(self.scope, self.heap.tick())
        complete = not node.bases and not node.keywords and not node.decorators
        made = Class(self.site(node.name), scope, complete)
        outer, self.scope = self.scope, scope
        try:
            self.execute(node.body)
        finally:
            self.scope = outer
        for value in scope.cells.values():
            if isinstance(value, Function):
                value.owner = made
                scope_of_names = outer  # a method does not see its class's names
                value.scope = scope_of_names
        made.complete = complete and _HOOKS.isdisjoint(scope.cells)
        self.bind(node.name.value, made)

    # ---- branches ------------------------------------------------------------------------------

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
        if exits:
            self.heap.apply_joined([{}, *exits])
            exits.clear()

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
                ways_out = self._ways_out()
                flow = self.execute(node.body)
                if flow not in (Flow.NEXT, Flow.CONTINUE):
                    return flow
                later = rest[index + 1 :]
                if later and self._ways_out() > ways_out:
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
