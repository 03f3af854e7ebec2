"""Following a file that uses the SDKs: which call, method and attribute is whose.

Both SDKs were read and run: azureml-core 1.61 and azure-ai-ml 1.35.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .deploys import V1_ENVIRONMENT, V2_DEPLOYMENT, VARIABLES
from .objects import Opaque, Thing
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

_IMAGE_SOURCES = frozenset({"base_dockerfile", "build_context"})


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
        if root in ("azure", "azureml"):
            self._used_elsewhere(arguments)
        return super().call_reference(dotted, name, arguments)

    def _used_elsewhere(self, arguments: Arguments) -> None:
        for value in arguments.values():
            if isinstance(value, Thing):
                self.elsewhere.add(id(value))

    def call(self, callee: Value, name: str, arguments: Arguments) -> Value:
        self.note_used(arguments.values())
        return super().call(callee, name, arguments)

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
