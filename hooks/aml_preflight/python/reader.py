"""Reading a Python file: from its bytes to the deployments that it makes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from ..document import Document, Place
from ..facts import (
    DeploymentFacts,
    EnvironmentFacts,
    FileFacts,
    IgnoredVariables,
    Style,
    Variable,
    Variables,
)
from ..values import Known, Unknown
from .deploys import REASSIGNED, V1_INFERENCE_CONFIG, V2_CODE
from .objects import Dictionary, FilePath, Literal, Opaque, Reference, Thing
from .sdk import SdkInterpreter
from .source import MOST_BYTES, Site, Unreadable, decode, segments
from .statements import TooMuch

if TYPE_CHECKING:
    from ..facts import Text
    from .deploys import Deployed
    from .objects import Entry, Value

_RECURSION_LIMIT = 10_000


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a Python file; ``path`` is absolute. Never raises for what is in the file."""
    try:
        document = decode(path, data)
    except Unreadable as error:
        document = Document(path, data.decode("utf-8", "replace")[:100_000])
        place = Place(document, document.line_span(1))
        return FileFacts(document, trouble=(Unknown(error.reason, place),))
    return read_document(document)


def read_document(document: Document) -> FileFacts:
    """The facts of Python text, a file's or one that is written in another file."""
    if len(document.text) > MOST_BYTES:
        reason = f"it is larger than {MOST_BYTES // 1_000_000} MB"
        trouble = Unknown(reason, Place(document, document.line_span(1)))
        return FileFacts(document, trouble=(trouble,))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        return _read(document)
    finally:
        sys.setrecursionlimit(limit)


def _read(document: Document) -> FileFacts:
    trouble: list[Unknown] = []
    interpreter = SdkInterpreter(document.path)
    try:
        interpreter.follow(segments(document, trouble))
    except (TooMuch, RecursionError):
        place = Place(document, document.line_span(1))
        trouble.append(Unknown("it has more steps than are followed", place))
    if trouble:  # what was not read may be what makes an edit wrong
        document.exact = False
    found = _Found(document, interpreter)
    return FileFacts(
        document,
        deployments=found.deployments(),
        environments=found.environments(),
        ignored=found.ignored(),
        trouble=tuple(trouble),
    )


class _Found:
    """Turns what the interpreter noted into facts."""

    def __init__(self, document: Document, interpreter: SdkInterpreter) -> None:
        self.document = document
        self.interpreter = interpreter
        self._used: set[int] = set()

    def deployments(self) -> tuple[DeploymentFacts, ...]:
        noted = list(self.interpreter.deployed)
        deployed = {id(each.config) for each in noted}
        noted += [
            self.interpreter.snapshot(config, config.cells.get("name"))
            for config in self.interpreter.configs
            if id(config) not in deployed
        ]
        facts: list[DeploymentFacts] = []
        seen: set[object] = set()
        for each in noted:
            if isinstance(each.environment, Thing):
                self._used.add(id(each.environment))
            made = self._deployment(each)
            key = (id(each.config.site.node), _signature(made))
            if key not in seen:
                seen.add(key)
                facts.append(made)
        return tuple(facts)

    def _deployment(self, seen: Deployed) -> DeploymentFacts:
        v1 = seen.config.kind == V1_INFERENCE_CONFIG
        attributes = seen.attributes
        folder, script = attributes.get("source_directory"), attributes.get("entry_script")
        if not v1:
            code = attributes.get("code_configuration")
            folder = script = code if isinstance(code, Opaque) else None
            if isinstance(code, Thing) and code.kind == V2_CODE:
                folder, script = code.cells.get("code"), code.cells.get("scoring_script")
        owner = seen.environment if v1 else seen.config
        reassigned = attributes.get(REASSIGNED)
        return DeploymentFacts(
            style=Style.SDK_V1 if v1 else Style.SDK_V2,
            document=self.document,
            place=_callee(seen.config.site).place(),
            name=_text(seen.name, seen.config.site),
            image=_text(seen.image, seen.config.site),
            source_directory=_text(folder, seen.config.site),
            entry_script=_text(script, seen.config.site),
            variables=self._variables(seen.variables, owner),
            source_directory_reassigned=(
                reassigned.site.place() if isinstance(reassigned, Literal) else None
            ),
        )

    def environments(self) -> tuple[EnvironmentFacts, ...]:
        """Those that no deployment uses; call after ``deployments``."""
        facts = []
        unused = self._used | self.interpreter.elsewhere
        for thing in self.interpreter.environments:
            variables = self._variables(thing.cells.get("environment_variables"), thing)
            if id(thing) not in unused and variables.items:
                place = _callee(thing.site).place()
                facts.append(EnvironmentFacts(Style.SDK_V1, self.document, place, variables))
        return tuple(facts)

    def ignored(self) -> tuple[IgnoredVariables, ...]:
        facts = []
        for style, site, value in self.interpreter.ignored:
            variables = self._variables(value, None)
            facts.append(IgnoredVariables(style, self.document, site.place(), variables))
        return tuple(facts)

    def _variables(self, value: Value | None, owner: Value | None) -> Variables:
        late = [each for each in self.interpreter.late if each.owner == id(owner)]
        lost = [each for each in self.interpreter.replaced if each.owner == id(owner)]
        extra = Variables(
            late=tuple((self._variable(each.entry), each.deploy.place()) for each in late),
            replaced=tuple((self._variable(each.entry), each.site.place()) for each in lost),
        )
        if value is None or (isinstance(value, Literal) and value.value is None):
            return extra
        if not isinstance(value, Dictionary):
            reason = value.reason if isinstance(value, Opaque) else "it is not a dictionary"
            site = getattr(value, "site", None)
            place = site.place() if site else Place(self.document, (0, 0))
            return extra._replace(open=Unknown(reason, place))
        return extra._replace(
            items=tuple(self._variable(entry) for entry in value.cells.values()),
            repeated=tuple(
                (self._variable(one), self._variable(two)) for one, two in value.repeated
            ),
            open=_unknown(value.open, value.site) if value.open is not None else None,
        )

    def _variable(self, entry: Entry) -> Variable:
        key, value = entry.key, entry.value
        name = Known(
            str(key.value), key.site.place(), _place(key.literal), shared=self._is_read(key)
        )
        if isinstance(value, Literal):
            place, literal = value.site.place(), _place(value.literal)
            return Variable(name, Known(value.value, place, literal, shared=self._is_read(value)))
        return Variable(name, _unknown(value, key.site))

    def _is_read(self, value: Literal) -> bool:
        literal = value.literal
        return literal is not None and id(literal.node) in self.interpreter.read


def _place(site: Site | None) -> Place | None:
    return site.place() if site else None


def _text(value: Value | None, near: Site) -> Text | None:
    if value is None or (isinstance(value, Literal) and value.value is None):
        return None
    if isinstance(value, Literal) and isinstance(value.value, str):
        literal = value.literal.place() if value.literal else None
        return Known(value.value, value.site.place(), literal)
    if isinstance(value, FilePath):
        literal = value.literal.place() if value.literal else None
        return Known(value.text, value.site.place(), literal)
    return _unknown(value, near)


def _unknown(value: Value, near: Site) -> Unknown:
    """``near`` is where to point for a value that has no place of its own in the file."""
    site = getattr(value, "site", near)
    if isinstance(value, Opaque):
        reason = value.reason
    elif isinstance(value, Reference):
        reason = f"`{value.dotted}` is set in another file"
    else:
        reason = "it is not text"
    return Unknown(reason, site.place())


def _callee(site: Site) -> Site:
    """``InferenceConfig`` in ``InferenceConfig(...)``: enough to find the place by."""
    return Site(site.segment, site.node.func) if isinstance(site.node, cst.Call) else site


def _signature(facts: DeploymentFacts) -> object:
    """Equal for deployments that are given the same."""

    def plain(value: object) -> object:
        return value.value if isinstance(value, Known) else type(value)

    variables = tuple((item.name.value, plain(item.value)) for item in facts.variables.items)
    given = (facts.name, facts.image, facts.source_directory, facts.entry_script)
    return (variables, tuple(plain(value) for value in given))
