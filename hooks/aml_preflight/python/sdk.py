"""Following a file that uses the SDKs: which call, method and attribute is whose.

Both SDKs were read and run: azureml-core 1.61 and azure-ai-ml 1.35.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .deploys import V1_ENVIRONMENT, V1_INFERENCE_CONFIG, V2_DEPLOYMENT, VARIABLES
from .objects import Opaque, Reference, Thing
from .sdk_v2 import V2_DEPLOYING, SdkV2

if TYPE_CHECKING:
    import libcst as cst

    from .arguments import Arguments
    from .objects import Value

_HARMLESS_METHODS = V2_DEPLOYING | {
    "append", "build", "debug", "error", "info", "register", "submit", "update", "warning", "write",
}  # fmt: skip
_LIKELY_SDK_METHODS = V2_DEPLOYING | {"debug", "error", "info", "warning"}
"""Harmless on any object: names of clients and loggers, which are often handed in."""

_ROOTS = frozenset({"azure", "azureml"})
_IMAGE_SOURCES = frozenset({"base_dockerfile", "build_context"})


_CONFIGS = {
    "InferenceConfig": (V1_INFERENCE_CONFIG, {"entry_script", "source_directory"}),
    "KubernetesOnlineDeployment": (V2_DEPLOYMENT, {"code_configuration", "endpoint_name"}),
    "ManagedOnlineDeployment": (V2_DEPLOYMENT, {"code_configuration", "endpoint_name"}),
}
"""The classes of configurations, with parameters that tell them from others of the name."""


class SdkInterpreter(SdkV2):
    """Follows a file and notes the environments and deployments that it makes."""

    def call_reference(self, dotted: str, name: str, arguments: Arguments) -> Value:
        parts = dotted.split(".")
        root = parts[0]
        self.note_deploy_argument(parts, arguments)
        if root == "azureml":
            made = self.call_v1(parts, arguments)
        elif dotted.startswith("azure.ai.ml"):
            made = self.call_v2(parts[-1], arguments)
        else:
            made = None
        if made is not None:
            return made
        if root in _ROOTS:
            self._used_elsewhere(arguments)
        return super().call_reference(dotted, name, arguments)

    def _used_elsewhere(self, arguments: Arguments) -> None:
        for value in arguments.values():
            if isinstance(value, Thing):
                self.elsewhere.add(id(value))

    def call(self, callee: Value, name: str, arguments: Arguments) -> Value:
        self.note_used(arguments.values())
        return self._perhaps_config(callee, name, arguments) or super().call(
            callee, name, arguments
        )

    def _perhaps_config(self, callee: Value, name: str, arguments: Arguments) -> Thing | None:
        """A configuration of which nothing is known but that it is made here: of what the name of
        its class stands for, that of the SDK is the likeliest."""
        kind, parameters = _CONFIGS.get(name.rpartition(".")[2], ("", set()))
        if not kind or (parameters.isdisjoint(arguments.keywords) and arguments.open is None):
            return None
        if isinstance(callee, Opaque):
            why = Opaque(callee.reason, arguments.site)
        elif isinstance(callee, Reference) and callee.dotted.partition(".")[0] not in _ROOTS:
            why = Opaque(f"`{callee.dotted}` is set in another file", arguments.site)
        else:
            return None
        self.escape(arguments, name)
        made = self.thing(kind, arguments.site, why.reason)
        made.cells.update(environment=why, entry_script=why, source_directory=why)
        if kind == V2_DEPLOYMENT:
            made.cells.update(code_configuration=why, name=why)
            made.cells[VARIABLES] = self.opened(why)
        self.configs.append(made)
        return made

    def call_method(self, owner: Value, name: str, arguments: Arguments) -> Value:
        self.note_used([owner, *arguments.values()])
        if isinstance(owner, Thing) and owner.kind == V1_ENVIRONMENT:
            if name == "clone":
                made = self.copy_value(owner, arguments, deep=True)
                if isinstance(made, Thing):
                    made.site = arguments.site
                    self.environments.append(made)
                return made
            if name == "register":  # what it returns no longer follows the one that is registered
                return self.copy_value(owner, arguments, deep=True)
        trusted = isinstance(owner, Opaque) and owner.trusted
        config = self._perhaps_config(owner, name, arguments)
        if config is not None:
            return config
        if "inference_config" in arguments.keywords and name != "profile" and trusted:
            self.deploy(arguments.keywords["inference_config"], None, arguments.site)
        if name in V2_DEPLOYING:
            for value in arguments.values():
                if isinstance(value, Thing) and value.kind == V2_DEPLOYMENT:
                    self.deploy(value, value.cells.get("name"), arguments.site)
        if (trusted and name in _HARMLESS_METHODS) or name in _LIKELY_SDK_METHODS:
            return Opaque(
                f"`{name}()` decides it when the script runs", arguments.site, trusted=True
            )
        return super().call_method(owner, name, arguments)

    def attribute(self, owner: Value, name: str, node: cst.CSTNode) -> Value:
        if isinstance(owner, Thing) and owner.kind == V1_ENVIRONMENT:
            name = VARIABLES if name == f"_{VARIABLES}" else name
        if isinstance(owner, Thing) and owner.kind == V2_DEPLOYMENT and name == "code_path":
            return super().attribute(self.code_of(owner), "code", node)
        return super().attribute(owner, name, node)

    def set_attribute(
        self, owner: Value, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        if isinstance(owner, Thing):
            self.note_attribute(owner, name, value, node)
            if owner.kind == "v1.DockerSection" and name in _IMAGE_SOURCES:
                why = Opaque("it is built from a Dockerfile", self.site(node))
                self.heap.set(owner.cells, "base_image", why)
            if owner.kind == V2_DEPLOYMENT and name == VARIABLES and isinstance(value, Opaque):
                value = self.opened(value)
            if owner.kind == V1_ENVIRONMENT and name == f"_{VARIABLES}":
                name = VARIABLES
            if owner.kind == V2_DEPLOYMENT and name == "code_path":
                owner, name = self.code_of(owner), "code"
        elif isinstance(value, Thing):
            self.elsewhere.add(id(value))
        super().set_attribute(owner, name, value, node)
