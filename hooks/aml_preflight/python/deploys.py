"""Deploys: what a deployment held when it was deployed, and what was changed too late or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..variables import INSTALL_VARIABLES
from .folding import path_text
from .interpreter import Interpreter
from .objects import (
    ABSENT,
    Cells,
    Class,
    Dictionary,
    Entry,
    FilePath,
    Function,
    Literal,
    Loaded,
    Module,
    Opaque,
    Reference,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import libcst as cst

    from .arguments import Arguments
    from .objects import Value
    from .source import Site

V1_ENVIRONMENT = "v1.Environment"
V1_INFERENCE_CONFIG = "v1.InferenceConfig"
V2_ENVIRONMENT = "v2.Environment"
V2_CODE = "v2.CodeConfiguration"
V2_DEPLOYMENT = "v2.OnlineDeployment"

FILE = "(file)"
"""The attribute under which a deployment that is read from a file notes the file."""

REASSIGNED = "(source_directory reassigned)"
"""The attribute under which an InferenceConfig notes a late ``x.source_directory = ...``."""

VARIABLES = "environment_variables"
IN_WORKSPACE = "it is registered in the workspace"


class Deployed(NamedTuple):
    """A deployment as it stood when it was deployed (or last, if nobody deploys it).

    ``variables`` is a copy; ``config`` is the InferenceConfig or the v2 deployment.
    """

    config: Thing
    attributes: dict[str, Value]
    environment: Value | None
    variables: Value | None
    image: Value | None
    name: Value | None


class Late(NamedTuple):
    """A variable set after the deploy, in the object with the id ``owner``; ``deploy`` is where it
    was deployed."""

    owner: int
    entry: Entry
    deploy: Site


class Replaced(NamedTuple):
    """A variable lost by a later assignment of the whole dictionary, at ``site``."""

    owner: int
    entry: Entry
    site: Site


class Deploy(NamedTuple):
    """A deploy that has happened to an object: its place and the variables it took along."""

    owner: int
    site: Site
    names: frozenset[str]
    born: int


class Deploys(Interpreter):
    """Notes the configurations that a file makes, and how they stood at each deploy."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.configs: list[Thing] = []
        self.deployed: list[Deployed] = []
        self.late: list[Late] = []
        self.replaced: list[Replaced] = []
        self._marks = Cells(self.heap.tick())

    def thing(self, kind: str, site: Site, missing: str | None = None) -> Thing:
        return Thing(kind, site, self.heap.tick(), missing=missing)

    def fill_unknown(self, made: Thing, names: tuple[str, ...], arguments: Arguments) -> None:
        """Parameters that `*` or `**` arguments may have given."""
        if arguments.open is not None:
            for name in names:
                made.cells.setdefault(name, arguments.open)

    def loaded(self, reason: str, path: Value | None, arguments: Arguments) -> Opaque:
        """What stands in a file or folder of the project that a call reads."""
        if isinstance(path, (Literal, FilePath)) and path_text(path) and arguments.open is None:
            return Loaded(reason, path)
        return Opaque(reason, arguments.site)

    def deploy(self, config: Value | None, name: Value | None, site: Site) -> None:
        if not isinstance(config, Thing):
            return
        if config.kind not in (V1_INFERENCE_CONFIG, V2_DEPLOYMENT):
            return
        seen = self.snapshot(config, name)
        self.deployed.append(seen)
        owner = seen.environment if config.kind == V1_INFERENCE_CONFIG else config
        if not isinstance(owner, Thing):
            return
        self.late = [each for each in self.late if each.owner != id(owner)]
        variables = owner.cells.get(VARIABLES)
        names = frozenset(variables.cells) if isinstance(variables, Dictionary) else frozenset()
        mark = Deploy(id(owner), site, names, self.heap.tick())
        self.heap.set(self._marks, str(id(owner)), mark)
        if isinstance(variables, Dictionary):
            self.heap.set(self._marks, str(id(variables)), mark)

    def snapshot(self, config: Thing, name: Value | None) -> Deployed:
        """A deployment as it stands now."""
        environment = _told(config.cells.get("environment"), config)
        image: Value | None = None
        holder: Value | None = config
        if config.kind == V1_INFERENCE_CONFIG:
            holder = environment
            image = config.cells.get("base_image")
            if isinstance(environment, Thing):
                docker = environment.cells.get("docker")
                image = docker.cells.get("base_image") if isinstance(docker, Thing) else docker
        elif isinstance(environment, Thing):
            image = environment.cells.get("image")
            if image is None and "build" in environment.cells:
                image = Opaque("it is built from a Dockerfile", environment.site)
        elif isinstance(environment, Literal) and isinstance(environment.value, str):
            image = Opaque(IN_WORKSPACE, environment.site)
        variables: Value | None = holder if isinstance(holder, Opaque) else None
        if isinstance(holder, Thing):
            variables = holder.cells.get(VARIABLES, ABSENT)
            variables = None if variables is ABSENT else variables
        if isinstance(variables, Dictionary):
            variables = self.copy_of(variables, variables.site)
        if isinstance(environment, Opaque) and image is None:
            image = environment
        attributes = dict(config.cells)
        if "code_configuration" in attributes:
            attributes["code_configuration"] = _told(attributes["code_configuration"], config)
        return Deployed(config, attributes, environment, variables, image, name)

    # ---- changes -------------------------------------------------------------------------------

    def put(self, target: Dictionary, key: Value, value: Value, node: cst.CSTNode) -> Entry | None:
        entry = super().put(target, key, value, node)
        mark = self._marks.get(str(id(target)))
        if entry is not None and isinstance(mark, Deploy):
            self._note_late(mark, entry)
        return entry

    def note_attribute(
        self, owner: Thing, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        if owner.kind == V1_INFERENCE_CONFIG and name == "source_directory":
            self.heap.set(owner.cells, REASSIGNED, Literal(None, self.site(node)))
        if name != VARIABLES or owner.kind not in (V1_ENVIRONMENT, V2_DEPLOYMENT):
            return
        old = owner.cells.get(VARIABLES)
        mark = self._marks.get(str(id(owner)))
        if isinstance(mark, Deploy):
            if isinstance(value, Dictionary):
                for entry in value.cells.values():
                    self._note_late(mark, entry)
                self.heap.set(self._marks, str(id(value)), mark)
        elif isinstance(old, Dictionary) and isinstance(value, Dictionary) and old is not value:
            self._note_replaced(owner, old, value, self.site(node))

    def _note_replaced(self, owner: Thing, old: Dictionary, new: Dictionary, site: Site) -> None:
        if new.open is not None or any(name in new.cells for name in INSTALL_VARIABLES):
            return
        if not self.heap.born_here(old.cells):
            return
        for name in INSTALL_VARIABLES:
            entry = old.cells.get(name)
            if entry is not None and isinstance(entry.value, Literal):
                self.replaced.append(Replaced(id(owner), entry, site))

    def note_used(self, values: Iterable[Value]) -> None:
        """Something is done with objects: what was set on them may have been meant for it."""
        used: set[int] = set()
        for value in values:
            if isinstance(value, Thing):
                used.update((id(value), id(value.cells.get("environment"))))
        if used:
            self.late = [each for each in self.late if each.owner not in used]

    def _note_late(self, mark: Deploy, entry: Entry) -> None:
        if str(entry.key.value) in mark.names or not isinstance(entry.value, Literal):
            return
        if mark.born < self.run_started:  # nobody in the file says which of the two comes first
            return
        if self.loop_exits:  # the next round may deploy it
            return
        if str(entry.key.value) in INSTALL_VARIABLES:
            self.late.append(Late(mark.owner, entry, mark.site))


def _told(value: Value | None, config: Thing) -> Value | None:
    """An object that a deployment is given; opaque where it is set in another file."""
    if isinstance(value, Reference):
        return Opaque(f"`{value.dotted}` is set in another file", config.site)
    if isinstance(value, (Class, Function, Module)):
        return Opaque("it is not an object that is followed", config.site)
    return value
