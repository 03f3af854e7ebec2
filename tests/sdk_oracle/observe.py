"""Runs deployment programs with the real SDKs and tells what they built.

This is the part that runs inside the environment of the SDKs, as ``python -m sdk_oracle.observe``
with ``tests`` on ``PYTHONPATH``. The SDKs are imported once; each line of standard input, such as
``{"project": "/some/folder", "deploy": "ops/deploy.py"}``, is answered with one line on standard
output, and each program runs in a process of its own, forked from here.

An answer is ``{"deployments": [...], "error": null}``. ``error`` has ``type``, ``message`` and
``line`` of the exception that ended the program; what was built before it is still there.
Deployments come in the order of their construction. Those of both styles have::

    style, line, column         of the constructing call, both from 1
    inside_sdk                  constructed by the SDK, as by load_online_deployment
    how                         "deployed", "local" (v2), "failed" (the SDK refused) or "never"
    variables                   as the object holds them when it is deployed, or in the end;
                                what is no text, number, boolean or None is {"type", "text"}
    variables_sent              as they stand in the request
    image, image_is_default     the base image, and whether it is the SDK's own default
    entry_script, source_directory, source_directory_given
                                v1 names; v2's scoring_script and code. The second as the object
                                holds it, the third as the constructor was given it
    container_entry_script      as derived by the SDK: for v1 below /var/azureml-app, for v2 that
                                of a local endpoint, where the author's variables win
    derived                     all that the SDK derives, by name
    trouble                     why deriving failed, else null
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import json
import os
import posixpath
import select
import shutil
import signal
import sys
import tempfile
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import boundary

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60
"""The longest that one program may run."""

OWN_FOLDER = str(Path(__file__).resolve().parent)
APP_ROOT = "/var/azureml-app"
WRITTEN = ("AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY")


def main() -> None:
    """Answer lines until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _import_sdks()
    answers.write(json.dumps({"ready": True}) + "\n")
    answers.flush()
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(_in_a_fork(request["project"], request["deploy"])) + "\n")
        answers.flush()


def _import_sdks() -> None:
    os.environ["AZUREML_LOG_DEPRECATION_WARNING_ENABLED"] = "False"
    os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "no"
    warnings.simplefilter("ignore")
    for name in (
        "azureml.core",
        "azureml.core.compute",
        "azureml.core.model",
        "azureml.core.webservice",
        "azureml.core.conda_dependencies",
        "azure.identity",
        "azure.ai.ml",
        "azure.ai.ml.entities",
        "azure.ai.ml.operations",
    ):
        importlib.import_module(name)


def _in_a_fork(project: str, deploy: str) -> dict[str, Any]:
    scratch = tempfile.mkdtemp(prefix="sdk-oracle-")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(project, deploy, scratch, writing)
    os.close(writing)
    try:
        text = _read_all(reading, child)
    finally:
        os.close(reading)
        os.waitpid(child, 0)
        shutil.rmtree(scratch, ignore_errors=True)
    if not text:
        return _failure("Died", f"the program ended its process, or ran longer than {SECONDS} s")
    answer: dict[str, Any] = json.loads(text)
    return answer


def _read_all(reading: int, child: int) -> str:
    data = b""
    while select.select([reading], [], [], SECONDS)[0]:
        block = os.read(reading, 65536)
        if not block:
            return data.decode()
        data += block
    os.kill(child, signal.SIGKILL)
    return ""


def _child(project: str, deploy: str, scratch: str, writing: int) -> None:
    """Run one program, write what was seen, and end this process without any clean-up."""
    status = 1
    try:
        _go_quiet(scratch)
        answer = run_program(os.path.realpath(project), deploy)
        with os.fdopen(writing, "w", encoding="utf-8") as out:
            json.dump(answer, out)
        status = 0
    finally:
        os._exit(status)


def _go_quiet(scratch: str) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    tempfile.tempdir = scratch
    os.environ["TMPDIR"] = os.environ["HOME"] = scratch


def _failure(kind: str, message: str, line: int | None = None) -> dict[str, Any]:
    return {"deployments": [], "error": {"type": kind, "message": message, "line": line}}


def run_program(project: str, deploy: str) -> dict[str, Any]:
    """Run ``deploy`` as ``python deploy`` in ``project`` would, and tell what it built."""
    recorder = Recorder(project)
    boundary.install(recorder)
    path = os.path.join(project, *deploy.split("/"))
    os.chdir(project)
    sys.argv = [deploy]
    sys.path[:] = [os.path.dirname(path), *(p for p in sys.path if p not in _own_paths())]
    module = types.ModuleType("__main__")
    module.__dict__["__file__"] = path
    sys.modules["__main__"] = module
    error = None
    try:
        exec(compile(Path(path).read_bytes(), path, "exec"), module.__dict__)
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            error = _error(leaving, project)
    except Exception as raised:
        error = _error(raised, project)
    return {"deployments": recorder.finish(), "error": error}


def _own_paths() -> set[str]:
    return {"", os.path.dirname(OWN_FOLDER), OWN_FOLDER}


def _error(raised: BaseException, project: str) -> dict[str, Any]:
    line = None
    step = raised.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename.startswith(project + os.sep):
            line = step.tb_lineno
        step = step.tb_next
    message = str(raised).replace(project, "<project>")
    return {"type": type(raised).__name__, "message": message[:600], "line": line}


class Built:
    """One object that a program constructed, and what was recorded of it."""

    def __init__(self, thing: Any, given: dict[str, Any], place: dict[str, Any]) -> None:
        self.thing = thing
        self.given = given
        self.place = place
        self.records: list[dict[str, Any]] = []


class Recorder:
    """Remembers what was built, and takes a picture of it whenever it is deployed."""

    def __init__(self, project: str) -> None:
        self._project = project
        self._built: list[Built] = []
        self._handed_over: Any = None
        self._written: set[tuple[str, str]] = set()
        self._uploads: list[dict[str, Any]] = []
        self._finishing = False

    def constructed(self, thing: Any, given: dict[str, Any]) -> None:
        """See ``boundary.Recorder``."""
        if not self._finishing:
            self._built.append(Built(thing, given, self._place(thing)))

    def uploaded(self, name: str, members: list[str]) -> None:
        """See ``boundary.Recorder``."""
        self._uploads.append({"name": name, "members": members})

    def deploy_call(self, thing: Any, go_on: Callable[[], Any]) -> Any:
        """See ``boundary.Recorder``."""
        self._handed_over = thing
        try:
            return go_on()
        finally:
            self._handed_over = None

    def deploying(self, thing: Any, how: str, go_on: Callable[[], Any]) -> Any:
        """See ``boundary.Recorder``."""
        if self._finishing:
            return go_on()
        built = self._owner(thing)
        record = self._picture(built, thing, how)
        built.records.append(record)
        self._uploads = []
        try:
            answer = go_on()
        except Exception:
            record["how"] = "failed"
            raise
        self._derive(record, thing, answer)
        return answer

    def finish(self) -> list[dict[str, Any]]:
        """All records, with those of what was never deployed, as it is now."""
        self._finishing = True
        waiting = [b for b in self._built if not b.records and not self._is_a_step(b)]
        for built in waiting:
            built.records.append(self._picture(built, built.thing, "never"))
        for built in waiting:
            with contextlib.suppress(Exception):
                built.thing = copy.deepcopy(built.thing)
            self._derive_unsent(built)
        return [record for built in self._built for record in built.records]

    def _is_a_step(self, built: Built) -> bool:
        """A configuration that v1 makes from another one in the middle of a deploy."""
        return bool(built.place["inside_sdk"]) and _is_v1(built.thing)

    def _owner(self, thing: Any) -> Built:
        """The record of what is deployed; a copy of it that was made elsewhere gets its own."""
        for candidate in (self._handed_over, thing):
            for built in self._built:
                if built.thing is candidate:
                    return built
        built = Built(thing, {}, self._place(thing))
        self._built.append(built)
        return built

    def _place(self, thing: Any) -> dict[str, Any]:
        """The call in the program that leads here, and whether the SDK stands between."""
        frame: types.FrameType | None = sys._getframe(1)
        inside = False
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(self._project + os.sep):
                return {**_position(frame), "inside_sdk": inside}
            own = name.startswith(OWN_FOLDER) or frame.f_locals.get("self") is thing
            inside = inside or not own
            frame = frame.f_back
        return {"line": None, "column": None, "inside_sdk": True}

    def _picture(self, built: Built, thing: Any, how: str) -> dict[str, Any]:
        common = {**built.place, "how": how, "derived": {}, "trouble": None}
        if not _is_v1(thing):
            return {"style": "sdk-v2", **common, **_picture_v2(built, thing)}
        picture = {"style": "sdk-v1", **common, **_picture_v1(built, thing)}
        variables = picture["variables"]
        if isinstance(variables, dict):
            left = [n for n in WRITTEN if (n, variables.get(n)) in self._written]
            picture["left_by_an_earlier_deploy"] = {n: variables.pop(n) for n in left}
        return picture

    def _derive_unsent(self, built: Built) -> None:
        record, thing = built.records[-1], built.thing
        self._uploads = []
        try:
            answer = None
            if _is_v1(thing):
                answer = thing._build_environment_image_request(boundary.Remote(), [])
            self._derive(record, thing, answer)
        except Exception as raised:
            record["trouble"] = f"{type(raised).__name__}: {raised}"[:300]

    def _derive(self, record: dict[str, Any], thing: Any, answer: Any) -> None:
        try:
            if _is_v1(thing):
                self._derive_v1(record, answer)
            else:
                _derive_v2(record, thing)
        except Exception as raised:
            record["trouble"] = f"{type(raised).__name__}: {raised}"[:300]

    def _derive_v1(self, record: dict[str, Any], request: dict[str, Any]) -> None:
        record["derived"]["uploaded"] = self._uploads
        environment = request.get("environment")
        if not environment:
            return
        sent = environment["environmentVariables"]
        record["variables_sent"] = _plain(sent)
        for name in WRITTEN:
            if name in sent:
                record["derived"][name] = sent[name]
                self._written.add((name, sent[name]))
        entry = posixpath.join(APP_ROOT, sent["AZUREML_ENTRY_SCRIPT"])
        record["container_entry_script"] = posixpath.normpath(entry)


def _position(frame: types.FrameType) -> dict[str, Any]:
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    line, column = positions[0] or frame.f_lineno, positions[2] or 0
    with open(frame.f_code.co_filename, "rb") as file:
        text = file.read().splitlines()[line - 1]
    return {"line": line, "column": len(text[:column].decode("utf-8", "replace")) + 1}


def _is_v1(thing: Any) -> bool:
    return isinstance(thing, importlib.import_module("azureml.core.model").InferenceConfig)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: scalars as they are, dictionaries by text, all else named."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return {"type": type(value).__name__, "text": str(value)}


def _picture_v1(built: Built, config: Any) -> dict[str, Any]:
    core = importlib.import_module("azureml.core.environment")
    env = config.environment
    image = env.docker.base_image if env else config.base_image
    return {
        "name": None,
        "variables": _plain(env.environment_variables) if env else {},
        "image": _plain(image),
        "image_is_default": image == core.DEFAULT_CPU_IMAGE,
        "entry_script": _plain(config.entry_script),
        "source_directory": _plain(config.source_directory),
        "source_directory_given": _plain(built.given.get("source_directory")),
    }


def _picture_v2(built: Built, deployment: Any) -> dict[str, Any]:
    env = deployment.environment
    given = built.given.get("code_path") or getattr(
        built.given.get("code_configuration"), "code", None
    )
    return {
        "name": deployment.name,
        "variables": _plain(deployment.environment_variables),
        "image": _plain(getattr(env, "image", None)),
        "image_is_default": False,
        "environment": env if isinstance(env, str) else None,
        "entry_script": _plain(deployment.scoring_script),
        "source_directory": _plain(deployment.code_path),
        "source_directory_given": _plain(given),
    }


def _derive_v2(record: dict[str, Any], deployment: Any) -> None:
    """What a local endpoint of this deployment would get, and what the request would hold."""
    record["variables_sent"] = _plain(_sent_v2(deployment))
    if deployment.code_configuration is None:
        return
    validator = importlib.import_module("azure.ai.ml._local_endpoints.validators.code_validator")
    code = validator.get_code_configuration_artifacts("endpoint", deployment, None, "download")
    record["derived"]["code"] = str(code)
    context = importlib.import_module("azure.ai.ml._local_endpoints").AzureMlImageContext(
        endpoint_name="endpoint",
        deployment_name=str(deployment.name),
        yaml_code_directory_path=str(code),
        yaml_code_scoring_script_file_name=deployment.code_configuration.scoring_script,
        model_directory_path="model",
    )
    variables = {**context.environment, **deployment.environment_variables}
    record["derived"]["volumes"] = [name.split(":", 1)[1] for name in context.volumes]
    record["derived"].update(
        (name, variables[name]) for name in ("AML_APP_ROOT", "AZUREML_ENTRY_SCRIPT")
    )
    entry = posixpath.join(variables["AML_APP_ROOT"], variables["AZUREML_ENTRY_SCRIPT"])
    record["container_entry_script"] = posixpath.normpath(entry)


def _sent_v2(deployment: Any) -> Any:
    """The variables in the request's body. Assets are registered before and have their ids."""
    encoder = importlib.import_module("azure.ai.ml._restclient.arm_ml_service._utils.model_base")
    bare = copy.copy(deployment)
    bare.code_configuration = bare.environment = bare.model = None
    body = bare._to_rest_object(location="region")
    text = json.dumps(body, cls=encoder.SdkJSONEncoder, exclude_readonly=True)
    return json.loads(text)["properties"].get("environmentVariables")


if __name__ == "__main__":
    main()
