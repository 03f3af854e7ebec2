"""What a file is written in, by its name, and whether its bytes can hold anything for us.

Nearly every file of a project ends here, after one search for a few words, so nothing that costs
time is imported.
"""

from __future__ import annotations

import os

PYTHON = "Python"
NOTEBOOK = "notebook"
MARKDOWN = "Markdown"
YAML = "YAML"
JSON = "JSON"
DOCKERFILE = "Dockerfile"
SHELL = "shell"
ENV_FILE = "env file"

FORMS = {
    ".py": PYTHON,
    ".ipynb": NOTEBOOK,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".yml": YAML,
    ".yaml": YAML,
    ".json": JSON,
    ".dockerfile": DOCKERFILE,
    ".sh": SHELL,
    ".bash": SHELL,
    ".zsh": SHELL,
    ".ps1": SHELL,
    ".env": ENV_FILE,
}
"""By the ending of a file's name, in lower case."""

REQUIREMENTS_SUFFIXES = (".txt", ".in", ".pip", ".reqs", ".list")
"""Files that a deployment may install; any other name is found through its deployment only."""

INSTALLED = ".dist-info"
"""Ends the name of the folder that pip writes beside each package that it installs."""

IGNORE_FILES = (".amlignore", ".gitignore")
"""They decide what is uploaded of the folder that they are in."""

_INSTALLED = tuple(each + os.sep for each in ("site-packages", "dist-packages", INSTALLED))

MOST_BYTES = 1_000_000
MOST_BYTES_OF_NOTEBOOK = 40_000_000
"""Notebooks hold pictures; what people write in them is as short as elsewhere."""

MARK = "aml-preflight:"
"""Begins a comment that is meant for this program."""

_COMMENT = MARK.encode()
_SDK_WORDS = (b"environment_variables", b"OnlineDeployment", b"InferenceConfig")
_CONFIG_WORDS = (
    b"environment_variables",
    b"code_configuration",
    b"nlineDeployment",
    b"entryScript",
)
_NAMES = (b"_extra", b"extra_", b"mlextra", b"ml-extra", b"requirements_txt")
"""In lower case, of the variables that add packages and of what people write instead."""

_NAMES_IN_CAPITALS = (*(name.upper() for name in _NAMES), b"ml_extra")
_COMMANDS = (b"code_configuration", b"environment.image")
_IMAGES = b"microsoft.com/azureml/"
_WORDS = {
    NOTEBOOK: (
        *_SDK_WORDS, *_CONFIG_WORDS[1:], *_NAMES_IN_CAPITALS, b"endpoint_name:",
        b"environment.image", b"docker run", b"docker create", b"podman ", b"FROM mcr", _COMMENT,
    ),
    MARKDOWN: (
        *(word.lower() for word in (*_SDK_WORDS, *_CONFIG_WORDS[1:])), b"endpoint_name:",
        b"environment.image", *_NAMES, _IMAGES, _COMMENT,
    ),
    YAML: (
        *_CONFIG_WORDS, b"endpoint_name", b"environment.image", b"docker run", b"docker create",
        b"container run", b"podman ", b"ML_EXTRA", b"online-deployment", _COMMENT,
    ),
    JSON: (*_CONFIG_WORDS, b"endpoint_name", _COMMENT),
    DOCKERFILE: (b"-inference", b"quickstart", b"azureml_", b"aml_", *_NAMES, _COMMENT),
    SHELL: (
        b"environment_variables", b"azureml/", b"online-deployment", *_COMMANDS, *_NAMES, _COMMENT,
    ),
    ENV_FILE: (*_NAMES, _COMMENT),
}  # fmt: skip
"""A file of such a form can hold something for us only with one of these words in it. Forms in
which names stand alone, and may be misspelt in any way, are searched in lower case."""

_IN_LOWER_CASE = frozenset({MARKDOWN, DOCKERFILE, SHELL, ENV_FILE})
_AZURE = {
    PYTHON: (b"azure",),
    NOTEBOOK: (b"azure", b"az ml"),
    MARKDOWN: (b"azure", b"Azure", b"az ml"),
    SHELL: (b"azure", b"Azure", b"az ml"),
}
"""Forms whose files are many or long and nearly always for something else: one can hold something
for us only with one of these words, each of five bytes with a ``z`` for the second."""

_OTHER_THAN_AZURE = {
    PYTHON: (),
    NOTEBOOK: (b"AZUREML", b"ML_"),
    MARKDOWN: (b"AZUREML", b"ML_", b"code_configuration", b"aml_", b"aml-"),
    SHELL: (b"AZUREML", b"ML_", b"aml_", b"aml-"),
}
"""Or with one of these."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PROBES = (None,) * 100
_Z = ord("z")


# ---- by the name -------------------------------------------------------------------------------


def form_of(path: str) -> str | None:
    """What a file of this name is written in, in upper or lower case; ``None`` if it is nothing
    that deployments are written in."""
    name = path[path.rfind(os.sep) + 1 :].lower()
    form = FORMS.get(name[name.rfind(".") :])
    if form is None and name.startswith(("dockerfile", "containerfile")):
        return DOCKERFILE
    if form is None and name.startswith(".env."):
        return ENV_FILE
    return form


def is_part_by_name(path: str) -> bool:
    """Whether a file can be a part of a deployment, whatever is in it."""
    return (
        path.lower().endswith(REQUIREMENTS_SUFFIXES)
        or path[path.rfind(os.sep) + 1 :] in IGNORE_FILES
        or any(folder in path for folder in _INSTALLED)
    )


# ---- by the bytes ------------------------------------------------------------------------------


def may_deploy(form: str, data: bytes) -> bool:
    """Whether the bytes of a file can hold a deployment, or anything else for us."""
    if is_ruled_out(form, data, len(data)):
        return False
    if form is PYTHON:
        return uses_sdk(data)
    if form is not NOTEBOOK:
        if data[:2] in _UTF_16:
            data = data.replace(b"\0", b"")
        if form in _IN_LOWER_CASE:
            data = data.lower()
    for word in _WORDS[form]:
        if word in data:
            return True
    return _is_v1_environment(form, data)


def is_ruled_out(form: str, data: bytes | bytearray, end: int) -> bool:
    """Whether the first ``end`` bytes can hold nothing for us, as far as one quick search tells."""
    words = _AZURE.get(form)
    if words is None or names_azure(words, data, end):
        return False
    for word in _OTHER_THAN_AZURE[form]:
        if data.find(word, 0, end) >= 0:
            return False
    return form is PYTHON or data[:2] not in _UTF_16


def names_azure(words: tuple[bytes, ...], data: bytes | bytearray, end: int) -> bool:
    """Whether one of these words of five bytes with a ``z`` for the second is there: by way of that
    letter, since a search for one byte is far quicker."""
    find = data.find
    at = find(_Z, 0, end)
    for _ in _PROBES:
        if at < 0:
            return False
        if data[at - 1 : at + 4] in words:
            return True
        at = find(_Z, at + 1, end)
    return any(find(word, at - 1, end) >= 0 for word in words)


def uses_sdk(data: bytes) -> bool:
    """Whether a Python file that names ``azure`` can hold a deployment, or a comment for us."""
    return any(word in data for word in _SDK_WORDS) or _COMMENT in data


def _is_v1_environment(form: str, data: bytes) -> bool:
    """Whether there are variables of an environment of SDK v1: beside its parts, or with the names
    of those that add packages. Other programs call theirs alike."""
    key = b"environmentvariables" if form in _IN_LOWER_CASE else b"environmentVariables"
    if key not in data:
        return False
    if b"docker" in data or b"python" in data or b"inferencing" in data:
        return True
    data = data.lower()
    return any(name in data for name in _NAMES)
