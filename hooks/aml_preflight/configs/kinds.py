"""What a mapping at the top of a file describes, told from what is in it.

The schema that a file names counts first: it says what the author means. Without one, a mapping is
a deployment only if no field of it belongs to something else.
"""

from __future__ import annotations

import os
import re
from enum import Enum
from typing import TYPE_CHECKING

from ..containers import for_inference, installs
from ..images import REGISTRY
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
     "extradockerfilesteps", "enablegpu", "baseimage", "baseimageregistry", "cudaversion",
     "schemafile"}
)  # fmt: skip
"""In lower case. The last was read by early versions and is still in many files."""

_OTHER_WORK = (
    "command", "component", "jobs", "task", "trial", "flow", "inputs", "outputs", "entry_script",
    "search_space", "sweep_job", "trigger", "create_job",
)  # fmt: skip
_ONLY_BATCH = ("compute", "mini_batch_size", "output_action", "job_definition", "settings")
_NEVER_BATCH = ("instance_type", "scale_settings", "request_settings")
_ONLY_ONLINE = (
    "environment", "model", "code_configuration", "app_insights_enabled", "scale_settings",
    "request_settings", "liveness_probe", "readiness_probe", "data_collector", "model_mount_path",
    "egress_public_network_access", "private_network_connection",
)  # fmt: skip
_ONLY_OF_AZURE = (
    "app_insights_enabled", "scale_settings", "request_settings", "data_collector",
    "model_mount_path", "egress_public_network_access", "private_network_connection",
)  # fmt: skip
_OUR_VARIABLES = ("azureml", "azure_ml", "aml_")
_V1_PARTS = {
    "docker": frozenset(
        {"baseImage", "baseDockerfile", "baseImageRegistry", "buildContext", "gpuSupport",
         "sharedVolumes", "shmSize"}
    ),
    "python": frozenset(
        {"userManagedDependencies", "interpreterPath", "condaDependencies",
         "condaDependenciesFile", "baseCondaEnvironment"}
    ),
}  # fmt: skip
"""What only environments of Azure have in these parts. Other programs have parts of these names."""

_V1_FIELDS = frozenset(
    {"name", "version", "environmentVariables", *_V1_PARTS, "spark", "databricks", "r",
     "inferencingStackVersion", "assetId", "recipe"}
)  # fmt: skip
_V1_FILE = "azureml_environment."


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
    name = address.rpartition("/")[2]
    if "azureml" in address:
        return name
    # a copy, perhaps: other programs have schemas of jobs and environments, too
    return name if "deployment" in name and "schema.json" in name else ""


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
        either = any(name in fields for name in _NEVER_BATCH)
        return Kind.BATCH if deployed and not either else None
    if _has_code(source, fields) or _is_deployed(source, fields):
        return Kind.ONLINE
    names = fields.by_name.keys() - {"environment_variables"}
    if "environment_variables" not in fields or "endpoint_name" in fields:
        return None
    if names & {"image", "build", "conda_file"} and names <= ENVIRONMENT_FIELDS:
        return Kind.ENVIRONMENT if _is_environment_of_azure(source, fields) else None
    if names <= DEPLOYMENT_FIELDS and _is_for_inference(source, fields):
        return Kind.FRAGMENT
    return None


# ---- whether it is for Azure: other programs call their endpoints and variables alike ------------


def _is_deployed(source: Source, fields: Fields) -> bool:
    """Whether a mapping without code is a deployment at an endpoint: other programs have settings
    with some of its fields, beside their own."""
    if "endpoint_name" not in fields or not _is_sized(fields):
        return False
    if any(name not in DEPLOYMENT_FIELDS and name[:1].isalpha() for name in fields.by_name):
        return False
    if fields.word("instance_type").startswith("ml."):
        return False
    if _refers_to_azure(fields) or _is_for_inference(source, fields):
        return True
    return fields.by_name.keys() <= DEPLOYMENT_FIELDS and any(
        name in fields for name in _ONLY_ONLINE
    )


def _is_for_inference(source: Source, fields: Fields) -> bool:
    """Whether a mapping with variables shows that it is for an online deployment of Azure."""
    if any(name in fields for name in _ONLY_OF_AZURE):
        return True
    if fields.word("instance_type").startswith("standard_"):
        return True
    given = _variables(source, fields)
    if source.is_excerpt and any(name.lower().startswith(_OUR_VARIABLES) for name in given):
        return True
    environment = fields.mapping("environment")
    image = source.fields(environment).word("image") if environment is not None else ""
    return for_inference(given, image or None)


def _is_environment_of_azure(source: Source, fields: Fields) -> bool:
    image = fields.word("image")
    return (
        "conda_file" in fields
        or "inference_config" in fields
        or image.startswith(REGISTRY)
        or ".azurecr.io/" in image
        or for_inference(_variables(source, fields), None)
    )


def _refers_to_azure(fields: Fields) -> bool:
    """Whether something that a mapping names is registered in a workspace."""
    return any(fields.word(name).startswith("azureml:") for name in ("environment", "model"))


def _variables(source: Source, fields: Fields) -> frozenset[str]:
    """The names of the variables in a mapping."""
    variables = fields.mapping("environment_variables")
    return frozenset(source.fields(variables).by_name) if variables is not None else frozenset()


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
    for _, inside in preview_deployments(fields):
        each = source.fields(inside)
        if _has_code(source, each):
            return True
        if each.mapping("environment_variables") is not None and (
            "auth_mode" in fields or _refers_to_azure(each) or _is_for_inference(source, each)
        ):
            return True
    return False


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
    if environment is not None and _is_v1_environment(source, source.fields(environment)):
        return True
    names = {name.lower() for name in fields.by_name}
    is_python = script.value.text.endswith(".py") or source.is_filled(script.value)
    return names <= INFERENCE_CONFIG_FIELDS and is_python


def _is_v1_environment(source: Source, fields: Fields) -> bool:
    """Whether a mapping can only be an environment of SDK v1."""
    if "inferencingStackVersion" in fields:
        return True
    for name, telling in _V1_PARTS.items():
        part = fields.mapping(name)
        if part is not None and not telling.isdisjoint(source.fields(part).by_name):
            return True
    variables = fields.mapping("environmentVariables")
    if variables is None or not fields.by_name.keys() <= _V1_FIELDS:
        return False
    return any(map(installs, source.fields(variables).by_name))


def _v1(source: Source, fields: Fields) -> Kind | None:
    environment = fields.mapping("environment")
    if environment is not None and "script" in fields and "target" in fields:
        inside = source.fields(environment)
        is_run = "environmentVariables" in inside or _is_v1_environment(source, inside)
        return Kind.V1_RUN if is_run else None
    if fields.mapping("environmentVariables") is None:
        return None
    is_called_so = os.path.basename(source.document.path).startswith(_V1_FILE)
    if is_called_so and ("docker" in fields or "python" in fields):
        return Kind.V1_ENVIRONMENT
    return Kind.V1_ENVIRONMENT if _is_v1_environment(source, fields) else None


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
