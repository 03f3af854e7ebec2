"""Following statements: assignments, imports, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .expressions import decorators_of, imported_from, spelling
from .flow import Flow, Follower
from .objects import Class, Dictionary, Function, Items, Literal, Opaque, Reference, Scope

if TYPE_CHECKING:
    from .objects import Value

_LONGEST_SAID = 60

_HOOKS = frozenset(
    {"__delattr__", "__getattr__", "__getattribute__", "__new__", "__post_init__", "__setattr__"}
)
"""Methods by which a class decides what its attributes are."""

NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})


class Statements(Follower):
    """Follows statements that run no others."""

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
