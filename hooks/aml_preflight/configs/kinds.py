"""What a mapping at the top of a file describes, told from what is in it.

The schema that a file names counts first: it says what the author means. Without one, a mapping is
a deployment only if no field of it belongs to something else.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from ..containers import installs
from ..trees.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from .source import Fields, Source

ENVIRONMENT_FIELDS = frozenset(
    {"$schema", "name", "version", "id", "description", "tags", "properties", "image", "build",
     "conda_file", "inference_config", "os_type", "datastore", "creation_context", "latest_version",
     "intellectual_property"}
)  # fmt: skip
DEPLOYMENT_FIELDS = frozenset(
    {"$schema", "name", "endpoint_name", "description", "id", "tags", "properties", "model", "type",
     "code_configuration", "environment", "environment_variables", "app_insights_enabled",
     "scale_settings", "request_settings", "liveness_probe", "readiness_probe", "data_collector",
     "provisioning_state", "instance_count", "model_mount_path", "instance_type", "resources",
     "egress_public_network_access", "private_network_connection", "creation_context"}
)  # fmt: skip
"""The fields that azure-ai-ml 1.35 knows; any other one makes it refuse the file."""

INFERENCE_CONFIG_FIELDS = frozenset(
    {"entryscript", "sourcedirectory", "environment", "runtime", "condafile", "description",
     "extradockerfilesteps", "enablegpu", "baseimage", "baseimageregistry", "cudaversion"}
)  # fmt: skip
"""In lower case."""

_OTHER_WORK = (
    "command", "component", "jobs", "task", "trial", "flow", "inputs", "outputs", "entry_script",
    "search_space", "sweep_job", "trigger", "create_job",
)  # fmt: skip
_ONLY_BATCH = ("compute", "mini_batch_size", "output_action", "job_definition", "settings")
_ONLY_ONLINE = (
    "environment", "model", "code_configuration", "app_insights_enabled", "scale_settings",
    "request_settings", "liveness_probe", "readiness_probe", "data_collector", "model_mount_path",
    "egress_public_network_access", "private_network_connection",
)  # fmt: skip
_OUR_VARIABLES = ("azureml", "azure_ml", "aml_")
_V1_ENVIRONMENT_PARTS = (
    "python", "docker", "spark", "databricks", "inferencingStackVersion", "assetId", "recipe",
)  # fmt: skip


class Kind(Enum):
    """What a mapping describes."""

    ONLINE = "an online deployment"
    PREVIEW = "an endpoint of CLI v2's preview, with its deployments"
    BATCH = "a batch deployment"
    PREVIEW_BATCH = "a batch endpoint of CLI v2's preview, with its deployments"
    JOB = "a job"
    PIPELINE = "a pipeline job"
    FLOW = "a run of a prompt flow"
    ENVIRONMENT = "an environment of CLI v2"
    FRAGMENT = "variables of something, most likely a deployment"
    INFERENCE_CONFIG = "an inference configuration of CLI v1"
    V1_ENVIRONMENT = "an environment of CLI v1"
    V1_RUN = "a training job of CLI v1"


_SCHEMAS = (
    ("onlinedeployment", Kind.ONLINE),
    ("batchdeployment", Kind.BATCH),
    ("pipelinejob", Kind.PIPELINE),
    ("pipelinecomponent", Kind.PIPELINE),
    ("environment", Kind.ENVIRONMENT),
    ("promptflow", Kind.FLOW),
    ("job", Kind.JOB),
)


def kind_of(source: Source, fields: Fields) -> Kind | None:
    """What a mapping describes, or ``None`` if nothing that matters here."""
    if "entryScript" in fields:
        return Kind.INFERENCE_CONFIG if _is_inference_config(source, fields) else None
    if "deployments" in fields and _is_preview(source, fields):
        batch = fields.word("type") == "batch" or "batch" in _schema(fields)
        return Kind.PREVIEW_BATCH if batch else Kind.PREVIEW
    schema = _schema(fields)
    for word, kind in _SCHEMAS:
        if word in schema:
            return kind
    return _by_fields(source, fields)


def _schema(fields: Fields) -> str:
    """The name of the schema in lower case; of promptflow's the name of that."""
    address = fields.word("$schema")
    if "promptflow" in address:
        return "promptflow"
    is_ours = "azureml" in address or "schema.json" in address
    return address.rpartition("/")[2] if is_ours else ""


def _by_fields(source: Source, fields: Fields) -> Kind | None:
    if "environmentVariables" in fields or fields.mapping("environment") is not None:
        v1 = _v1(source, fields)
        if v1 is not None:
            return v1
    if "flow" in fields and "environment_variables" in fields:
        return Kind.FLOW
    if fields.mapping("jobs") is not None:
        return Kind.PIPELINE
    if any(name in fields for name in _OTHER_WORK):
        return Kind.JOB if "environment_variables" in fields else None
    deployed = "endpoint_name" in fields or _has_code(source, fields)
    if fields.word("type") in ("model", "pipeline", "batch") or any(
        name in fields for name in _ONLY_BATCH
    ):
        return Kind.BATCH if deployed else None
    if _has_code(source, fields):
        return Kind.ONLINE
    azure = _is_of_azure(source, fields)
    if "endpoint_name" in fields and _is_sized(fields) and azure:
        return Kind.ONLINE
    if "environment_variables" in fields:
        return _with_variables(fields, azure=azure)
    return None


def _is_of_azure(source: Source, fields: Fields) -> bool:
    """Whether a mapping shows that it is for Azure: other programs call their endpoints, instances
    and variables alike."""
    if any(name in fields for name in _ONLY_ONLINE):
        return not fields.word("instance_type").startswith("ml.")
    if fields.word("instance_type").startswith("standard_"):
        return True
    variables = fields.mapping("environment_variables")
    if variables is None:
        return False
    names = source.fields(variables).by_name
    return any(name.lower().startswith(_OUR_VARIABLES) or installs(name) for name in names)


def _with_variables(fields: Fields, *, azure: bool) -> Kind | None:
    """What a mapping with variables is that is no whole deployment."""
    names = fields.by_name.keys() - {"environment_variables"}
    if names & {"image", "build", "conda_file"} and names <= ENVIRONMENT_FIELDS:
        return Kind.ENVIRONMENT
    if names <= DEPLOYMENT_FIELDS and azure:
        return Kind.ONLINE if "endpoint_name" in names else Kind.FRAGMENT
    return None


def _has_code(source: Source, fields: Fields) -> bool:
    code = fields.mapping("code_configuration")
    if code is None:
        return False
    inside = source.fields(code)
    return "scoring_script" in inside or "code" in inside


def _is_sized(fields: Fields) -> bool:
    return any(
        name in fields
        for name in ("instance_type", "instance_count", "environment_variables", "scale_settings")
    )


def _is_preview(source: Source, fields: Fields) -> bool:
    return any(
        _has_code(source, each)
        or (each.mapping("environment_variables") and ("environment" in each or "model" in each))
        for each in (source.fields(inside) for _, inside in preview_deployments(fields))
    )


def preview_deployments(fields: Fields) -> list[tuple[Scalar | None, Mapping]]:
    """The deployments inside an endpoint, with the key that each stands under if one does."""
    field = fields.get("deployments")
    if field is None:
        return []
    if isinstance(field.value, Sequence):
        return [(None, each) for each in field.value.items if isinstance(each, Mapping)]
    if isinstance(field.value, Mapping):
        return [
            (key, value)
            for key, value in field.value.pairs
            if isinstance(key, Scalar) and isinstance(value, Mapping)
        ]
    return []


def _is_inference_config(source: Source, fields: Fields) -> bool:
    """Other programs have a field of this name, too."""
    script = fields.get("entryScript")
    if script is None or not isinstance(script.value, Scalar):
        return False
    environment = fields.mapping("environment")
    if environment is not None and _has_v1_parts(source.fields(environment)):
        return True
    names = {name.lower() for name in fields.by_name}
    is_python = script.value.text.endswith(".py") or source.is_filled(script.value)
    return names <= INFERENCE_CONFIG_FIELDS and is_python


def _has_v1_parts(fields: Fields) -> bool:
    return "environmentVariables" in fields or any(
        fields.mapping(name) is not None for name in ("python", "docker")
    )


def _v1(source: Source, fields: Fields) -> Kind | None:
    environment = fields.mapping("environment")
    if environment is not None and "script" in fields and "target" in fields:
        return Kind.V1_RUN if _has_v1_parts(source.fields(environment)) else None
    if fields.mapping("environmentVariables") is None:
        return None
    has_parts = any(name in fields for name in _V1_ENVIRONMENT_PARTS[:2])
    return Kind.V1_ENVIRONMENT if has_parts else None


_EVIDENT = re.compile(
    r"^\$schema:.{0,300}OnlineDeployment|^[ ]{0,4}(?:-[ ]{1,4})?code_configuration:", re.MULTILINE
)
_EVIDENTLY_NOT = re.compile(
    r"^(?:command|jobs|compute|mini_batch_size|base_environment_source)\s{0,9}:"
    r"|^\$schema:.{0,300}(?:[bB]atch|[jJ]ob|[cC]omponent)",
    re.MULTILINE,
)
_TOGETHER = (
    (r"^environment_variables:", r"^endpoint_name:"),
    (r"^[ \t{]{0,20}[\"']?entryScript[\"']?\s{0,9}:", r"sourceDirectory|environmentVariables"),
)


def evidently_ours(text: str) -> bool:
    """Whether a text that cannot be parsed shows that it is meant for an online deployment."""
    if _EVIDENTLY_NOT.search(text):
        return False
    return _EVIDENT.search(text) is not None or any(
        all(re.search(each, text, re.MULTILINE) for each in both) for both in _TOGETHER
    )
