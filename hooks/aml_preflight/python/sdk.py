"""What the two Azure ML SDKs do with the values they are given.

Facts: SDK v1 is azureml-core 1.61, SDK v2 is azure-ai-ml 1.35; both were read and run. v1 keeps
the very dictionary that it is given, v2's deployments copy it. Training jobs, components,
pipelines and batch deployments make nothing here: they do not start the inference server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..facts import Style
from ..variables import INSTALL_VARIABLES
from . import folding
from .interpreter import Interpreter
from .objects import ABSENT, Cells, Dictionary, Entry, FilePath, Literal, Opaque, Thing

if TYPE_CHECKING:
    import libcst as cst

    from .arguments import Arguments
    from .objects import Value
    from .source import Site

V1_ENVIRONMENT = "v1.Environment"
V1_INFERENCE_CONFIG = "v1.InferenceConfig"
V2_ENVIRONMENT = "v2.Environment"
V2_CODE = "v2.CodeConfiguration"
V2_DEPLOYMENT = "v2.OnlineDeployment"
OTHER = "other"
"""An object of an SDK that keeps what it is given and matters no further, for instance a job."""

REASSIGNED = "(source_directory reassigned)"
"""The attribute under which an InferenceConfig notes a late ``x.source_directory = ...``."""

_VARIABLES = "environment_variables"
_IN_WORKSPACE = "it is registered in the workspace"

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
_V2_DEPLOYMENTS = frozenset({"ManagedOnlineDeployment", "KubernetesOnlineDeployment"})
_V2_DEPLOYING = frozenset({"begin_create_or_update", "create_or_update", "begin_create"})
_HARMLESS_METHODS = _V2_DEPLOYING | {
    "append", "build", "debug", "error", "info", "register", "submit", "update", "warning", "write",
}  # fmt: skip
_IMAGE_SOURCES = frozenset({"base_dockerfile", "build_context"})


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
    """A variable set after the deploy: in ``cells``, whose deploy was at ``deploy``."""

    owner: int
    entry: Entry
    deploy: Site


class Replaced(NamedTuple):
    """A variable lost by a later assignment of the whole dictionary, at ``site``."""

    owner: int
    entry: Entry
    site: Site


class SdkInterpreter(Interpreter):
    """Follows a file and notes the environments and deployments that it makes."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.environments: list[Thing] = []
        self.configs: list[Thing] = []
        self.deployed: list[Deployed] = []
        self.ignored: list[tuple[Style, Site, Value]] = []
        self.late: list[Late] = []
        self.replaced: list[Replaced] = []
        self.elsewhere: set[int] = set()
        """Identities of environments that something other than a deployment uses."""
        self._marks = Cells(self.heap.tick())

    # ---- calls ---------------------------------------------------------------------------------

    def call_reference(self, dotted: str, name: str, arguments: Arguments) -> Value:
        root, parts = dotted.split(".")[0], dotted.split(".")
        self._note_deploy_argument(parts, arguments)
        if root == "azureml":
            made = self._call_v1(parts, arguments)
        elif dotted.startswith("azure.ai.ml"):
            made = self._call_v2(parts[-1], arguments)
        else:
            made = None
        if made is not None:
            return made
        if root in ("azure", "azureml"):
            self._used_elsewhere(arguments)
        return super().call_reference(dotted, name, arguments)

    def _used_elsewhere(self, arguments: Arguments) -> None:
        for value in arguments.values():
            if isinstance(value, Thing):
                self.elsewhere.add(id(value))

    def _call_v1(self, parts: list[str], arguments: Arguments) -> Value | None:
        last = parts[-1]
        if last == "Environment":
            return self._v1_environment(arguments)
        if last == "InferenceConfig":
            return self._v1_inference_config(arguments)
        if len(parts) > 1 and parts[-2] == "Environment" and last in _V1_FACTORIES:
            return self._v1_factory(last, arguments)
        if ".".join(parts[-2:]) in _V1_DEPLOYING:
            given = arguments.bind(*_V1_DEPLOYING[".".join(parts[-2:])])
            self._deploy(given.get("inference_config"), given.get("name"), arguments.site)
            return Opaque("the deployed service", arguments.site, trusted=True)
        return None

    def _note_deploy_argument(self, parts: list[str], arguments: Arguments) -> None:
        """``anything(..., inference_config=x)`` deploys x, but for profiles."""
        tail = ".".join(parts[-2:])
        if tail in _V1_DEPLOYING or tail in _V1_NOT_DEPLOYING:
            return
        if "inference_config" in arguments.keywords:
            self._deploy(arguments.keywords["inference_config"], None, arguments.site)

    def _thing(self, kind: str, site: Site, missing: str | None = None) -> Thing:
        return Thing(kind, site, self.heap.tick(), missing=missing)

    def _new_v1_environment(self, site: Site) -> Thing:
        made = self._thing(V1_ENVIRONMENT, site, "the SDK decides it")
        made.cells["docker"] = self._thing("v1.DockerSection", site, "the SDK decides it")
        made.cells["python"] = self._thing("v1.PythonSection", site, "the SDK decides it")
        made.cells[_VARIABLES] = Dictionary(site, self.heap.tick())
        self.environments.append(made)
        return made

    def _v1_environment(self, arguments: Arguments) -> Value:
        made = self._new_v1_environment(arguments.site)
        variables = arguments.keywords.get(_VARIABLES)
        if variables is not None:
            self.ignored.append((Style.SDK_V1, arguments.keyword_sites[_VARIABLES], variables))
        return made

    def _v1_factory(self, method: str, arguments: Arguments) -> Value:
        given = arguments.bind(*_V1_FACTORIES[method])
        made = self._new_v1_environment(arguments.site)
        docker = made.cells["docker"]
        if method == "from_docker_image" and "image" in given:
            docker.cells["base_image"] = given["image"]
        elif method in ("get", "load_from_directory"):
            reason = _IN_WORKSPACE if method == "get" else "it is read from a folder"
            why = Opaque(reason, arguments.site)
            docker.cells["base_image"] = why
            self.blur(made.cells[_VARIABLES], why)
        elif method.startswith("from_docker"):
            docker.cells["base_image"] = Opaque("it is built from a Dockerfile", arguments.site)
        return made

    def _v1_inference_config(self, arguments: Arguments) -> Value:
        made = self._thing(V1_INFERENCE_CONFIG, arguments.site, "the SDK decides it")
        given = arguments.bind(*_INFERENCE_CONFIG_PARAMETERS)
        if "source_directory" in given:  # resolved at once: a later os.chdir does not matter
            given["source_directory"] = self._from_current_folder(given["source_directory"])
        made.cells.update(given)
        self._fill_unknown(made, _INFERENCE_CONFIG_PARAMETERS, arguments)
        self.configs.append(made)
        return made

    def _from_current_folder(self, path: Value) -> Value:
        """A path as seen from where the script was started."""
        folder = self.current_folder
        if isinstance(folder, Literal) and not folder.value:
            return path
        if not isinstance(path, (Literal, FilePath)) or not folding.path_text(path):
            return path
        if isinstance(folder, Opaque):
            return Opaque(folder.reason, path.site)
        return folding.function("os.path.join", (folder, path), path.site) or path

    def _fill_unknown(self, made: Thing, names: tuple[str, ...], arguments: Arguments) -> None:
        """Parameters that `*` or `**` arguments may have given."""
        if arguments.open is not None:
            for name in names:
                made.cells.setdefault(name, arguments.open)

    def _call_v2(self, last: str, arguments: Arguments) -> Value | None:
        if last in _V2_DEPLOYMENTS:
            return self._v2_deployment(arguments)
        if last == "CodeConfiguration":
            made = self._thing(V2_CODE, arguments.site, "the SDK decides it")
            made.cells.update(arguments.bind("code", "scoring_script"))
            self._fill_unknown(made, ("code", "scoring_script"), arguments)
            return made
        if last == "Environment":
            return self._v2_environment(arguments)
        return None

    def _v2_environment(self, arguments: Arguments) -> Value:
        made = self._thing(V2_ENVIRONMENT, arguments.site, "the SDK decides it")
        made.cells.update(arguments.keywords)
        self._fill_unknown(made, ("image",), arguments)
        variables = arguments.keywords.get(_VARIABLES)
        if variables is not None:
            self.ignored.append((Style.SDK_V2, arguments.keyword_sites[_VARIABLES], variables))
        return made

    def _v2_deployment(self, arguments: Arguments) -> Value:
        made = self._thing(V2_DEPLOYMENT, arguments.site, "the SDK decides it")
        given = dict(arguments.keywords)
        variables = given.pop(_VARIABLES, None)
        made.cells.update(given)
        self._fill_unknown(made, ("environment", "code_configuration", _VARIABLES), arguments)
        code, script = given.get("code_path"), given.get("scoring_script")
        if code is not None or script is not None:
            both = self._thing(V2_CODE, arguments.site)
            both.cells.update({k: v for k, v in (("code", code), ("scoring_script", script)) if v})
            made.cells["code_configuration"] = both
        made.cells.setdefault(_VARIABLES, self._copied(variables, arguments.site))
        self.configs.append(made)
        return made

    def _copied(self, variables: Value | None, site: Site) -> Dictionary:
        """The dictionary that a deployment makes of what it is given: ``dict(x) if x else {}``."""
        if isinstance(variables, Dictionary):
            return self.copy_of(variables, variables.site)
        made = Dictionary(site, self.heap.tick())
        empty = isinstance(variables, Literal) and not variables.value
        if variables is not None and not empty:
            self.merge_into(made, variables, site.node)
        return made

    def call_method(self, owner: Value, name: str, arguments: Arguments) -> Value:
        if isinstance(owner, Thing) and owner.kind == V1_ENVIRONMENT:
            if name == "clone":
                made = self.copy_value(owner, arguments, deep=True)
                if isinstance(made, Thing):
                    made.site = arguments.site
                    self.environments.append(made)
                return made
            if name == "register":  # what it returns no longer follows the one that is registered
                return self.copy_value(owner, arguments, deep=True)
        if "inference_config" in arguments.keywords and name != "profile":
            self._deploy(arguments.keywords["inference_config"], None, arguments.site)
        if name in _V2_DEPLOYING:
            for value in arguments.values():
                if isinstance(value, Thing) and value.kind == V2_DEPLOYMENT:
                    self._deploy(value, value.cells.get("name"), arguments.site)
        if isinstance(owner, (Thing, Opaque)) and name in _HARMLESS_METHODS:
            return Opaque(
                f"`{name}()` decides it when the script runs", arguments.site, trusted=True
            )
        return super().call_method(owner, name, arguments)

    # ---- changes -------------------------------------------------------------------------------

    def set_attribute(
        self, owner: Value, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        if isinstance(owner, Thing):
            self._note_attribute(owner, name, value, node)
            if owner.kind == "v1.DockerSection" and name in _IMAGE_SOURCES:
                why = Opaque("it is built from a Dockerfile", self.site(node))
                self.heap.set(owner.cells, "base_image", why)
            if owner.kind == V2_DEPLOYMENT and name == _VARIABLES and isinstance(value, Opaque):
                value = self._opened(value)
            if owner.kind == V1_ENVIRONMENT and name == f"_{_VARIABLES}":
                name = _VARIABLES
            if owner.kind == V2_DEPLOYMENT and name == "code_path":
                owner, name = self._code_of(owner), "code"
        elif isinstance(value, Thing):
            self.elsewhere.add(id(value))
        super().set_attribute(owner, name, value, node)

    def _opened(self, why: Opaque) -> Dictionary:
        made = Dictionary(why.site, self.heap.tick())
        self.blur(made, why)
        return made

    def attribute(self, owner: Value, name: str, node: cst.CSTNode) -> Value:
        if isinstance(owner, Thing) and owner.kind == V1_ENVIRONMENT:
            name = _VARIABLES if name == f"_{_VARIABLES}" else name
        if isinstance(owner, Thing) and owner.kind == V2_DEPLOYMENT and name == "code_path":
            return super().attribute(self._code_of(owner), "code", node)
        return super().attribute(owner, name, node)

    def _code_of(self, deployment: Thing) -> Value:
        """A deployment's code configuration, made if there is none, as the SDK does."""
        code: Value = deployment.cells.get("code_configuration", ABSENT)
        if code is ABSENT:
            code = self._thing(V2_CODE, deployment.site)
            self.heap.set(deployment.cells, "code_configuration", code)
        return code

    def _note_attribute(
        self, owner: Thing, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        if owner.kind == V1_INFERENCE_CONFIG and name == "source_directory":
            self.heap.set(owner.cells, REASSIGNED, Literal(None, self.site(node)))
        if name != _VARIABLES or owner.kind not in (V1_ENVIRONMENT, V2_DEPLOYMENT):
            return
        old = owner.cells.get(_VARIABLES)
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

    def put(self, target: Dictionary, key: Value, value: Value, node: cst.CSTNode) -> Entry | None:
        entry = super().put(target, key, value, node)
        mark = self._marks.get(str(id(target)))
        if entry is not None and isinstance(mark, Deploy):
            self._note_late(mark, entry)
        return entry

    def _note_late(self, mark: Deploy, entry: Entry) -> None:
        if str(entry.key.value) in mark.names or not isinstance(entry.value, Literal):
            return
        if str(entry.key.value) in INSTALL_VARIABLES:
            self.late.append(Late(mark.owner, entry, mark.site))

    # ---- deploys -------------------------------------------------------------------------------

    def _deploy(self, config: Value | None, name: Value | None, site: Site) -> None:
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
        variables = owner.cells.get(_VARIABLES)
        names = frozenset(variables.cells) if isinstance(variables, Dictionary) else frozenset()
        mark = Deploy(id(owner), site, names)
        self.heap.set(self._marks, str(id(owner)), mark)
        if isinstance(variables, Dictionary):
            self.heap.set(self._marks, str(id(variables)), mark)

    def snapshot(self, config: Thing, name: Value | None) -> Deployed:
        """A deployment as it stands now."""
        environment: Value | None = config.cells.get("environment")
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
            image = Opaque(_IN_WORKSPACE, environment.site)
        variables: Value | None = holder if isinstance(holder, Opaque) else None
        if isinstance(holder, Thing):
            variables = holder.cells.get(_VARIABLES, ABSENT)
            variables = None if variables is ABSENT else variables
        if isinstance(variables, Dictionary):
            variables = self.copy_of(variables, variables.site)
        if isinstance(environment, Opaque) and image is None:
            image = environment
        return Deployed(config, dict(config.cells), environment, variables, image, name)


class Deploy(NamedTuple):
    """A deploy that has happened to an object: its place and the variables it took along."""

    owner: int
    site: Site
    names: frozenset[str]
