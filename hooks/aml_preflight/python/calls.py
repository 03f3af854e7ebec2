"""Following calls: functions and classes of the file, the standard library, methods of values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .control_flow import ControlFlow
from .expressions import spelling
from .flow import Flow
from .objects import (
    ABSENT,
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
from .relevance import RUNNING_MAGICS
from .statements import NEVER_RETURN

if TYPE_CHECKING:
    from .arguments import Arguments
    from .objects import Value

DEEPEST_CALL = 8

_HARMLESS_MODULES = frozenset(
    {"azure", "azureml", "builtins", "inspect", "json", "logging", "mlflow", "os", "pathlib",
     "platform", "pprint", "re", "rich", "shutil", "subprocess", "sys", "tabulate", "tempfile",
     "textwrap", "time", "typing", "warnings", "yaml"}
)  # fmt: skip
"""Their functions do not change what they are given, and keep no part of it."""

_HARMLESS = ("IPython.core.display.", "IPython.display.")


_STANDS_FOR_MAGICS = "get_ipython"
"""What readers of notebooks call for a value that a magic, or who runs the notebook, gives."""

_IPYTHON_RUNS = frozenset(f"get_ipython().{name}" for name in RUNNING_MAGICS)
_KEEPS_NAMES = re.compile(r"(?:alias|config|env|load_ext|matplotlib|pip|conda|set_env|sx|system)\b")


class Calls(ControlFlow):
    """Follows calls. What the SDKs do with theirs is added by ``sdk``."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.called: set[int] = set()
        """Identities of the definitions that were followed."""
        self.run_started = 0
        """When following a function that nobody calls began; 0 for the module itself."""
        self._calls: list[cst.FunctionDef] = []

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
        if dotted in NEVER_RETURN:
            return Reference(dotted)
        if dotted in ("copy.copy", "copy.deepcopy") and len(arguments.positional) == 1:
            deep = dotted == "copy.deepcopy"
            return self.copy_value(arguments.positional[0], arguments, deep=deep)
        if dotted in ("os.getenv", "os.environ.get"):
            return Opaque("read from the environment when the script runs", arguments.site)
        if dotted == "os.chdir" and len(arguments.positional) == 1:
            return self.change_folder(arguments.positional[0], arguments.site)
        folded = folding.function(dotted, arguments.positional, arguments.site)
        if folded is not None and not arguments.keywords and arguments.open is None:
            return folded
        trusted = dotted.split(".")[0] in _HARMLESS_MODULES or dotted.startswith(_HARMLESS)
        if not trusted:
            self.escape(arguments, name)
        return Opaque(
            f"`{name}()` decides it when the script runs", arguments.site, trusted=trusted
        )

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
            else:
                self.escape(arguments, name)
            return Literal(None, site)
        if name == "vars":
            self.escape(arguments, name)
        if name == "exec":
            self.escape(arguments, name)
            self.doubt_names(Opaque("`exec()` may set it", site))
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
        self.put_keywords(result, arguments)
        return result

    def call_unknown(self, callee: Value, name: str, arguments: Arguments) -> Value:
        """The value of calling something that is not known."""
        trusted = isinstance(callee, Opaque) and callee.trusted
        if not trusted:
            self.escape(arguments, name)
            self.doubt(callee, arguments.site.node)
        if name in _IPYTHON_RUNS and _runs_code(arguments):
            self.doubt_names(Opaque(f"`{name}()` may set it", arguments.site))
        reason = f"`{name}()` decides it when the script runs"
        if name == _STANDS_FOR_MAGICS:
            reason = "it is known only when the notebook runs"
        return Opaque(reason, arguments.site, trusted=trusted)

    # ---- methods of values ---------------------------------------------------------------------

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
        elif (
            isinstance(owner, Thing)
            and owner.parent is not None
            and isinstance(site.node, cst.Call)
        ):
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
            self.put_keywords(owner, arguments)
            return Literal(None, site)
        if name == "copy":
            return self.copy_of(owner, site)
        if name in ("get", "pop", "items", "keys", "values"):
            self.note_read(owner, str(first.value) if isinstance(first, Literal) else None)
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

    # ---- functions and classes of the file -----------------------------------------------------

    def _instantiate(self, made: Class, arguments: Arguments) -> Value:
        missing = None if made.complete else "the class has more than this file shows"
        thing = Thing("instance", arguments.site, self.heap.tick(), missing=missing, parent=made)
        if not made.complete:
            self.escape(arguments, "__init__")
        init = made.scope.cells.get("__init__", ABSENT)
        if isinstance(init, Function):
            bound = init.bound_to(thing)
            self.call_function(bound, arguments)
        return thing

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """Follow a function of the file with these arguments; the value is what it returns."""
        node = function.node
        self.called.add(id(node))
        if node in self._calls or len(self._calls) >= DEEPEST_CALL:
            self.escape(arguments, node.name.value)
            return Opaque(f"`{node.name.value}()` calls itself", arguments.site)
        scope = Scope(function.scope, self.heap.tick())
        outer, self.scope = self.scope, scope
        segment, self.segment = self.segment, function.segment
        loops, self.loop_exits = self.loop_exits, []
        self._calls.append(node)
        self.returns.append([])
        self.function_exits.append([])
        try:
            self._bind_parameters(function, arguments)
            flow = self.execute(node.body)
            self.join_exits(self.function_exits[-1])
        finally:
            self.scope, self.segment, self.loop_exits = outer, segment, loops
            self._calls.pop()
            self.function_exits.pop()
            returned = self.returns.pop()
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
        for parameter, value in zip(positional, values, strict=False):
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


def _runs_code(arguments: Arguments) -> bool:
    """Whether a magic that a program calls may bind names of the program."""
    first = arguments.positional[0] if arguments.positional else None
    said = first.value if isinstance(first, Literal) else None
    return not isinstance(said, str) or _KEEPS_NAMES.match(said) is None


def _spelling_of(node: cst.CSTNode, name: str) -> str:
    return spelling(node.func) if isinstance(node, cst.Call) else name
