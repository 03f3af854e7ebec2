"""A user's repository with the hooks installed, and what came of a commit in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from deployment_text import IMAGE

if TYPE_CHECKING:
    from pathlib import Path

HookSettings: TypeAlias = str | Mapping[str, object]
"""What a user writes of a hook: its id, or a mapping with the id and more."""

SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"

_HEADER = re.compile(
    r"^(?P<name>aml-preflight(?: \(\w+\))?)\.{3,}(?:\([^)]*\))?"
    r"(?:\x1b\[\d+m)?(?P<state>Passed|Failed|Skipped)(?:\x1b\[m)?\r?$",
    re.MULTILINE,
)
_NAMES = {
    "aml-preflight": "aml-preflight",
    "aml-preflight-fix": "aml-preflight (fix)",
    "aml-preflight-project": "aml-preflight (project)",
}
_SUMMARY = re.compile(r"^\s*(?:Found|Fixed|No problems|Nothing).*?\b(\d+) files?\b", re.MULTILINE)


def deployment(
    path: str = "requirements.txt",
    *,
    folder: str = "service",
    script: str = "score.py",
    variable: str = "AZUREML_EXTRA_REQUIREMENTS_TXT",
) -> str:
    """A Python file that deploys ``folder`` and sets one variable to ``path``."""
    return (
        "from azureml.core import Environment\n"
        "from azureml.core.model import InferenceConfig\n"
        "\n"
        'env = Environment("scoring")\n'
        f'env.docker.base_image = "{IMAGE}"\n'
        "env.python.user_managed_dependencies = True\n"
        f"env.environment_variables = {{{json.dumps(variable)}: {_quoted(path)}}}\n"
        "config = InferenceConfig(\n"
        f"    entry_script={_quoted(script)},\n"
        f"    source_directory={_quoted(folder)},\n"
        "    environment=env,\n"
        ")\n"
    )


def yaml_deployment(path: str = "requirements.txt", *, folder: str = "service") -> str:
    """A deployment of CLI v2 of ``folder`` that sets one variable to ``path``."""
    return (
        "name: blue\n"
        "endpoint_name: scoring\n"
        "code_configuration:\n"
        f"  code: {_quoted(folder)}\n"
        "  scoring_script: score.py\n"
        "environment:\n"
        f"  image: {IMAGE}\n"
        "environment_variables:\n"
        f"  AZUREML_EXTRA_REQUIREMENTS_TXT: {_quoted(path)}\n"
    )


def notebook(source: str) -> str:
    """A notebook with one cell of Python."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class Runner(NamedTuple):
    """What runs the hooks.

    ``command`` is pre-commit or prek; ``hooks`` and ``revision`` say where the hooks come from.
    ``installed`` is the folder with git's hooks as the command's ``install`` left them.
    """

    command: tuple[str, ...]
    hooks: Path
    revision: str
    environ: Mapping[str, str]
    installed: Path | None = None


class Outcome:
    """What a command left behind: its exit status, and what it printed, hook by hook."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.status = done.returncode
        self.text = done.stdout.decode("utf-8", "backslashreplace")
        headers = list(_HEADER.finditer(self.text))
        self.states = {header["name"]: header["state"] for header in headers}
        self._texts = {}
        end = len(self.text)
        for header in reversed(headers):
            self._texts[header["name"]] = self.text[header.end() : end]
            end = header.start()

    def state(self, hook: str = "aml-preflight") -> str:
        """Passed, Failed, Skipped, or "" if the hook did not run."""
        return self.states.get(_NAMES[hook], "")

    def output(self, hook: str = "aml-preflight") -> str:
        """What pre-commit shows of one hook; nothing of one that passed."""
        return self._texts.get(_NAMES[hook], "")

    def codes(self, hook: str = "aml-preflight") -> set[str]:
        """The rules that one hook names."""
        return set(re.findall(r"\bAML\d{3}\b", self.output(hook)))

    def files(self, hook: str = "aml-preflight") -> list[int]:
        """How many files each process of a hook has looked at, by its summary."""
        return [int(number) for number in _SUMMARY.findall(self.output(hook))]

    def __repr__(self) -> str:
        return f"<exit {self.status}>\n{self.text}"


class Project:
    """A git repository with the hooks installed."""

    def __init__(self, root: Path, runner: Runner) -> None:
        self.root = root
        self.runner = runner

    def create(self, *hooks: HookSettings) -> Project:
        """Make the repository, choose hooks, and install them."""
        self.root.mkdir(parents=True)
        self.git("init", "--quiet")
        self.configure(*hooks)
        self.git("add", "--all")
        self.commit_unchecked()
        if self.runner.installed is None:
            self._do([*self.runner.command, "install", "--install-hooks"])
        else:  # the same in every repository, and it takes a while
            shutil.copytree(self.runner.installed, self.hooks_folder, dirs_exist_ok=True)
        return self

    @property
    def hooks_folder(self) -> Path:
        """Where git looks for its hooks."""
        return self.root / ".git/hooks"

    def configure(self, *hooks: HookSettings) -> None:
        """Write ``.pre-commit-config.yaml``."""
        chosen = [{"id": hook} if isinstance(hook, str) else dict(hook) for hook in hooks]
        repository = {
            "repo": self.runner.hooks.as_uri(),
            "rev": self.runner.revision,
            "hooks": chosen,
        }
        # JSON is YAML.
        self.write({".pre-commit-config.yaml": json.dumps({"repos": [repository]}, indent=2)})

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, their folders included, without a change of line ends."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))

    def start_with(self, files: Mapping[str, str | bytes]) -> None:
        """Write files and commit them, without any hook: what was there before the story."""
        self.write(files)
        self.git("add", "--all")
        self.commit_unchecked()

    def commit_unchecked(self) -> None:
        """Commit what is staged, without any hook."""
        self.git("commit", "--quiet", "--no-verify", "--message", "unchecked")

    def add(self, *paths: str) -> None:
        """Stage files; all if none is named."""
        self.git("add", *(["--", *paths] if paths else ["--all"]))

    def commit(self, *arguments: str) -> Outcome:
        """Commit as a user does, with the hooks."""
        command = ["git", "commit", "--quiet", "--message", "change", *arguments]
        return self._plain(Outcome(self._run(command)))

    def run(self, *arguments: str) -> Outcome:
        """Let pre-commit run its hooks without a commit."""
        return self._plain(Outcome(self._run([*self.runner.command, "run", *arguments])))

    def try_repository(self, *arguments: str) -> Outcome:
        """``try-repo`` with the repository of the hooks."""
        command = [*self.runner.command, "try-repo", str(self.runner.hooks), *arguments]
        return Outcome(self._run(command))

    def git(self, *arguments: str) -> str:
        """Run git; returns what it prints."""
        return self._do(["git", *arguments])

    def head(self) -> str:
        """The commit that the branch is at."""
        return self.git("rev-parse", "HEAD").strip()

    def content(self, name: str) -> bytes:
        """The content of a file on disk."""
        return (self.root / name).read_bytes()

    def _plain(self, outcome: Outcome) -> Outcome:
        """No story may end in a traceback, or name a folder that only this computer has."""
        for hook in _NAMES:
            assert "Traceback" not in outcome.output(hook), outcome
            assert str(self.root) not in _without_notices(outcome.output(hook)), outcome
        return outcome

    def _do(self, command: Iterable[str]) -> str:
        done = self._run(command)
        text = os.fsdecode(done.stdout)
        assert done.returncode == 0, f"{command}:\n{text}"
        return text

    def _run(self, command: Iterable[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            list(command),
            cwd=self.root,
            env=dict(self.runner.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )


def _without_notices(text: str) -> str:
    """The text without pre-commit's own lines, which name the patch that it stashed."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(("[INFO]", "[WARN")))
