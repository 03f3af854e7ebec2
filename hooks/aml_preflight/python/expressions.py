"""Working out expressions as far as the file decides them.

Anything else becomes an ``Opaque`` value with the reason in the user's words. Nothing is imported
and nothing is executed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .arguments import Arguments
from .memory import Memory
from .objects import (
    ABSENT,
    Class,
    Dictionary,
    FilePath,
    Function,
    Items,
    Literal,
    Module,
    Opaque,
    Reference,
    Thing,
)

if TYPE_CHECKING:
    from .objects import Entry, Value
    from .source import Site

_CONSTANTS = {"True": True, "False": False, "None": None}
_NO_TEXT = "its escapes with a backslash are not valid Python"


class Evaluator(Memory):
    """Evaluates expressions in the current scope. Statements and calls are added by others."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.star_imports: list[str] = []
        self.references: set[str] = set()
        """Dotted names of what is imported and used."""

    # ---- what is added elsewhere ---------------------------------------------------------------

    def call(self, callee: Value, name: str, arguments: Arguments) -> Value:
        """The value of calling ``callee``; ``name`` is how the source spells it."""
        raise NotImplementedError

    def call_method(self, owner: Value, name: str, arguments: Arguments) -> Value:
        """The value of ``owner.name(...)``."""
        raise NotImplementedError

    # ---- expressions ---------------------------------------------------------------------------

    def evaluate(self, node: cst.BaseExpression) -> Value:
        """The value of an expression. Never raises for what the code itself does wrong."""
        method = getattr(self, "_eval_" + type(node).__name__, None)
        if method is None:
            return self.opaque(_what_it_is(node), node)
        value: Value = method(node)
        return value

    def _eval_SimpleString(self, node: cst.SimpleString) -> Value:
        try:
            value = node.evaluated_value
        except (SyntaxError, ValueError):  # libcst does not look at escapes
            return self.opaque(_NO_TEXT, node)
        if not isinstance(value, str):
            return self.opaque("bytes, not text", node)
        site = self.site(node)
        return Literal(value, site, site)

    def _eval_ConcatenatedString(self, node: cst.ConcatenatedString) -> Value:
        return self._joined([self.evaluate(node.left), self.evaluate(node.right)], node)

    def _eval_FormattedString(self, node: cst.FormattedString) -> Value:
        parts: list[Value] = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                text = _unescaped(part.value, node.start)
                if text is None:
                    return self.opaque(_NO_TEXT, node)
                parts.append(self.text(text, node))
            elif isinstance(part, cst.FormattedStringExpression):
                if part.format_spec or part.conversion or part.equal:
                    return self.opaque("formatted in a way that is not followed", node)
                parts.append(self.evaluate(part.expression))
        return self._joined(parts, node)

    def _joined(self, parts: list[Value], node: cst.CSTNode) -> Value:
        texts = []
        for part in parts:
            if isinstance(part, Opaque):
                return Opaque(part.reason, self.site(node))
            text = folding.as_text(part)
            if text is None:
                return self.opaque("put together from something that is not text", node)
            texts.append(text)
        if sum(map(len, texts)) > folding.MOST_TEXT:
            return self.opaque("a text too long to be worked out", node)
        return self.text("".join(texts), node)

    def _eval_Integer(self, node: cst.Integer) -> Value:
        try:
            value = node.evaluated_value
        except (SyntaxError, ValueError):  # more digits than Python turns into a number
            return self.opaque("a number with too many digits", node)
        if value.bit_length() > folding.MOST_BITS:
            return self.opaque("a number with too many digits", node)
        return Literal(value, self.site(node), self.site(node))

    def _eval_Float(self, node: cst.Float) -> Value:
        return Literal(node.evaluated_value, self.site(node), self.site(node))

    def _eval_UnaryOperation(self, node: cst.UnaryOperation) -> Value:
        value = self.evaluate(node.expression)
        if isinstance(value, Literal):
            if isinstance(node.operator, cst.Not):
                return Literal(not value.value, self.site(node))
            if isinstance(node.operator, cst.Minus) and isinstance(value.value, (int, float)):
                return Literal(-value.value, self.site(node), self.site(node))
        return self.opaque("worked out at run time", node)

    def _eval_Name(self, node: cst.Name) -> Value:
        name = node.value
        if name in _CONSTANTS:
            return Literal(_CONSTANTS[name], self.site(node), self.site(node))
        found = self.lookup(name)
        if isinstance(found, Reference):
            self.references.add(found.dotted)
        if found is not ABSENT:
            return self.at(found, node)
        if name == "__file__":
            return self.text(self.file_path, node)
        if name == "__name__":
            return self.text("__main__", node)
        if name in folding.BUILTINS:
            return Reference(f"builtins.{name}")
        for module in self.star_imports:
            if module.split(".")[0] in ("azureml", "azure"):
                return Reference(f"{module}.{name}")
        return self.opaque(f"`{name}` is not set in this file", node)

    def _eval_NamedExpr(self, node: cst.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        if isinstance(node.target, cst.Name):
            self.bind(node.target.value, value)
        return value

    def _eval_Attribute(self, node: cst.Attribute) -> Value:
        return self.attribute(self.evaluate(node.value), node.attr.value, node)

    def attribute(self, owner: Value, name: str, node: cst.CSTNode) -> Value:
        """The value of ``owner.name``."""
        if isinstance(owner, Reference):
            dotted = f"{owner.dotted}.{name}"
            self.references.add(dotted)
            constant = folding.MODULE_CONSTANTS.get(dotted)
            return Reference(dotted) if constant is None else self.text(constant, node)
        if isinstance(owner, Module):
            return self.module_attribute(owner, name, node)
        if isinstance(owner, Opaque):
            return self._part_of(owner, node)
        if isinstance(owner, FilePath):
            return folding.path_attribute(owner, name, self.site(node))
        if isinstance(owner, Thing):
            if name in owner.cells:
                return self.at(owner.cells[name], node)
            if owner.parent is not None:
                return self._class_attribute(owner.parent, name, node, owner)
            if owner.missing is not None:
                return self.opaque(owner.missing, node)
        if isinstance(owner, Class):
            return self._class_attribute(owner, name, node, None)
        return self.opaque(f"the attribute `{name}` is not followed", node)

    def _part_of(self, owner: Opaque, node: cst.CSTNode) -> Opaque:
        """An attribute or item of what is not known."""
        site = self.site(node)
        return Opaque(owner.reason, site, trusted=owner.trusted, objects=owner.objects)

    def module_attribute(self, owner: Module, name: str, node: cst.CSTNode) -> Value:
        """The value of a name of a module that is followed."""
        found: Value = owner.scope.cells.get(name, ABSENT)
        if found is ABSENT:
            return self.opaque(f"`{owner.name}` does not set `{name}`", node)
        return self.at(found, node)

    def _class_attribute(
        self, owner: Class, name: str, node: cst.CSTNode, instance: Thing | None
    ) -> Value:
        found: Value = owner.scope.cells.get(name, ABSENT)
        if found is ABSENT:
            return self.opaque(f"the attribute `{name}` is set elsewhere", node)
        if isinstance(found, Function):
            bound = None if "staticmethod" in decorators_of(found.node) else instance or found.owner
            return found.bound_to(bound)
        if instance is not None and not owner.complete:
            return self.opaque(f"`{name}` may be set by more than this file shows", node)
        return self.at(found, node)

    def _eval_Subscript(self, node: cst.Subscript) -> Value:
        owner = self.evaluate(node.value)
        key = self.subscript_key(node)
        if isinstance(owner, Reference) and owner.dotted == "os.environ":
            return self.opaque("read from the environment when the script runs", node)
        if isinstance(owner, Dictionary):
            self.note_read(owner, str(key.value) if isinstance(key, Literal) else None)
        if isinstance(owner, Dictionary) and isinstance(key, Literal):
            entry = owner.cells.get(str(key.value))
            if entry is not None:
                return self.at(entry.value, node)
            return self.opaque("the dictionary has no such key in this file", node)
        if isinstance(owner, Items) and isinstance(key, Literal) and isinstance(key.value, int):
            values = owner.values or []
            if -len(values) <= key.value < len(values):
                return self.at(values[key.value], node)
        if isinstance(owner, Opaque):
            return self._part_of(owner, node)
        return self.opaque("picked out at run time", node)

    def subscript_key(self, node: cst.Subscript) -> Value:
        """The value between the brackets of ``x[...]``."""
        element = node.slice[0].slice if len(node.slice) == 1 else None
        if isinstance(element, cst.Index):
            return self.evaluate(element.value)
        return self.opaque("a slice", node)

    def _eval_Dict(self, node: cst.Dict) -> Value:
        result = Dictionary(self.site(node), self.heap.tick())
        shown: dict[str, Entry] = {}
        for element in node.elements:
            if isinstance(element, cst.StarredDictElement):
                self.merge_into(result, self.evaluate(element.value), element.value)
            elif isinstance(element, cst.DictElement):
                key = self.at(self.evaluate(element.key), element.key)
                value = self.at(self.evaluate(element.value), element.value)
                entry = self.put(result, key, value, element)
                if entry is not None and entry.key.literal is not None:
                    earlier = shown.get(str(entry.key.value))
                    if earlier is not None:
                        result.repeated.append((earlier, entry))
                    shown[str(entry.key.value)] = entry
        return result

    def _eval_List(self, node: cst.List | cst.Tuple) -> Value:
        values: list[Value] = []
        for element in node.elements:
            value = self.at(self.evaluate(element.value), element.value)
            if isinstance(element, cst.StarredElement):
                inner = value.values if isinstance(value, Items) else None
                if inner is None or len(values) + len(inner) > folding.MOST_ITEMS:
                    return self.opaque("a list that is put together at run time", node)
                values.extend(inner)
            else:
                values.append(value)
        return Items(values, self.site(node), self.heap.tick())

    _eval_Tuple = _eval_List

    def _eval_IfExp(self, node: cst.IfExp) -> Value:
        chosen = self.truth(node.test)
        if chosen is not None:
            return self.evaluate(node.body if chosen else node.orelse)
        values = [self.evaluate(node.body), self.evaluate(node.orelse)]
        joined: Value = self.join(values)
        return joined

    def _eval_BinaryOperation(self, node: cst.BinaryOperation) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        for side in (left, right):
            if isinstance(side, Opaque):
                return Opaque(side.reason, self.site(node))
        if isinstance(node.operator, cst.BitOr) and isinstance(left, Dictionary):
            result = self.copy_of(left, self.site(node))
            self.merge_into(result, right, node.right)
            return result
        folded = folding.binary(node.operator, left, right, self.site(node))
        return folded or self.opaque("worked out at run time", node)

    def _eval_BooleanOperation(self, node: cst.BooleanOperation) -> Value:
        left = self.evaluate(node.left)
        if isinstance(left, Literal):
            wants_right = isinstance(node.operator, cst.And) == bool(left.value)
            return self.evaluate(node.right) if wants_right else left
        either = self.join([left, self.evaluate(node.right)])
        objects = either.objects if isinstance(either, Opaque) else (either,)
        reason = left.reason if isinstance(left, Opaque) else "worked out at run time"
        return Opaque(reason, self.site(node), objects=objects)

    def _eval_Comparison(self, node: cst.Comparison) -> Value:
        left = self.evaluate(node.left)
        if len(node.comparisons) == 1:
            target = node.comparisons[0]
            right = self.evaluate(target.comparator)
            result = folding.compare(target.operator, left, right)
            if result is not None:
                return Literal(result, self.site(node))
        return self.opaque("decided at run time", node)

    def truth(self, node: cst.BaseExpression) -> bool | None:
        """Whether a condition holds, or ``None`` where that is decided at run time."""
        value = self.evaluate(node)
        if isinstance(value, Literal):
            return bool(value.value)
        if isinstance(value, Reference) and value.dotted == "typing.TYPE_CHECKING":
            return False
        return None

    def _eval_Await(self, node: cst.Await) -> Value:
        return self.evaluate(node.expression)

    def _eval_Call(self, node: cst.Call) -> Value:
        func = node.func
        if isinstance(func, cst.Attribute):
            owner = self.evaluate(func.value)
            if not isinstance(owner, (Reference, Class, Module)):
                bound = owner.cells.get(func.attr.value) if isinstance(owner, Thing) else None
                if bound is None:
                    return self.call_method(owner, func.attr.value, self.arguments(node))
            callee = self.attribute(owner, func.attr.value, func)
        else:
            callee = self.evaluate(func)
        return self.call(callee, spelling(func), self.arguments(node))

    def arguments(self, node: cst.Call) -> Arguments:
        """The arguments of a call, evaluated from left to right."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        sites: dict[str, Site] = {}
        opened: Opaque | None = None
        for argument in node.args:
            value = self.at(self.evaluate(argument.value), argument.value)
            if argument.star == "*":
                inner = value.values if isinstance(value, Items) else None
                if inner is not None:
                    positional.extend(inner)
                else:
                    opened = self.opaque("passed as `*` arguments", argument)
            elif argument.star == "**":
                if isinstance(value, Dictionary) and value.open is None:
                    for name, entry in value.cells.items():
                        keywords[name] = entry.value
                        sites[name] = self.site(argument)
                else:
                    opened = self.opaque("passed as `**` arguments", argument)
            elif argument.keyword is not None:
                keywords[argument.keyword.value] = value
                sites[argument.keyword.value] = self.site(argument)
            else:
                positional.append(value)
        return Arguments(self.site(node), tuple(positional), keywords, sites, opened)


def decorators_of(node: cst.FunctionDef) -> list[str]:
    return [spelling(decorator.decorator) for decorator in node.decorators]


def spelling(node: cst.CSTNode) -> str:
    """``a.b.c`` for a dotted name, for messages; "this" for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return f"{spelling(node.value)}.{node.attr.value}"
    if isinstance(node, cst.Call):
        return f"{spelling(node.func)}()"
    return "this"


def imported_from(node: cst.ImportFrom) -> str:
    """The module of a ``from module import``, with its dots."""
    return "." * len(node.relative) + (spelling(node.module) if node.module else "")


def _what_it_is(node: cst.BaseExpression) -> str:
    if isinstance(node, (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)):
        return "built by a comprehension"
    return "worked out at run time"


def _unescaped(text: str, prefix: str) -> str | None:
    """The characters that a text part of an f-string stands for, or ``None`` if it is no text."""
    text = text.replace("{{", "{").replace("}}", "}")
    if "r" in prefix.lower() or "\\" not in text:
        return text
    import ast

    quote = "'''" if '"""' in text or text.endswith('"') else '"""'
    try:
        value = ast.literal_eval(f"{quote}{text}{quote}")
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None
