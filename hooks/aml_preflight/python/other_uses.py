"""What takes environment variables, or an environment, and is no online deployment.

Jobs, components and batch deployments of SDK v2 (azure-ai-ml 1.35), runs of SDK v1 (azureml-core
1.61, azureml-train-core 1.62). They make nothing that is deployed, and what is handed to them stays
as it is.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..facts import Style
from .deploys import V1_ENVIRONMENT, VARIABLES, Deploys
from .objects import Dictionary, Opaque, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import libcst as cst

    from .arguments import Arguments
    from .objects import Value

_OTHER = "other use"
A_RUN = "a training run"
_V2 = {
    "BatchDeployment": "a batch deployment",
    "ModelBatchDeploymentSettings": "a batch deployment",
    "command": "a command job",
    "Command": "a command job",
    "CommandJob": "a command job",
    "CommandComponent": "a component",
    "Parallel": "a parallel job",
    "parallel_run_function": "a parallel job",
}
_V1_ESTIMATORS = frozenset({"Chainer", "Estimator", "PyTorch", "SKLearn", "TensorFlow"})
_SCRIPT_RUN_PARAMETERS = (
    "source_directory", "script", "arguments", "run_config", "_telemetry_values",
    "compute_target", "environment",
)  # fmt: skip


class Other(NamedTuple):
    """One use: ``what`` is it in the field's words, ``thing`` holds its variables."""

    style: Style
    what: str
    thing: Thing


class OtherUses(Deploys):
    """Notes what else takes variables."""

    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)
        self.others: list[Other] = []
        self.elsewhere: set[int] = set()
        """Identities of environments that something other than a deployment uses."""
        self._of_runs: list[Thing] = []
        self._handed: Counter[int] = Counter()
        """How often each environment was handed to a call, or one of its methods was called."""
        self._handed_to_runs: Counter[int] = Counter()

    def other_v1(self, parts: list[str], arguments: Arguments) -> Value | None:
        """What a call of ``azureml`` makes, if it is one of these."""
        last = parts[-1]
        if last == "RunConfiguration":
            return self._other(Style.SDK_V1, A_RUN, arguments, None)
        if last == "ScriptRunConfig":
            return self._script_run(arguments)
        if last in _V1_ESTIMATORS and parts[:2] == ["azureml", "train"]:
            variables = arguments.keywords.get(VARIABLES)
            return self._other(Style.SDK_V1, A_RUN, arguments, variables)
        return None

    def other_v2(self, last: str, arguments: Arguments) -> Value | None:
        """What a call of ``azure.ai.ml`` makes, if it is one of these."""
        what = _V2.get(last)
        if what is None:
            return None
        return self._other(Style.SDK_V2, what, arguments, arguments.keywords.get(VARIABLES))

    def only_of_runs(self) -> Iterable[Thing]:
        """Environments that runs of SDK v1 use and nothing else that the file shows does."""
        for environment in dict.fromkeys(self._of_runs):
            identity = id(environment)
            if (
                identity not in self.elsewhere
                and self._handed[identity] == self._handed_to_runs[identity]
            ):
                yield environment

    def of_runs(self) -> set[int]:
        """Identities of the environments that runs of SDK v1 use."""
        return {id(environment) for environment in self._of_runs}

    # ---- what happens to them ------------------------------------------------------------------

    def note_used(self, values: Iterable[Value]) -> None:
        values = list(values)
        for value in values:
            if isinstance(value, Thing) and value.kind == V1_ENVIRONMENT:
                self._handed[id(value)] += 1
        super().note_used(values)

    def call(self, callee: Value, name: str, arguments: Arguments) -> Value:
        if isinstance(callee, Thing) and callee.kind == _OTHER:  # a step of a pipeline is made
            return _decided(name, arguments)
        return super().call(callee, name, arguments)

    def call_method(self, owner: Value, name: str, arguments: Arguments) -> Value:
        if isinstance(owner, Thing) and owner.kind == _OTHER:
            return _decided(name, arguments)
        return super().call_method(owner, name, arguments)

    def attribute(self, owner: Value, name: str, node: cst.CSTNode) -> Value:
        if isinstance(owner, Thing) and owner.kind == _OTHER and name not in owner.cells:
            return Opaque("the SDK decides it", self.site(node), trusted=True)
        return super().attribute(owner, name, node)

    def set_attribute(
        self, owner: Value, name: str, value: Value, node: cst.BaseExpression
    ) -> None:
        if isinstance(owner, Thing) and owner.kind == _OTHER and isinstance(value, Thing):
            self._use(value, called=False)
        super().set_attribute(owner, name, value, node)

    # ---- how they are made ---------------------------------------------------------------------

    def _other(
        self, style: Style, what: str, arguments: Arguments, variables: Value | None
    ) -> Thing:
        made = self.thing(_OTHER, arguments.site)
        if variables is None:
            variables = Dictionary(arguments.site, self.heap.tick())
        elif isinstance(variables, Dictionary):
            variables = self.copy_of(variables, variables.site)
        made.cells[VARIABLES] = variables
        self.others.append(Other(style, what, made))
        for value in arguments.values():
            if isinstance(value, Thing):
                self._use(value, called=True)
        return made

    def _script_run(self, arguments: Arguments) -> Value:
        given = arguments.bind(*_SCRIPT_RUN_PARAMETERS)
        made = self.thing(_OTHER, arguments.site)
        run = given.get("run_config")
        if run is None:
            nothing = arguments._replace(positional=(), keywords={})
            run = self._other(Style.SDK_V1, A_RUN, nothing, None)
        made.cells["run_config"] = run
        for value in arguments.values():
            if isinstance(value, Thing):
                self._use(value, called=True)
        return made

    def _use(self, value: Thing, *, called: bool) -> None:
        if value.kind == V1_ENVIRONMENT:
            self._of_runs.append(value)
            self._handed_to_runs[id(value)] += called
        else:
            self.elsewhere.add(id(value))


def _decided(name: str, arguments: Arguments) -> Opaque:
    return Opaque(f"`{name}()` decides it when the script runs", arguments.site, trusted=True)
