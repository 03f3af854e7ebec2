"""Where the SDKs meet the network. Only this line is tapped; all that lies above it is real.

Two kinds of change are made to the SDKs, in the process that runs programs and nowhere else:

* **Taps** stand in for what asks a server: a workspace, registering, uploading, submitting. They
  answer with a ``Remote``, or with real objects of the SDK where a program goes on to use them.
* **Observers** call what they replace and return its answer. They tell a ``Recorder`` that an
  ``InferenceConfig`` or an online deployment was constructed, and that it is being deployed.

The modules are imported by name, since type checkers run where the SDKs are not installed.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import json
import socket
import tarfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

REMOTE_VARIABLES = {"SET_IN_THE_WORKSPACE": "1"}
"""What every environment fetched from the workspace holds: a reader cannot know it."""

REMOTE_IMAGE = "registry.example/from-the-workspace:1"


class Recorder(Protocol):
    """What is told of the objects that a program builds."""

    def constructed(self, thing: Any, given: dict[str, Any]) -> None:
        """The real constructor of ``thing`` has returned."""

    def deploying(self, thing: Any, how: str, go_on: Callable[[], Any]) -> Any:
        """``thing`` is being deployed. The answer is that of ``go_on``, which may change it."""

    def deploy_call(self, thing: Any, go_on: Callable[[], Any]) -> Any:
        """A deploy that was handed ``thing``, and may go on with a copy of it."""

    def uploaded(self, name: str, members: list[str]) -> None:
        """A file, or a tar file with members, reached the network."""


class Remote:
    """Something on a server: it has every attribute and every method, and they do nothing."""

    def __init__(self, value: Any = None) -> None:
        self.__dict__["_value"] = value

    def result(self, *_: Any, **__: Any) -> Any:
        """What a poller gives in the end."""
        return self._value if self._value is not None else Remote()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Remote()

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Remote()

    def __getitem__(self, _: Any) -> Any:
        return Remote()

    def __iter__(self) -> Any:
        return iter(())

    def __contains__(self, _: object) -> bool:
        return True

    def __str__(self) -> str:
        return "remote"


class Service(Remote):
    """A v1 web service. Each of its methods that takes an ``InferenceConfig`` deploys it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._method

    def _method(self, *args: Any, **kwargs: Any) -> Any:
        config = importlib.import_module("azureml.core.model").InferenceConfig
        for thing in (*args, *kwargs.values()):
            if isinstance(thing, config):
                thing._build_environment_image_request(Remote(), [])
        return Remote()


def close_the_network() -> None:
    """Let whatever was not tapped fail at once, and say why."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("the oracle lets nothing reach the network")

    for owner, name in (
        (socket.socket, "connect"),
        (socket.socket, "connect_ex"),
        (socket, "create_connection"),
        (socket, "getaddrinfo"),
    ):
        setattr(owner, name, refuse)


def install(recorder: Recorder) -> None:
    """Set every tap and every observer."""
    close_the_network()
    _tap_workspace()
    _tap_environments()
    _tap_models(recorder)
    _tap_webservices(recorder)
    _tap_training()
    _observe_inference_configs(recorder)
    _tap_operations()
    _observe_online_deployments(recorder)


def _remote(*_: Any, **__: Any) -> Remote:
    return Remote()


# ---------------------------------------------------------------------------------------- SDK v1


def _tap_workspace() -> None:
    workspace = importlib.import_module("azureml.core.workspace").Workspace
    environment = importlib.import_module("azureml.core.environment").Environment

    def construct(self: Any, *_: Any, **__: Any) -> None:
        self.__dict__["_workspace_name"] = "workspace"

    class Environments(Remote):
        def __getitem__(self, name: str) -> Any:
            return environment.get(Remote(), name)

    def connect(*_: Any, **__: Any) -> Any:
        return workspace("subscription", "group", "workspace")

    for name in ("from_config", "get", "create", "setup"):
        setattr(workspace, name, staticmethod(connect))
    for name, member in list(vars(workspace).items()):
        if isinstance(member, property):
            setattr(workspace, name, property(_remote))
        elif inspect.isfunction(member) and not name.startswith("_"):
            setattr(workspace, name, _remote)
    workspace.environments = property(lambda _: Environments())
    workspace.__init__ = construct
    workspace.__repr__ = lambda _: "Workspace"


def _tap_environments() -> None:
    core = importlib.import_module("azureml.core.environment")
    client = importlib.import_module("azureml._restclient.environment_client").EnvironmentClient

    def definition(_: Any, name: str, version: Any = None, label: Any = None) -> Any:
        env = core.Environment(name)
        env._environment_variables = dict(REMOTE_VARIABLES)
        env.docker.base_image = REMOTE_IMAGE
        answer = core.Environment._serialize_to_dict(env)
        answer["version"] = str(version or label or 1)
        return answer

    def registered(_: Any, sent: dict[str, Any]) -> Any:
        return {**sent, "version": sent.get("version") or "1"}

    client.__init__ = lambda *_, **__: None
    client._get_environment_definition = definition
    client._get_environment_definition_by_label = definition
    client._register_environment_definition = registered
    core.Environment.build = _remote
    core.Environment.build_local = _remote


def _tap_models(recorder: Recorder) -> None:
    model = importlib.import_module("azureml.core.model").Model
    artifacts = importlib.import_module("azureml._restclient.artifacts_client").ArtifactsClient

    def construct(self: Any, workspace: Any, name: Any = None, *_: Any, **__: Any) -> None:
        self.workspace, self.name, self.version, self.id = workspace, name, 1, f"{name}:1"

    def register(workspace: Any, *args: Any, **kwargs: Any) -> Any:
        return model(workspace, kwargs.get("model_name") or args[1])

    def upload(_: Any, path: str, origin: str, container: str, name: str, *__: Any) -> Any:
        members = []
        if tarfile.is_tarfile(path):
            with tarfile.open(path) as tar:
                members = sorted(m.name for m in tar.getmembers() if m.isfile())
        recorder.uploaded(name, members)
        artifact = SimpleNamespace(path=name, artifact_id=f"{origin}/{container}/{name}")
        return SimpleNamespace(artifacts={name: artifact})

    model.__init__ = construct
    model.register = staticmethod(register)
    model.download = _remote
    model.list = staticmethod(lambda *_, **__: [])
    artifacts.__init__ = lambda *_, **__: None
    artifacts.upload_artifact_from_path = upload


def _tap_webservices(recorder: Recorder) -> None:
    model = importlib.import_module("azureml.core.model")
    services = importlib.import_module("azureml.core.webservice")
    local = importlib.import_module("azureml.core.webservice.local").LocalWebservice

    def deploy_local(*_: Any, inference_config: Any = None, **__: Any) -> Any:
        if inference_config is not None:
            inference_config._build_environment_image_request(Remote(), [])
        return Service()

    def package(*args: Any, **kwargs: Any) -> Any:
        return Service()._method(*args, **kwargs)

    def post(_workspace: Any, _name: Any, request: Any, *_: Any, **__: Any) -> Any:
        json.dumps(request, default=_remote_only)
        return Service()

    services.Webservice._deploy_webservice = staticmethod(post)
    services.Webservice.__new__ = staticmethod(lambda *_, **__: Service())
    local._deploy = staticmethod(deploy_local)
    model.Model.package = staticmethod(package)
    model.Model.profile = staticmethod(_remote)
    _observe_deploy_calls(model.Model, recorder)


def _remote_only(value: Any) -> str:
    """The request is sent as JSON, and so must be such; what is fetched would be text."""
    if isinstance(value, Remote):
        return str(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _observe_deploy_calls(model: Any, recorder: Recorder) -> None:
    real = model.deploy
    signature = inspect.signature(real)

    @functools.wraps(real)
    def deploy(*args: Any, **kwargs: Any) -> Any:
        config = None
        with contextlib.suppress(TypeError):
            config = signature.bind(*args, **kwargs).arguments.get("inference_config")
        return recorder.deploy_call(config, lambda: real(*args, **kwargs))

    model.deploy = staticmethod(deploy)


def _tap_training() -> None:
    compute = importlib.import_module("azureml.core.compute").ComputeTarget
    core = importlib.import_module("azureml.core")
    for owner in (compute, core.Experiment, core.Run):
        owner.__new__ = staticmethod(_remote)


def _observe_inference_configs(recorder: Recorder) -> None:
    config = importlib.import_module("azureml.core.model").InferenceConfig
    _observe_constructor(config, recorder)
    build = config._build_environment_image_request

    @functools.wraps(build)
    def observed(self: Any, *args: Any, **kwargs: Any) -> Any:
        return recorder.deploying(self, "deployed", lambda: build(self, *args, **kwargs))

    config._build_environment_image_request = observed


def _observe_constructor(owner: Any, recorder: Recorder) -> None:
    real = owner.__init__
    signature = inspect.signature(real)

    @functools.wraps(real)
    def construct(self: Any, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        given = dict(signature.bind(self, *args, **kwargs).arguments)
        del given["self"]
        recorder.constructed(self, {**given, **given.pop("kwargs", {})})

    owner.__init__ = construct


# ---------------------------------------------------------------------------------------- SDK v2


def _tap_operations() -> None:
    """All that an ``MLClient`` offers, but for deploying online."""
    operations = importlib.import_module("azure.ai.ml.operations")
    for class_name in operations.__all__:
        owner = getattr(operations, class_name)
        for name, member in list(vars(owner).items()):
            if name.startswith("_") or not inspect.isfunction(member):
                continue
            if (class_name, name) != ("OnlineDeploymentOperations", "begin_create_or_update"):
                setattr(owner, name, _operation(name))
    entities = importlib.import_module("azure.ai.ml.entities")
    operations.EnvironmentOperations.get = lambda _, name, **__: entities.Environment(
        name=name, version="1", image=REMOTE_IMAGE
    )


def _operation(name: str) -> Callable[..., Any]:
    """Pollers for what begins, else what was sent, as a server answers to create or update."""

    def call(_: Any, *args: Any, **__: Any) -> Any:
        if name.startswith("begin_"):
            return Remote(args[0] if args else None)
        return args[0] if args and name == "create_or_update" else Remote()

    return call


class _NetworkReachedError(Exception):
    """All that the SDK checks before it sends was checked."""


def _observe_online_deployments(recorder: Recorder) -> None:
    entities = importlib.import_module("azure.ai.ml.entities")
    for owner in (entities.ManagedOnlineDeployment, entities.KubernetesOnlineDeployment):
        _observe_constructor(owner, recorder)
    path = "azure.ai.ml.operations._online_deployment_operations"
    module: Any = importlib.import_module(path)
    helper = importlib.import_module("azure.ai.ml.operations._local_deployment_helper")
    operations = module.OnlineDeploymentOperations
    real = operations.begin_create_or_update

    def stop(*_: Any, **__: Any) -> Any:
        raise _NetworkReachedError

    @functools.wraps(real)
    def begin(self: Any, deployment: Any, *args: Any, **kwargs: Any) -> Any:
        self._online_endpoint_operations = Remote()

        def go_on() -> Any:
            with contextlib.suppress(_NetworkReachedError):
                real(self, deployment, *args, **kwargs)
            return Remote(deployment)

        how = "local" if kwargs.get("local") else "deployed"
        return recorder.deploying(deployment, how, go_on)

    module.upload_dependencies = stop
    helper._LocalDeploymentHelper.create_or_update = stop
    operations.begin_create_or_update = begin
