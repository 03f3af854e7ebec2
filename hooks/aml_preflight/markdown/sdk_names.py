"""Names of the SDKs in code that shows no imports: what they stand for, where that is certain.

Pages leave imports out, or show them once. ``InferenceConfig`` means that of SDK v1 wherever
nothing else has this name; ``Environment`` and ``Model`` are in both SDKs, and mean those of the
one that the same code shows otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_V1, _V2 = "azureml", "azure.ai.ml"
_MODULES = {
    _V1: {
        "azureml.core": ("Environment", "Model", "Workspace"),
        "azureml.core.conda_dependencies": ("CondaDependencies",),
        "azureml.core.model": ("InferenceConfig",),
        "azureml.core.webservice": (
            "AciWebservice", "AksWebservice", "LocalWebservice", "Webservice",
        ),
    },
    _V2: {
        "azure.ai.ml": ("MLClient",),
        "azure.ai.ml.entities": (
            "CodeConfiguration", "Environment", "KubernetesOnlineDeployment",
            "ManagedOnlineDeployment", "ManagedOnlineEndpoint", "Model",
        ),
    },
}  # fmt: skip
_MODULE_OF = {
    sdk: {name: module for module, names in modules.items() for name in names}
    for sdk, modules in _MODULES.items()
}
_IN_BOTH = _MODULE_OF[_V1].keys() & _MODULE_OF[_V2].keys()


def assumed(free: Iterable[str], imports: Iterable[str]) -> Iterator[str]:
    """The imports of an SDK that a program goes without: ``free`` are names that it uses and that
    nothing on the page sets, ``imports`` the import statements that it has."""
    names = sorted(free)
    shown = {sdk for sdk in _MODULE_OF if any(is_of_sdk(each, sdk) for each in imports)}
    for sdk, modules in _MODULE_OF.items():
        if any(name in modules and name not in _IN_BOTH for name in names):
            shown.add(sdk)
    for sdk in sorted(shown):
        for name in names:
            module = _MODULE_OF[sdk].get(name)
            if module is not None and (name not in _IN_BOTH or len(shown) == 1):
                yield f"from {module} import {name}"


def is_of_sdk(statement: str | None, *sdks: str) -> bool:
    """Whether a statement imports from one of the SDKs, from any without their names."""
    return statement is not None and statement.split()[1].startswith(sdks or (_V1, _V2))
