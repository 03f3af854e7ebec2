"""Deployments of CLI v2, as its preview wrote them too, and what else it gives variables to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..facts import (
    DeploymentFacts,
    EnvironmentFacts,
    IgnoredVariables,
    OtherUse,
    PathsFrom,
    Style,
    Variables,
)
from ..trees.nodes import Scalar
from ..values import Known, Unknown
from .environments import IN_WORKSPACE, environment_in
from .kinds import DEPLOYMENT_FIELDS, Kind, preview_deployments
from .variables import NAME, variables_in, variables_of

if TYPE_CHECKING:
    from ..document import Place
    from ..facts import Text
    from ..trees.nodes import Mapping
    from .source import Field, Fields, Source

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?!\\)|git@|/subscriptions/")
_IN_WORKSPACE = re.compile(r"azureml:(?!//)|/subscriptions/", re.IGNORECASE)
_ELSEWHERE = "the code is not in the project"
_PREVIEW = "only the preview of CLI v2 read variables here"
_JOBS = {"command", "sweep", "parallel", "spark", "pipeline", "distillation", "finetuning"}
_SPELLINGS = frozenset(
    {"environmentvariables", "environmentvariable", "envvariables", "envvariable", "envvars",
     "envvar", "envs", "env", "environmentvars", "environmentvar"}
)  # fmt: skip
_LIKE_ENOUGH = 0.85


class CliV2:
    """What a document describes for CLI v2."""

    def __init__(self, source: Source, paths_from: PathsFrom) -> None:
        self.source = source
        self.paths_from = paths_from
        self.deployments: list[DeploymentFacts] = []
        self.environments: list[EnvironmentFacts] = []
        self.ignored: list[IgnoredVariables] = []
        self.others: list[OtherUse] = []

    def take(self, kind: Kind, root: Mapping) -> None:
        """Note what a mapping at the top describes."""
        fields = self.source.fields(root)
        place = self._place(root, fields)
        if kind is Kind.ONLINE:
            self._online(fields, place, self.source.text(fields, "name"))
        elif kind is Kind.PREVIEW:
            self._preview(fields)
        elif kind is Kind.PREVIEW_BATCH:
            for key, inside in preview_deployments(fields):
                found = self.source.fields(inside)
                self._other(found, self._name_place(key, inside), "a batch deployment")
        elif kind is Kind.ENVIRONMENT:
            self._ignore(fields.get(NAME))
        elif kind is Kind.FRAGMENT:
            variables = variables_in(self.source, fields)
            if variables.items:
                facts = EnvironmentFacts(Style.CLI_V2, self.source.document, place, variables)
                self.environments.append(facts)
        else:
            self._elsewhere(kind, fields, place)

    # ---- deployments ---------------------------------------------------------------------------

    def _preview(self, fields: Fields) -> None:
        for key, inside in preview_deployments(fields):
            found = self.source.fields(inside)
            given = self.source.text(found, "name")
            if key is not None and given is None:
                written = self.source.place(key)
                given = Known(key.text, written, written)
                if self.source.is_filled(key):
                    given = None
            self._online(found, self._name_place(key, inside), given, preview=True)

    def _online(
        self, fields: Fields, place: Place, name: Text | None, *, preview: bool = False
    ) -> None:
        code, script = self._code(fields)
        environment = environment_in(self.source, fields)
        variables = variables_in(self.source, fields)
        inside = fields.mapping("environment")
        misplaced = self.source.fields(inside).get(NAME) if inside is not None else None
        if not preview:
            self._ignore(misplaced)
            self._misspelt(fields)
        elif misplaced is not None:
            more = self.source.unknown(_PREVIEW, misplaced.key)
            variables = variables._replace(open=variables.open or more)
        self.deployments.append(
            DeploymentFacts(
                style=Style.CLI_V2,
                document=self.source.document,
                place=place,
                name=name,
                image=environment.image,
                source_directory=code,
                entry_script=script,
                variables=variables,
                paths_from=self.paths_from if preview or _is_whole(fields) else PathsFrom.PROJECT,
                environment_file=environment.file,
            )
        )

    def _code(self, fields: Fields) -> tuple[Text | None, Text | None]:
        """The code folder and the score script."""
        field = fields.get("code_configuration")
        if field is None:
            return fields.open, fields.open
        doubt = self.source.doubt(field)
        if doubt is not None or field.mapping is None:
            if doubt is None and isinstance(field.value, Scalar) and field.value.kind == "null":
                return None, None
            doubt = doubt or self.source.unknown("this is not a mapping", field.key)
            return doubt, doubt
        inside = self.source.fields(field.mapping)
        code = inside.mapping("code")
        if code is not None:  # the preview's
            folder = self.source.text(self.source.fields(code), "local_path", "path")
            folder = folder or self.source.unknown(_ELSEWHERE, inside.by_name["code"].key)
        else:
            folder = self.source.text(inside, "code")
        return _local(folder), self.source.text(inside, "scoring_script")

    # ---- variables that nothing takes ----------------------------------------------------------

    def _ignore(self, field: Field | None) -> None:
        """Note variables that CLI v2 refuses where they are."""
        if field is None or self.source.doubt_if_there(field) is not None:
            return
        place = self.source.place(field.key)
        found = variables_of(self.source, field)
        self.ignored.append(IgnoredVariables(Style.CLI_V2, self.source.document, place, found))

    def _misspelt(self, fields: Fields) -> None:
        """Note fields that were meant for the variables. With other fields that CLI v2 does not
        know it is for another program, which may well know them all."""
        if "$schema" in fields or _is_for_cli(fields):
            for name, field in fields.by_name.items():
                if name not in DEPLOYMENT_FIELDS and field.mapping is not None and _is_like(name):
                    self._ignore(field)

    # ---- what is no online deployment ----------------------------------------------------------

    def _elsewhere(self, kind: Kind, fields: Fields, place: Place) -> None:
        if kind is Kind.BATCH:
            self._other(fields, place, "a batch deployment")
            settings = fields.mapping("settings")
            if settings is not None:
                self._other(self.source.fields(settings), place, "a batch deployment")
        elif kind is Kind.FLOW:
            self._other(fields, place, "a run of a prompt flow")
        elif kind in (Kind.JOB, Kind.PIPELINE):
            schema, _, _ = fields.word("$schema").rpartition("/")[2].partition(".")
            word = fields.word("type") or schema.removesuffix("job")
            self._other(fields, place, f"a {word} job" if word in _JOBS else "a job")
            jobs = fields.mapping("jobs")
            steps = self.source.fields(jobs).by_name.values() if jobs is not None else ()
            for step in steps:
                if step.mapping is not None:
                    inside = self.source.fields(step.mapping)
                    self._other(inside, self.source.place(step.key), "a step of a pipeline")

    def _other(self, fields: Fields, place: Place, what: str) -> None:
        field = fields.get(NAME)
        variables = variables_of(self.source, field) if field is not None else Variables()
        if field is not None and variables.items:
            document = self.source.document
            self.others.append(OtherUse(Style.CLI_V2, document, place, what, variables))

    # ---- places --------------------------------------------------------------------------------

    def _name_place(self, key: Scalar | None, inside: Mapping) -> Place:
        return self.source.place(key) if key is not None else self._place(inside)

    def _place(self, mapping: Mapping, fields: Fields | None = None) -> Place:
        """A short place by which to show what a mapping describes."""
        field = (fields or self.source.fields(mapping)).get("name")
        name = field.value if field is not None else None
        if isinstance(name, Scalar) and name.end > name.start:
            return self.source.place(name)
        first = mapping.pairs[0][0] if mapping.pairs else mapping
        return self.source.place(first)


def _is_whole(fields: Fields) -> bool:
    """Whether a mapping is a deployment as it stands: neither a part that is laid over another
    file, whose folder counts then, nor the settings of a program that makes one of them."""
    if "$schema" in fields:
        return True
    return ("endpoint_name" in fields or "environment" in fields) and _is_for_cli(fields)


def _is_for_cli(fields: Fields) -> bool:
    """Whether CLI v2 knows all fields of a deployment, but for one that is meant for variables."""
    return all(map(_is_like, fields.by_name.keys() - DEPLOYMENT_FIELDS))


def _local(folder: Text | None) -> Text | None:
    """A code folder; unknown where it is not one of the project."""
    if not isinstance(folder, Known) or not _REMOTE.match(folder.value):
        return folder
    registered = _IN_WORKSPACE.match(folder.value)
    return Unknown(IN_WORKSPACE if registered else _ELSEWHERE, folder.place)


def _is_like(name: str) -> bool:
    """Whether a field that nobody knows was meant to be ``environment_variables``."""
    import difflib

    plain = "".join(filter(str.isalnum, name)).lower()
    if plain in _SPELLINGS:
        return True
    if not 12 <= len(plain) <= 30:
        return False
    near = difflib.SequenceMatcher(None, plain, "environmentvariables", autojunk=False)
    return near.ratio() >= _LIKE_ENOUGH
