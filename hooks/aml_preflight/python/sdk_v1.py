"""What SDK v1 (azureml-core 1.61) does with the values it is given.

An environment keeps the very dictionary that it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import Style
from . import folding
from .deploys import IN_WORKSPACE, V1_ENVIRONMENT, V1_INFERENCE_CONFIG, VARIABLES
from .objects import Dictionary, FilePath, Literal, Opaque, Thing
from .other_uses import OtherUses

if TYPE_CHECKING:
    from .arguments import Arguments
    from .objects import Value
    from .source import Site

_INFERENCE_CONFIG_PARAMETERS = (
    "entry_script", "runtime", "conda_file", "extra_docker_file_steps", "source_directory",
    "enable_gpu", "description", "base_image", "base_image_registry", "cuda_version",
    "environment",
)  # fmt: skip
_V1_FACTORIES = {
    "get": ("workspace", "name", "version", "label"),
    "from_docker_image": (
        "name", "image", "container_registry", "conda_specification", "pip_requirements",
    ),
    "from_dockerfile": ("name", "dockerfile", "conda_specification", "pip_requirements"),
    "from_docker_build_context": ("name", "docker_build_context"),
    "from_conda_specification": ("name", "file_path"),
    "from_pip_requirements": ("name", "file_path", "pip_version"),
    "from_existing_conda_environment": ("name", "conda_environment_name"),
    "load_from_directory": ("path",),
}  # fmt: skip
_V1_DEPLOYING = {
    "Model.deploy": ("workspace", "name", "models", "inference_config"),
    "Model.package": ("workspace", "models", "inference_config"),
    "Webservice.deploy": ("workspace", "name"),
}
_V1_NOT_DEPLOYING = frozenset({"Model.profile"})


class SdkV1(OtherUses):
    """Environments and inference configurations of SDK v1."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.environments: list[Thing] = []
        self.ignored: list[tuple[Style, Site, Value]] = []

    def call_v1(self, parts: list[str], arguments: Arguments) -> Value | None:
        last = parts[-1]
        if last == "Environment":
            return self._v1_environment(arguments)
        if last == "InferenceConfig":
            return self._v1_inference_config(arguments)
        if len(parts) > 1 and parts[-2] == "Environment" and last in _V1_FACTORIES:
            return self._v1_factory(last, arguments)
        if ".".join(parts[-2:]) in _V1_DEPLOYING:
            given = arguments.bind(*_V1_DEPLOYING[".".join(parts[-2:])])
            self.deploy(given.get("inference_config"), given.get("name"), arguments.site)
            return Opaque("the deployed service", arguments.site, trusted=True)
        return self.other_v1(parts, arguments)

    def note_deploy_argument(self, parts: list[str], arguments: Arguments) -> None:
        """``anything(..., inference_config=x)`` of the SDK deploys x, but for profiles."""
        tail = ".".join(parts[-2:])
        if tail in _V1_DEPLOYING or tail in _V1_NOT_DEPLOYING or parts[0] != "azureml":
            return
        if "inference_config" in arguments.keywords:
            self.deploy(arguments.keywords["inference_config"], None, arguments.site)

    def _new_v1_environment(self, site: Site) -> Thing:
        made = self.thing(V1_ENVIRONMENT, site, "the SDK decides it")
        made.cells["docker"] = self.thing("v1.DockerSection", site, "the SDK decides it")
        made.cells["python"] = self.thing("v1.PythonSection", site, "the SDK decides it")
        made.cells[VARIABLES] = Dictionary(site, self.heap.tick())
        self.environments.append(made)
        return made

    def _v1_environment(self, arguments: Arguments) -> Value:
        made = self._new_v1_environment(arguments.site)
        variables = arguments.keywords.get(VARIABLES)
        if variables is not None:
            self.ignored.append((Style.SDK_V1, arguments.keyword_sites[VARIABLES], variables))
        return made

    def _v1_factory(self, method: str, arguments: Arguments) -> Value:
        given = arguments.bind(*_V1_FACTORIES[method])
        made = self._new_v1_environment(arguments.site)
        docker = made.cells["docker"]
        if method == "from_docker_image" and "image" in given:
            docker.cells["base_image"] = given["image"]
        elif method in ("get", "load_from_directory"):
            why = Opaque(IN_WORKSPACE, arguments.site)
            if method == "load_from_directory":
                folder = self.from_current_folder(given.get("path", why))
                why = self.loaded("it is read from a folder", folder, arguments)
            docker.cells["base_image"] = why
            self.blur(made.cells[VARIABLES], why)
        elif method.startswith("from_docker"):
            docker.cells["base_image"] = Opaque("it is built from a Dockerfile", arguments.site)
        return made

    def _v1_inference_config(self, arguments: Arguments) -> Value:
        made = self.thing(V1_INFERENCE_CONFIG, arguments.site, "the SDK decides it")
        given = arguments.bind(*_INFERENCE_CONFIG_PARAMETERS)
        if "source_directory" in given:  # resolved at once: a later os.chdir does not matter
            given["source_directory"] = self.from_current_folder(given["source_directory"])
        made.cells.update(given)
        self.fill_unknown(made, _INFERENCE_CONFIG_PARAMETERS, arguments)
        self.configs.append(made)
        return made

    def from_current_folder(self, path: Value) -> Value:
        """A path as seen from where the script was started."""
        folder = self.current_folder
        if isinstance(folder, Literal) and not folder.value:
            return path
        if not isinstance(path, (Literal, FilePath)) or not folding.path_text(path):
            return path
        if isinstance(folder, Opaque):
            return Opaque(folder.reason, path.site)
        return folding.function("os.path.join", (folder, path), path.site) or path
