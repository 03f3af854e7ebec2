"""Following a file's statements in order, as Python would run them, without running them.

Branches of a condition that is decided at run time are followed one by one and joined. Functions
of the file are followed where they are called; those that nobody in the file calls are followed
at the end, with unknown arguments.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .arguments import Arguments
from .expressions import Evaluator, decorators_of, spelling
from .objects import (
    ABSENT,
    Cells,
    Class,
    Dictionary,
    FilePath,
    Function,
    Items,
    Literal,
    Opaque,
    Reference,
    Scope,
    Thing,
)
from .source import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .objects import Value, _Change
    from .source import Segment

    Changes = dict[tuple[int, str], tuple[_Change, object]]

MOST_STEPS = 50_000
"""Statements followed in one file, calls and loops unrolled."""

DEEPEST_CALL = 8
LONGEST_LOOP = 50

_NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})
_HARMLESS_MODULES = frozenset(
    {"azure", "azureml", "builtins", "json", "logging", "mlflow", "os", "pathlib", "pprint",
     "time", "typing", "warnings", "yaml"}
)  # fmt: skip


class TooMuch(Exception):
    """The file asks for more steps than are followed."""


class Flow(Enum):
    """How a block ends."""

    NEXT = "goes on with what follows"
    LOOP = "leaves or repeats the loop"
    RETURN = "leaves the function"
    RAISE = "raises or exits"


class Interpreter(Evaluator):
    """Follows statements and calls. What the SDKs do is added by ``sdk``."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self._steps = 0
        self._calls: list[cst.FunctionDef] = []
        self._returns: list[list[Value]] = [[]]
        self._function_exits: list[list[Changes]] = [[]]
        self._loop_exits: list[list[Changes]] = []
        self._functions: list[Function] = []
        self._called: set[int] = set()
        self._process = Cells(self.heap.tick())

    # ---- a whole file --------------------------------------------------------------------------

    def follow(self, segments: Iterable[Segment]) -> None:
        """Follow the top-level statements, then the functions that none of them called.

        Raises ``TooMuch`` and ``RecursionError``; what was found until then stands.
        """
        for segment in segments:
            self.segment = segment
            self._process.setdefault("folder", self.text("", segment.tree))
            flow = Flow.NEXT
            for statement in segment.tree.body:
                flow = self.execute(statement)
                if flow is not Flow.NEXT:
                    break
            if flow is not Flow.NEXT:
                break
        self._join_exits(self._function_exits[-1])
        for function in sorted(self._functions, key=_is_mentioned):
            if id(function.node) not in self._called:
                self._follow_uncalled(function)

    def _follow_uncalled(self, function: Function) -> None:
        def run() -> bool:
            site = self._site_in(function)
            arguments = Arguments(site, (), {}, {}, Opaque("the caller decides it", site))
            self.call_function(function, arguments)
            return True

        self.heap.changes_of(run)

    def _site_in(self, function: Function) -> Site:
        return Site(function.segment, function.node)

    # ---- statements ----------------------------------------------------------------------------

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
        for statement in statements:
            flow = self.execute(statement)
            if flow is not Flow.NEXT:
                return flow
        return Flow.NEXT

    def _exec_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> Flow:
        return self.execute_all(node.body)

    def _exec_SimpleStatementSuite(self, node: cst.SimpleStatementSuite) -> Flow:
        return self.execute_all(node.body)

    def _exec_IndentedBlock(self, node: cst.IndentedBlock) -> Flow:
        return self.execute_all(node.body)

    def _exec_Expr(self, node: cst.Expr) -> Flow:
        value = self.evaluate(node.value)
        if isinstance(value, Reference) and value.dotted in _NEVER_RETURN:
            return Flow.RAISE
        return Flow.NEXT

    def _exec_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            dotted = spelling(alias.name)
            name = alias.asname.name if alias.asname else None
            if isinstance(name, cst.Name):
                self.bind(name.value, Reference(dotted))
            else:
                top = dotted.split(".")[0]
                self.bind(top, Reference(top))

    def _exec_ImportFrom(self, node: cst.ImportFrom) -> None:
        module = "." * len(node.relative) + (spelling(node.module) if node.module else "")
        if isinstance(node.names, cst.ImportStar):
            self.star_imports.append(module)
            return
        for alias in node.names:
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
        operators = {cst.AddAssign: cst.Add, cst.DivideAssign: cst.Divide}
        operator = operators.get(type(node.operator))  # type: ignore[call-overload]
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
        elif isinstance(target, (cst.Tuple, cst.List)):
            values = value.values or [] if isinstance(value, Items) else []
            for number, element in enumerate(target.elements):
                known = len(values) == len(target.elements)
                part = values[number] if known else self.opaque("worked out at run time", target)
                self.assign(element.value, part)

    def set_attribute(
        self, owner: Value, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        """``owner.name = value``."""
        if isinstance(owner, Thing):
            self.heap.set(owner.cells, name, value)
        elif isinstance(owner, Class):
            self.heap.set(owner.scope.cells, name, value)

    def _exec_Del(self, node: cst.Del) -> None:
        target = node.target
        if isinstance(target, cst.Subscript):
            owner = self.evaluate(target.value)
            if isinstance(owner, Dictionary):
                self.remove(owner, self.subscript_key(target))
        elif isinstance(target, cst.Name):
            self.heap.delete(self.scope.cells, target.value)

    def remove(self, target: Dictionary, key: Value) -> None:
        """``del target[key]``."""
        if isinstance(key, Literal):
            self.heap.delete(target.cells, str(key.value))
        else:
            site = getattr(key, "site", target.site)
            self.blur(target, Opaque("a key that is not known is removed", site))

    def _exec_Global(self, node: cst.Global | cst.Nonlocal) -> None:
        self.scope.shared.update(item.name.value for item in node.names)

    _exec_Nonlocal = _exec_Global

    def _exec_Return(self, node: cst.Return) -> Flow:
        if node.value is not None:
            self._returns[-1].append(self.at(self.evaluate(node.value), node.value))
        else:
            self._returns[-1].append(Literal(None, self.site(node)))
        return Flow.RETURN

    def _exec_Raise(self, node: cst.Raise) -> Flow:
        return Flow.RAISE

    def _exec_Break(self, node: cst.CSTNode) -> Flow:
        return Flow.LOOP

    _exec_Continue = _exec_Break

    def _exec_FunctionDef(self, node: cst.FunctionDef) -> None:
        function = Function(node, self.segment, self.scope, self._defaults(node))
        self._functions.append(function)
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
            elif flow is Flow.LOOP and self._loop_exits:
                self._loop_exits[-1].append(changes)
                stopped = Flow.LOOP
            elif flow is Flow.RETURN:
                self._function_exits[-1].append(changes)
                stopped = Flow.RETURN
        if not ends:
            return stopped
        self.heap.apply_joined(ends)
        return Flow.NEXT

    def _join_exits(self, exits: list[Changes]) -> None:
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
        for handler in node.handlers:
            runs.append(lambda handler=handler: handled(handler))  # type: ignore[misc]
        flow = self.branch(runs) if node.handlers else body()
        if node.finalbody:
            last = self.execute(node.finalbody)
            flow = last if last is not Flow.NEXT else flow
        return flow

    _exec_TryStar = _exec_Try

    def _exec_Match(self, node: cst.Match) -> Flow:
        self.evaluate(node.subject)
        runs: list[Callable[[], Flow]] = [lambda: Flow.NEXT]
        for case in node.cases:
            runs.append(lambda case=case: self.execute(case.body))  # type: ignore[misc]
        return self.branch(runs)

    def _exec_For(self, node: cst.For) -> Flow:
        values = _known_items(self.evaluate(node.iter))
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
        def rounds() -> Flow:
            for value in values:
                self.assign(node.target, value)
                flow = self.execute(node.body)
                if flow is Flow.LOOP:  # a `break` and a `continue` end the known part alike
                    break
                if flow is not Flow.NEXT:
                    return flow
            return Flow.NEXT

        flow = self._loop(rounds)
        if flow is Flow.NEXT and node.orelse:
            flow = self.execute(node.orelse)
        return flow

    def _loop(self, run: Callable[[], Flow]) -> Flow:
        self._loop_exits.append([])
        try:
            return run()
        finally:
            self._join_exits(self._loop_exits.pop())

    def _loop_body(self, body: cst.CSTNode) -> Flow:
        flow = self.execute(body)
        return Flow.NEXT if flow is Flow.LOOP else flow

    def _exec_While(self, node: cst.While) -> Flow:
        chosen = self.truth(node.test)
        if chosen is False:
            return self.execute(node.orelse) if node.orelse else Flow.NEXT
        runs: list[Callable[[], Flow]] = [lambda: self._loop_body(node.body)]
        if chosen is None:
            runs.append(lambda: Flow.NEXT)
        return self._loop(lambda: self.branch(runs))

    # ---- calls ---------------------------------------------------------------------------------

    def call(self, callee: Value, name: str, arguments: Arguments) -> Value:
        if isinstance(callee, Function):
            return self.call_function(callee, arguments)
        if isinstance(callee, Class):
            return self._instantiate(callee, arguments)
        if isinstance(callee, Reference):
            return self.call_reference(callee.dotted, name, arguments)
        return self.call_unknown(callee, name, arguments)

    def call_reference(self, dotted: str, name: str, arguments: Arguments) -> Value:
        """The value of calling something imported or built in."""
        if dotted.startswith("builtins."):
            built = self._call_builtin(dotted[9:], arguments)
            if built is not None:
                return built
        if dotted in _NEVER_RETURN:
            return Reference(dotted)
        if dotted in ("copy.copy", "copy.deepcopy") and len(arguments.positional) == 1:
            deep = dotted == "copy.deepcopy"
            return self.copy_value(arguments.positional[0], arguments, deep=deep)
        if dotted in ("os.getenv", "os.environ.get"):
            return Opaque("read from the environment when the script runs", arguments.site)
        if dotted == "os.chdir" and len(arguments.positional) == 1:
            return self._change_folder(arguments.positional[0], arguments.site)
        folded = folding.function(dotted, arguments.positional, arguments.site)
        if folded is not None and not arguments.keywords and arguments.open is None:
            return folded
        trusted = dotted.split(".")[0] in _HARMLESS_MODULES
        if not trusted:
            self.escape(arguments, name)
        return Opaque(f"`{name}()` decides it when the script runs", arguments.site, trusted=trusted)

    def _change_folder(self, folder: Value, site: Site) -> Value:
        """``os.chdir``: relative paths count from another folder from now on."""
        now = self.current_folder
        if isinstance(now, Literal) and isinstance(folder, (Literal, FilePath)):
            moved = folding.function("os.path.join", (now, folder), site)
        else:
            moved = None
        why = "the script moves to another folder with `os.chdir()`"
        self.heap.set(self._process, "folder", moved or Opaque(why, site))
        return Literal(None, site)

    @property
    def current_folder(self) -> Value:
        """The folder that the script is in, relative to where it was started."""
        found: Value = self._process["folder"]
        return found

    def _call_builtin(self, name: str, arguments: Arguments) -> Value | None:
        first = arguments.positional[0] if arguments.positional else None
        site = arguments.site
        if name == "str" and isinstance(first, (Literal, FilePath)):
            return Literal(folding.as_text(first), site, first.literal)
        if name == "dict":
            return self._call_dict(arguments)
        if name in ("list", "tuple", "sorted") and isinstance(first, Items):
            return first if name != "sorted" else None
        if name == "setattr" and len(arguments.positional) == 3:
            owner, attribute, value = arguments.positional
            if isinstance(attribute, Literal) and isinstance(site.node, cst.Call):
                self.set_attribute(owner, str(attribute.value), value, site.node)
                return Literal(None, site)
        if name == "getattr" and len(arguments.positional) == 2:
            attribute = arguments.positional[1]
            if isinstance(attribute, Literal) and first is not None:
                return self.attribute(first, str(attribute.value), site.node)
        return None

    def _call_dict(self, arguments: Arguments) -> Value:
        result = Dictionary(arguments.site, self.heap.tick())
        node = arguments.site.node
        for value in arguments.positional[:1]:
            self.merge_into(result, value, node)
        self._put_keywords(result, arguments)
        return result

    def _put_keywords(self, target: Dictionary, arguments: Arguments) -> None:
        if arguments.open is not None:
            self.blur(target, arguments.open)
        for name, value in arguments.keywords.items():
            site = arguments.keyword_sites[name]
            node = site.node.keyword if isinstance(site.node, cst.Arg) else None
            self.put(target, self.text(name, node or site.node), value, site.node)

    def copy_value(self, value: Value, arguments: Arguments, *, deep: bool) -> Value:
        """``copy.copy`` and ``copy.deepcopy``; also SDK methods that clone."""
        if isinstance(value, Dictionary):
            return self.copy_of(value, arguments.site)
        if isinstance(value, Thing):
            made = Thing(
                value.kind,
                value.site,
                self.heap.tick(),
                missing=value.missing,
                parent=value.parent,
            )
            for name, part in value.cells.items():
                inner = isinstance(part, (Dictionary, Thing)) and deep
                made.cells[name] = self.copy_value(part, arguments, deep=True) if inner else part
            return made
        return value

    def call_unknown(self, callee: Value, name: str, arguments: Arguments) -> Value:
        """The value of calling something that is not known."""
        trusted = isinstance(callee, Opaque) and callee.trusted
        if not trusted:
            self.escape(arguments, name)
        return Opaque(f"`{name}()` decides it when the script runs", arguments.site, trusted=trusted)

    def escape(self, arguments: Arguments, name: str) -> None:
        """Code that is not in this file gets hold of the arguments, and may change them."""
        why = Opaque(f"it is handed to `{name}()`, which may change it", arguments.site)
        for value in arguments.values():
            self._spoil(value, why, set())

    def _spoil(self, value: Value, why: Opaque, seen: set[int]) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, Dictionary):
            self.blur(value, why)
        elif isinstance(value, Items):
            for item in value.values or []:
                self._spoil(item, why, seen)
            self.heap.set(value.changed, "", why)
        elif isinstance(value, Thing):
            for key, part in list(value.cells.items()):
                if isinstance(part, (Dictionary, Thing, Items)):
                    self._spoil(part, why, seen)
                else:
                    self.heap.set(value.cells, key, why)

    def call_method(self, owner: Value, name: str, arguments: Arguments) -> Value:
        site = arguments.site
        folded: Value | None = None
        if isinstance(owner, Dictionary):
            return self._dictionary_method(owner, name, arguments)
        if isinstance(owner, Literal) and isinstance(owner.value, str):
            if name == "format":
                folded = folding.format_text(
                    owner.value, arguments.positional, arguments.keywords, site
                )
            else:
                folded = folding.text_method(owner.value, name, arguments.positional, site)
        elif isinstance(owner, FilePath):
            folded = folding.path_method(owner, name, arguments.positional, site)
        elif isinstance(owner, Thing) and owner.parent is not None and isinstance(site.node, cst.Call):
            method = self.attribute(owner, name, site.node.func)
            if isinstance(method, Function):
                return self.call_function(method, arguments)
        if folded is not None:
            return folded
        if isinstance(owner, Items):
            self.heap.set(owner.changed, "", Opaque(f"changed by `.{name}()`", site))
        if isinstance(owner, (Literal, FilePath, Items)):
            return Opaque("worked out at run time", site)
        return self.call_unknown(owner, f"{_spelling_of(site.node, name)}", arguments)

    def _dictionary_method(self, owner: Dictionary, name: str, arguments: Arguments) -> Value:
        site = arguments.site
        node = site.node
        first = arguments.positional[0] if arguments.positional else None
        second = arguments.positional[1] if len(arguments.positional) > 1 else None
        if name == "update":
            if first is not None:
                self.merge_into(owner, first, node)
            self._put_keywords(owner, arguments)
            return Literal(None, site)
        if name == "copy":
            return self.copy_of(owner, site)
        if name == "clear":
            for key in list(owner.cells):
                self.heap.delete(owner.cells, key)
            self.heap.delete(owner.opened, "")
            return Literal(None, site)
        if name == "items" and owner.open is None:
            pairs = [Items([e.key, e.value], site) for e in owner.cells.values()]
            return Items(list(pairs), site)
        if name in ("get", "pop", "setdefault") and isinstance(first, Literal):
            return self._keyed_method(owner, name, first, second, arguments)
        if name not in ("get", "keys", "values", "items"):
            self.blur(owner, Opaque(f"changed by `.{name}()`", site))
        return Opaque("worked out at run time", site)

    def _keyed_method(
        self,
        owner: Dictionary,
        name: str,
        key: Literal,
        default: Value | None,
        arguments: Arguments,
    ) -> Value:
        entry = owner.cells.get(str(key.value))
        if entry is not None:
            if name == "pop":
                self.remove(owner, key)
            found: Value = entry.value
            return found
        if owner.open is not None:
            if name == "setdefault":
                self.put(owner, key, owner.open, arguments.site.node)
            return owner.open
        value = default or Literal(None, arguments.site)
        if name == "setdefault":
            self.put(owner, key, value, arguments.site.node)
        return value

    def _instantiate(self, made: Class, arguments: Arguments) -> Value:
        missing = None if made.complete else "the class has more than this file shows"
        thing = Thing("instance", arguments.site, self.heap.tick(), missing=missing, parent=made)
        init = made.scope.cells.get("__init__", ABSENT)
        if isinstance(init, Function):
            bound = init.bound_to(thing)
            self.call_function(bound, arguments)
        elif not made.complete:
            self.escape(arguments, "__init__")
        return thing

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """Follow a function of the file with these arguments; the value is what it returns."""
        node = function.node
        self._called.add(id(node))
        if node in self._calls or len(self._calls) >= DEEPEST_CALL:
            self.escape(arguments, node.name.value)
            return Opaque(f"`{node.name.value}()` calls itself", arguments.site)
        scope = Scope(function.scope, self.heap.tick())
        outer, self.scope = self.scope, scope
        segment, self.segment = self.segment, function.segment
        loops, self._loop_exits = self._loop_exits, []
        self._calls.append(node)
        self._returns.append([])
        self._function_exits.append([])
        try:
            self._bind_parameters(function, arguments)
            flow = self.execute(node.body)
            self._join_exits(self._function_exits[-1])
        finally:
            self.scope, self.segment, self._loop_exits = outer, segment, loops
            self._calls.pop()
            self._function_exits.pop()
            returned = self._returns.pop()
        if flow is Flow.NEXT:
            returned.append(Literal(None, arguments.site))
        if node.asynchronous is not None or not returned:
            return Opaque(f"`{node.name.value}()` decides it", arguments.site)
        return self.join(returned)

    def _bind_parameters(self, function: Function, arguments: Arguments) -> None:
        parameters = function.node.params
        positional = [*parameters.posonly_params, *parameters.params]
        values = list(arguments.positional)
        if function.owner is not None:
            values.insert(0, function.owner)
        for parameter, value in zip(positional, values):
            self.bind(parameter.name.value, value)
        rest = [*positional[len(values) :], *parameters.kwonly_params]
        for parameter in rest:
            name = parameter.name.value
            self.bind(name, self._argument_or_default(function, parameter, arguments))
        for star in (parameters.star_arg, parameters.star_kwarg):
            if isinstance(star, cst.Param):
                self.bind(star.name.value, self.opaque("the caller decides it", star))

    def _argument_or_default(
        self, function: Function, parameter: cst.Param, arguments: Arguments
    ) -> Value:
        name = parameter.name.value
        if name in arguments.keywords:
            return arguments.keywords[name]
        if arguments.open is not None:
            if name == "self":
                return Thing(
                    "instance", self.site(parameter), self.heap.tick(),
                    missing="it is set elsewhere",
                )  # fmt: skip
            return self.opaque(f"the caller decides `{name}`", parameter)
        if name in function.defaults:
            return function.defaults[name]
        return self.opaque(f"`{name}` is not passed", parameter)


def _known_items(value: Value) -> list[Value] | None:
    if isinstance(value, Items):
        return value.values
    if isinstance(value, Dictionary) and value.open is None:
        return [entry.key for entry in value.cells.values()]
    return None


def _is_mentioned(function: Function) -> bool:
    """Whether the file names a function more often than its definition does.

    Such a function is followed later than those that may call it, with arguments that are known.
    """
    name = function.node.name.value
    return len(re.findall(rf"\b{re.escape(name)}\b", function.segment.document.text)) > 1


def _spelling_of(node: cst.CSTNode, name: str) -> str:
    return spelling(node.func) if isinstance(node, cst.Call) else name
