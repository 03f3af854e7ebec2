"""Inference configurations, environments and runs of CLI v1, in JSON or YAML.

The fields are those of SDK v1's ``InferenceConfig`` and ``Environment``. Relative paths start from
the folder in which somebody runs the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..containers import for_inference
from ..facts import (
    DeploymentFacts,
    EnvironmentFacts,
    OtherUse,
    PathsFrom,
    Style,
    Variables,
)
from ..values import Known
from .environments import BUILT, IN_WORKSPACE
from .variables import variables_in

if TYPE_CHECKING:
    from ..facts import Text
    from ..trees.nodes import Mapping
    from ..values import Unknown
    from .source import Fields, Source

_VARIABLES = "environmentVariables"
_ON_COMMAND_LINE = "the environment may be given on the command line"


def deployment(source: Source, root: Mapping) -> DeploymentFacts:
    """The deployment of an inference configuration."""
    fields = source.fields(root)
    script = fields.by_name["entryScript"]
    image, variables = _environment(source, fields)
    return DeploymentFacts(
        style=Style.CLI_V1,
        document=source.document,
        place=source.place(script.key),
        name=None,
        image=image,
        source_directory=source.text(fields, "sourceDirectory"),
        entry_script=source.text_of(script),
        variables=variables,
        paths_from=PathsFrom.PROJECT,
    )


def _environment(source: Source, fields: Fields) -> tuple[Text | None, Variables]:
    """Image and variables of the environment."""
    field = fields.get("environment")
    script = fields.by_name["entryScript"].key
    if field is None and ("runtime" in fields or "condaFile" in fields):
        return source.text(fields, "baseImage"), Variables(open=fields.open)
    if field is None:
        elsewhere: Unknown = fields.open or source.unknown(_ON_COMMAND_LINE, script)
        return elsewhere, Variables(open=elsewhere)
    if field.mapping is None:
        elsewhere = source.doubt(field) or source.unknown(_ON_COMMAND_LINE, field.key)
        return elsewhere, Variables(open=elsewhere)
    inside = source.fields(field.mapping)
    if not any(name in inside for name in (_VARIABLES, "docker", "python")):
        elsewhere = source.unknown(IN_WORKSPACE, field.key)
        return elsewhere, Variables(open=elsewhere)
    return image_of(source, inside), variables_in(source, inside, _VARIABLES)


def image_of(source: Source, environment: Fields) -> Text | None:
    """The image of an environment; ``None`` if it gives none."""
    docker = environment.mapping("docker")
    if docker is None:
        return environment.open
    fields = source.fields(docker)
    dockerfile = source.text(fields, "baseDockerfile")
    if dockerfile is not None:
        return source.unknown(BUILT, fields.by_name["baseDockerfile"].key)
    return source.text(fields, "baseImage")


def environment(source: Source, root: Mapping) -> EnvironmentFacts | None:
    """An environment with variables, such as ``azureml_environment.json``, if it is evidently for
    deployments."""
    fields = source.fields(root)
    variables = variables_in(source, fields, _VARIABLES)
    image = image_of(source, fields)
    reference = image.value if isinstance(image, Known) else None
    if not for_inference([each.name.value for each in variables.items], reference):
        return None
    key = fields.by_name[_VARIABLES].key
    return EnvironmentFacts(
        Style.CLI_V1, source.document, source.place(key), variables, image or fields.open
    )


def run(source: Source, root: Mapping) -> OtherUse | None:
    """A training job, whose environment has variables."""
    fields = source.fields(root)
    inside = fields.mapping("environment")
    if inside is None:
        return None
    variables = variables_in(source, source.fields(inside), _VARIABLES)
    if not variables.items:
        return None
    place = source.place(fields.by_name["script"].key)
    return OtherUse(Style.CLI_V1, source.document, place, "a training job", variables)
