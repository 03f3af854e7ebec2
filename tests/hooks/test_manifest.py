"""What ``.pre-commit-hooks.yaml`` says, read as pre-commit reads it."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from aml_preflight import cli, discovery, forms
from identify.identify import tags_from_path
from pre_commit.clientlib import (  # type: ignore[import-untyped]
    MANIFEST_HOOK_DICT,
    load_manifest,
)

from .conftest import REPOSITORY
from .project import deployment

MANIFEST = REPOSITORY / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in load_manifest(str(MANIFEST))}

TAKE_NAMES = ("aml-preflight", "aml-preflight-fix")
EVERYWHERE = {
    "args",
    "description",
    "entry",
    "id",
    "language",
    "minimum_pre_commit_version",
    "name",
    "require_serial",
}
KEYS = {
    "aml-preflight": EVERYWHERE | {"files", "types"},
    "aml-preflight-fix": EVERYWHERE | {"files", "types"},
    "aml-preflight-project": EVERYWHERE | {"always_run", "pass_filenames"},
}

TEXT = b"scipy==1.2.3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TAKEN: dict[str, bytes] = {
    "deploy.py": deployment().encode(),
    "ops/azure/deploy_model.py": deployment().encode(),
    "Deploy.PY": deployment().encode(),
    "__init__.py": b"",
    "tool.py": b"#!/usr/bin/env python\n",
    "latin-1.py": "# -*- coding: latin-1 -*-\ngröße = 1\n".encode("latin-1"),
    "requirements.txt": TEXT,
    "REQUIREMENTS.TXT": TEXT,
    "service/requirements-prod.txt": TEXT,
    "utf-16/requirements.txt": TEXT.decode().encode("utf-16"),
    "nul/requirements.txt": b"scipy\0\n",
    "requirements/base.in": TEXT,
    "packages.pip": TEXT,
    "packages.reqs": TEXT,
    "packages.list": TEXT,
    "my folder/my requirements.txt": TEXT,
    " leading.txt": TEXT,
    "Übung/größe.py": b"",
    "-r.txt": TEXT,
    "--fix.py": b"",
    "two\nlines/deploy.py": b"",
    "two\nlines.txt": TEXT,
    ".hidden/deploy.py": b"",
    "deploy.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "Deploy.IPYNB": b"{}",
    "README.md": b"# requirements.txt\n",
    "docs/page.markdown": b"# Words\n",
    "blue-deployment.yml": b"name: blue\n",
    "env/conda.yaml": b"dependencies: []\n",
    "Blue.YAML": b"name: blue\n",
    "utf-16/blue.yml": "name: blue\n".encode("utf-16"),
    "inferenceconfig.json": b"{}",
    "azureml_environment.json": b"{}\n",
    ".config.json": b"{}",
    "Dockerfile": b"FROM scratch\n",
    "docker/Dockerfile.gpu": b"FROM scratch\n",
    "Dockerfile-cpu": b"FROM scratch\n",
    "dockerfile": b"FROM scratch\n",
    "Containerfile": b"FROM scratch\n",
    "gpu.dockerfile": b"FROM scratch\n",
    "gpu.Dockerfile": b"FROM scratch\n",
    "deploy.sh": b"#!/bin/sh\n",
    "deploy.bash": b"az ml\n",
    "deploy.zsh": b"az ml\n",
    "deploy.ps1": "az ml\r\n".encode("utf-16"),
    ".env": b"A=b\n",
    "service/.env": b"A=b\n",
    "prod.env": b"A=b\n",
    ".env.prod": b"A=b\n",
    "service/.amlignore": b"*.csv\n",
    "service/.gitignore": b"*.csv\n",
}
LEFT: dict[str, bytes] = {
    "logo.png": PNG,
    "data.csv": b"a,b\n",
    "page.mdx": b"# Words\n",
    "page.rst": b"Words\n",
    "data.jsonl": b"{}\n",
    "config.json5": b"{}\n",
    "yaml": b"",
    "my-Dockerfile-notes.rst": b"",
    "dockerfiles/readme": b"",
    ".dockerignore": b"*\n",
    ".envrc": b"export A=b\n",
    "env": b"",
    ".env.d/inside": b"",
    "amlignore": b"",
    "deploy.sh.in~": b"",
    "run.fish": b"",
    "setup.cfg": b"[metadata]\n",
    "model.pkl": b"\x80\x04.",
    "deploy.py.orig": b"",
    "deploy.pyc": b"",
    "types.pyi": b"",
    "requirements.txt~": TEXT,
    "requirements.txt.gz": b"\x1f\x8b",
    "requirements.py/inside": TEXT,
    "txt": TEXT,
    "py": b"",
    "happy": b"",
    "checklist": b"",
}


def _takes(hook: dict[str, Any], root: Path, name: str) -> bool:
    """Whether pre-commit hands a file to a hook: both patterns and all three kinds of types."""
    tags = tags_from_path(str(root / name))
    return bool(
        re.search(hook["files"], name)
        and not re.search(hook["exclude"], name)
        and tags >= set(hook["types"])
        and (not hook["types_or"] or tags & set(hook["types_or"]))
        and not tags & set(hook["exclude_types"])
    )


def _put(root: Path, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_the_hooks_are_the_documented_ones() -> None:
    assert list(HOOKS) == ["aml-preflight", "aml-preflight-fix", "aml-preflight-project"]


def test_no_hook_has_a_key_that_is_not_meant() -> None:
    # pre-commit takes a misspelt key without a word.
    written = yaml.safe_load(MANIFEST.read_text("utf-8"))
    assert {hook["id"]: set(hook) for hook in written} == KEYS
    known = {item.key for item in MANIFEST_HOOK_DICT.items}
    assert set().union(*KEYS.values()) <= known


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_what_a_hook_needs_survives_the_args_of_the_user(hook: dict[str, Any]) -> None:
    assert hook["args"] == []


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_the_entry_takes_no_word_of_what_follows_it(hook: dict[str, Any]) -> None:
    program, command, *words = shlex.split(hook["entry"])
    assert (program, command) == ("aml-preflight", "check")
    assert words[-1] != "--"
    assert words[-1] not in _options_with_a_value()
    parsed = cli.parser().parse_args([command, *words, "a.py"])
    assert parsed.paths[-1] == "a.py"


def _options_with_a_value() -> set[str]:
    commands = next(
        action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    check: argparse.ArgumentParser = commands.choices["check"]
    options = {
        name for action in check._actions if action.nargs != 0 for name in action.option_strings
    }
    assert "--select" in options
    return options


def test_the_hooks_that_see_file_names_differ_only_in_what_they_do() -> None:
    check, fix = (dict(HOOKS[name]) for name in TAKE_NAMES)
    assert fix["entry"] == check["entry"] + " --fix"
    for different in ("id", "name", "description", "entry"):
        del check[different], fix[different]
    assert check == fix


def test_the_project_hook_runs_although_no_file_is_left_to_hand_over() -> None:
    hook = HOOKS["aml-preflight-project"]
    assert hook["always_run"]
    assert not hook["pass_filenames"]


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_an_old_pre_commit_is_told_so_first(hook: dict[str, Any]) -> None:
    # In quotes, or YAML reads 3.10 as 3.1.
    assert hook["minimum_pre_commit_version"] == "3.2.0"
    assert hook["language"] == "python"


@pytest.mark.parametrize("hook", TAKE_NAMES)
@pytest.mark.parametrize("name", TAKEN, ids=repr)
def test_takes(hook: str, name: str, tmp_path: Path) -> None:
    _put(tmp_path, name, TAKEN[name])
    assert _takes(HOOKS[hook], tmp_path, name)


@pytest.mark.parametrize("hook", TAKE_NAMES)
@pytest.mark.parametrize("name", LEFT, ids=repr)
def test_leaves(hook: str, name: str, tmp_path: Path) -> None:
    _put(tmp_path, name, LEFT[name])
    assert not _takes(HOOKS[hook], tmp_path, name)


@pytest.mark.parametrize("hook", TAKE_NAMES)
def test_leaves_links_and_folders(hook: str, tmp_path: Path) -> None:
    _put(tmp_path, "deploy.py", b"")
    os.symlink("deploy.py", tmp_path / "link.py")
    os.symlink("nowhere.txt", tmp_path / "broken.txt")
    (tmp_path / "package.py").mkdir()
    for name in ("link.py", "broken.txt", "package.py"):
        assert not _takes(HOOKS[hook], tmp_path, name), name


@pytest.mark.parametrize("suffix", [*forms.FORMS, *forms.REQUIREMENTS_SUFFIXES])
def test_takes_every_kind_of_file_that_the_program_looks_for(suffix: str, tmp_path: Path) -> None:
    _put(tmp_path, f"file{suffix}", b"")
    for hook in TAKE_NAMES:
        assert _takes(HOOKS[hook], tmp_path, f"file{suffix}")


@pytest.mark.parametrize("name", [*TAKEN, *LEFT], ids=repr)
def test_takes_exactly_what_the_program_looks_for(name: str) -> None:
    looked_for = forms.form_of(name) is not None or forms.is_part_by_name(name)
    for hook in TAKE_NAMES:
        assert bool(re.search(HOOKS[hook]["files"], name)) is looked_for


VARIABLE = b"environment_variables: {AZUREML_EXTRA_REQUIREMENTS_TXT: requirements.txt}\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, deployment().encode()) for name in ("deploy.py", "Deploy.PY")),
        *((name, TEXT) for name in ("reqs.txt", "REQS.TXT", "Base.In")),
        *((f"file{form}", VARIABLE) for form in forms.FORMS if form != ".py"),
        ("Dockerfile.gpu", VARIABLE),
        (".env.prod", VARIABLE),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_a_hook_takes_is_looked_at(
    name: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(tmp_path, name, content)
    assert _takes(HOOKS["aml-preflight"], tmp_path, name)
    monkeypatch.chdir(tmp_path)
    assert not discovery.scan([name], changed=False).is_empty


def test_every_hook_is_in_the_readme() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    for hook in HOOKS:
        assert re.search(rf"\bid: {hook}\s*$", readme, re.MULTILINE) or f"`{hook}`" in readme, hook
