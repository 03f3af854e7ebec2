"""Environments of CLI v2: in a deployment or in a file of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..values import Known, Unknown

if TYPE_CHECKING:
    from ..facts import Text
    from .source import Field, Fields, Source

IN_WORKSPACE = "it is registered in the workspace"
IN_OTHER_FILE = "it is in another file"
BUILT = "it is built from a Dockerfile"

_FILE = re.compile(r"\.{1,2}[/\\]|.*\.(?:ya?ml|json)$", re.IGNORECASE)


class EnvironmentOfDeployment(NamedTuple):
    """The image of a deployment's environment, and the file that the environment is in."""

    image: Text | None
    file: Known[str] | None = None


def environment_in(source: Source, fields: Fields) -> EnvironmentOfDeployment:
    """The environment that a deployment is given."""
    field = fields.get("environment")
    if field is None:
        return EnvironmentOfDeployment(fields.open)
    if field.mapping is not None:
        doubt = source.doubt(field)
        return EnvironmentOfDeployment(doubt or image_of(source, source.fields(field.mapping)))
    given = source.text_of(field)
    if not isinstance(given, Known):
        return EnvironmentOfDeployment(given)
    path = given.value.removeprefix("file:")
    if path != given.value or (":" not in path and "@" not in path and _FILE.match(path)):
        file = Known(path, given.place, given.literal, shared=given.shared)
        return EnvironmentOfDeployment(Unknown(IN_OTHER_FILE, given.place), file)
    return EnvironmentOfDeployment(Unknown(IN_WORKSPACE, given.place))


def image_of(source: Source, fields: Fields) -> Text | None:
    """The image of an environment; ``None`` if it gives none. The preview had it in ``docker``."""
    build = fields.get("build")
    docker = fields.mapping("docker")
    if docker is not None and "image" not in fields:
        inside = source.fields(docker)
        image = source.text(inside, "image")
        if image is not None:
            return image
        build = build or inside.get("build")
    image = source.text(fields, "image")
    if image is None and build is not None:
        return source.unknown(BUILT, build.key)
    if image is None and "name" in fields and "version" in fields and "conda_file" not in fields:
        name: Field = fields.by_name["name"]
        return source.unknown(IN_WORKSPACE, name.value)
    return image
