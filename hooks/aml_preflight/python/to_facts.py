"""What an interpreter noted, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..containers import for_inference
from ..document import Document, Place
from ..facts import (
    DeploymentFacts,
    DeploymentOverride,
    EnvironmentFacts,
    FileFacts,
    IgnoredVariables,
    OtherUse,
    Style,
    Variable,
    Variables,
)
from ..values import Known, Unknown
from .deploys import FILE, REASSIGNED, V1_INFERENCE_CONFIG, V2_CODE
from .imports import ModularInterpreter
from .objects import Dictionary, FilePath, Literal, Loaded, Opaque, Reference, Thing
from .other_uses import A_RUN, Other
from .source import Site

if TYPE_CHECKING:
    from ..facts import Text
    from .deploys import Deployed
    from .objects import Entry, Value
    from .sdk import SdkInterpreter


def facts_of(document: Document, interpreter: SdkInterpreter) -> FileFacts:
    """The facts of a document that was followed to its end, or as far as possible."""
    return _Found(document, interpreter).facts()


class _Found:
    """Turns what the interpreter noted into facts."""

    def __init__(self, document: Document, interpreter: SdkInterpreter) -> None:
        self.document = document
        self.interpreter = interpreter
        self._used: set[int] = set()

    def facts(self) -> FileFacts:
        deployments = self.deployments()
        return FileFacts(
            self.document,
            deployments=deployments,
            environments=self.environments(),
            ignored=self.ignored(),
            others=self.others(deployments),
            overrides=self.overrides(),
            modules=self._modules(),
            taken=self._taken(),
        )

    def _is_here(self, site: Site) -> bool:
        """Whether a place is in the file itself, and not in a module that it imports."""
        return site.segment.document.path == self.document.path

    def _modules(self) -> tuple[Document, ...]:
        found = self.interpreter
        if not isinstance(found, ModularInterpreter):
            return ()
        return tuple(found.finder.modules.module(path).document for path in found.modules)

    def _taken(self) -> tuple[Place, ...]:
        """Environments of modules that the file uses or changes; call after ``deployments``."""
        used = {*self._used, *self.interpreter.elsewhere, *self.interpreter.of_runs()}
        things = [each for each in self.interpreter.environments if id(each) in used]
        return tuple(_callee(each.site).place() for each in things if not self._is_here(each.site))

    def deployments(self) -> tuple[DeploymentFacts, ...]:
        noted = list(self.interpreter.deployed)
        deployed = {id(each.config) for each in noted}
        noted += [
            self.interpreter.snapshot(config, config.cells.get("name"))
            for config in self.interpreter.configs
            if id(config) not in deployed and self._is_own(config)
        ]
        facts: list[DeploymentFacts] = []
        seen: set[object] = set()
        for each in noted:
            if isinstance(each.config.cells.get(FILE), Loaded):
                continue
            if isinstance(each.environment, Thing):
                self._used.add(id(each.environment))
            made = self._deployment(each)
            key = (id(each.config.site.node), _signature(made))
            if key not in seen:
                seen.add(key)
                facts.append(made)
        return tuple(facts)

    def _is_own(self, config: Thing) -> bool:
        """Whether a configuration is this file's, and not that of a module alone."""
        found = self.interpreter
        return not isinstance(found, ModularInterpreter) or found.is_own(config)

    def overrides(self) -> tuple[DeploymentOverride, ...]:
        """Deployments that are read from other files, with what is changed of them here."""
        loaded = [(each, each.cells.get(FILE)) for each in self.interpreter.configs]
        return tuple(
            self._override(config, file)
            for config, file in loaded
            if isinstance(file, Loaded) and self._is_own(config)
        )

    def _override(self, config: Thing, file: Loaded) -> DeploymentOverride:
        seen = self.interpreter.snapshot(config, config.cells.get("name"))
        folder, script = _code(seen)
        variables = self._variables(seen.variables, config)
        if isinstance(seen.variables, Dictionary) and isinstance(seen.variables.open, Loaded):
            variables = variables._replace(open=None)
        elif variables.open is None:
            why = Unknown("other variables than those of the file are given", config.site.place())
            variables = variables._replace(open=why)
        changed = [_changed(each) for each in (seen.name, seen.image, folder, script)]
        name, image, folder, script = changed
        return DeploymentOverride(
            style=Style.SDK_V2,
            document=self.document,
            place=_callee(config.site).place(),
            file=_loaded_path(file),
            variables=variables,
            name=_text(name, config.site),
            image=_text(image, config.site),
            source_directory=_text(folder, config.site),
            entry_script=_text(script, config.site),
        )

    def _deployment(self, seen: Deployed) -> DeploymentFacts:
        v1 = seen.config.kind == V1_INFERENCE_CONFIG
        attributes = seen.attributes
        folder, script = _code(seen)
        owner = seen.environment if v1 else seen.config
        reassigned = attributes.get(REASSIGNED)
        facts = DeploymentFacts(
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
        return _with_file(facts, seen)

    def environments(self) -> tuple[EnvironmentFacts, ...]:
        """Those that no deployment uses and that are evidently for one; call after
        ``deployments``."""
        facts = []
        used = self._used | self.interpreter.elsewhere | self.interpreter.of_runs()
        for thing in self.interpreter.environments:
            variables = self._variables(thing.cells.get("environment_variables"), thing)
            if id(thing) in used or not variables.items or not self._is_here(thing.site):
                continue
            image = _image(thing)
            lost = (variable for variable, _ in variables.replaced)
            names = {each.name.value for each in (*variables.items, *lost)}
            if for_inference(names, image.value if isinstance(image, Known) else None):
                place = _callee(thing.site).place()
                facts.append(EnvironmentFacts(Style.SDK_V1, self.document, place, variables, image))
        return tuple(facts)

    def ignored(self) -> tuple[IgnoredVariables, ...]:
        facts = []
        for style, site, value in self.interpreter.ignored:
            if not self._is_here(site):
                continue
            variables = self._variables(value, None)
            facts.append(IgnoredVariables(style, self.document, site.place(), variables))
        return tuple(facts)

    def others(self, deployments: tuple[DeploymentFacts, ...]) -> tuple[OtherUse, ...]:
        """Uses that no deployment of the file shares: not even a name that it sets, too."""
        noted = list(self.interpreter.others)
        noted += [
            Other(Style.SDK_V1, A_RUN, thing)
            for thing in self.interpreter.only_of_runs()
            if id(thing) not in self._used
        ]
        deployed: dict[str, list[Place]] = {}
        for each in deployments:
            for item in each.variables.items:
                deployed.setdefault(item.name.value, []).append(item.name.shown_at)
        facts = []
        for style, what, thing in noted:
            variables = self._variables(thing.cells.get("environment_variables"), None)
            items = tuple(
                item
                for item in variables.items
                if item.name.shown_at not in deployed.get(item.name.value, ())
            )
            if items and variables.open is None and self._is_here(thing.site):
                place = _callee(thing.site).place()
                variables = variables._replace(items=items)
                facts.append(OtherUse(style, self.document, place, what, variables))
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
        """Whether the program uses a literal otherwise, too. Who else imports it is not known."""
        literal = value.literal
        if literal is None:
            return False
        return id(literal.node) in self.interpreter.read or not self._is_here(literal)


def _image(environment: Thing) -> Text | None:
    """The image of an environment of SDK v1, as it stands at the end of the file."""
    docker = environment.cells.get("docker")
    image = docker.cells.get("base_image") if isinstance(docker, Thing) else docker
    return _text(image, environment.site)


def _code(seen: Deployed) -> tuple[Value | None, Value | None]:
    """The folder and the script of a deployment."""
    attributes = seen.attributes
    if seen.config.kind == V1_INFERENCE_CONFIG:
        return attributes.get("source_directory"), attributes.get("entry_script")
    code = attributes.get("code_configuration")
    if isinstance(code, Thing) and code.kind == V2_CODE:
        return code.cells.get("code"), code.cells.get("scoring_script")
    return (code, code) if isinstance(code, Opaque) else (None, None)


def _with_file(facts: DeploymentFacts, seen: Deployed) -> DeploymentFacts:
    """The facts with the file that the environment is read from. What stands in that file is
    unknown until then, and has the file's place."""
    opened = seen.variables.open if isinstance(seen.variables, Dictionary) else None
    loaded = next((each for each in (opened, seen.image) if isinstance(each, Loaded)), None)
    if loaded is None:
        return facts
    path = _loaded_path(loaded)
    if seen.image is loaded:
        facts = facts._replace(image=Unknown(loaded.reason, path.place))
    if opened is loaded:
        why = Unknown(loaded.reason, path.place)
        facts = facts._replace(variables=facts.variables._replace(open=why))
    return facts._replace(environment_file=path)


def _loaded_path(loaded: Loaded) -> Known[str]:
    path = _text(loaded.path, loaded.site)
    assert isinstance(path, Known)
    return path


def _changed(value: Value | None) -> Value | None:
    """What is given here of a deployment that is read from a file."""
    return None if isinstance(value, Loaded) else value


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
