"""What a file is written in, by its name, and whether its bytes can hold anything for us.

Nearly every file of a project ends here, after one search for a few words, so nothing that costs
time is imported.
"""

from __future__ import annotations

import os
import sys

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

_IGNORE_FILES = (".amlignore", ".gitignore")
_INSTALLED = tuple(each + os.sep for each in ("site-packages", "dist-packages", INSTALLED))

MOST_BYTES = 1_000_000
MOST_BYTES_OF_NOTEBOOK = 40_000_000
"""Notebooks hold pictures; what people write in them is as short as elsewhere."""

_COMMENT = b"aml-preflight:"
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
    YAML: (*_CONFIG_WORDS, b"endpoint_name", _COMMENT),
    JSON: (*_CONFIG_WORDS, b"endpoint_name", _COMMENT),
    DOCKERFILE: (b"-inference", b"quickstart", b"azureml_", b"aml_", *_NAMES, _COMMENT),
    SHELL: (b"environment_variables", b"azureml/", *_COMMANDS, *_NAMES, _COMMENT),
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

_OF_ENVIRONMENTS = (b"image", b"baseImage", b"build", b"conda_file", b"dependencies", b"azureml/")
_OF_PARTS = {
    PYTHON: (b"def init", b"ML_EXTRA", b".txt"),
    YAML: (*_OF_ENVIRONMENTS, b"instance_type"),
    JSON: _OF_ENVIRONMENTS,
}
"""A file that deploys nothing, with one of these words in it, may be a part of what another file
deploys: a score script or a module with paths and names, an environment, a conda file, what a
command makes a deployment of."""

_DEFINITIONS = (b"\ndef ", b"\nclass ", b"\nasync def ")
_OF_WORDS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./"
_BEGIN_VALUES = (b'"', b"'", b"{", b"P", b"o")
_COMPARE = (b"=", b"!", b"<", b">")
_LONGEST_PATH = 200

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
        or path[path.rfind(os.sep) + 1 :] in _IGNORE_FILES
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
    """Whether there are variables of an environment of SDK v1. Those of other programs do not
    stand beside these words."""
    key = b"environmentvariables" if form in _IN_LOWER_CASE else b"environmentVariables"
    return key in data and (b"docker" in data or b"python" in data)


# ---- parts of what is elsewhere, by the bytes --------------------------------------------------


def may_be_part(form: str, data: bytes) -> bool:
    """Whether a file that deploys nothing may be a part of what another file deploys.

    Of Python nearly every file could be: one that only has code of its own, and neither what a
    score script needs nor a text that a deployment could take, is left out.
    """
    words = _OF_PARTS.get(form)
    if words is None:
        return form is ENV_FILE
    if any(word in data for word in words):
        return True
    if form is not PYTHON:
        return False
    # Nothing shows what an empty file is for.
    return not data or data.isspace() or _passes_on(data) or _names_something(data)


def _passes_on(data: bytes) -> bool:
    """Whether a module may give others what it imports from its project: everything, the functions
    of a score script, or anything if it has no code of its own."""
    alone = data[:4] != b"def " and not any(word in data for word in _DEFINITIONS)
    behind = 0
    while (at := data.find(b"import", behind)) >= 0:
        behind = at + len(b"import")
        before = data[data.rfind(b"\n", 0, at) + 1 : at]
        close = b")" if data[behind : behind + 2].strip() == b"(" else b"\n"
        end = data.find(close, behind)
        names = data[behind : end if end >= 0 else len(data)]
        words = names.replace(b"(", b" ").replace(b",", b" ").split()
        start = before.split()
        if (start and start[0] != b"from") or not words:
            continue
        module = (start[1] if len(start) > 1 else words[0]).partition(b".")[0]
        if module.decode("utf-8", "replace") in sys.stdlib_module_names:
            continue
        if b"*" in words or b"init" in words or (alone and before[:1] in (b"", b"f")):
            return True
    return False


def _names_something(data: bytes) -> bool:
    """Whether a module binds a name to a path, a word that could be one, or a dictionary: at the
    top, or in capitals in a class."""
    for sign in (b"= ", b"='", b'="'):
        before = b"("
        for part in data.split(sign):
            value = part if sign[1:] == b" " else sign[1:] + part
            if value[:1] in _BEGIN_VALUES and _is_lasting(before) and _may_be_taken(value):
                return True
            before = part
    return False


def _is_lasting(before: bytes) -> bool:
    """Whether what is assigned to at the end of a text outlives a call: it stands at the margin, or
    in capitals."""
    name = before[before.rfind(b"\n") + 1 :].rstrip()
    if b"(" in name or name[-1:] in _COMPARE:
        return False
    return name[:1] not in b" \t#" or name.partition(b":")[0].isupper()


def _may_be_taken(value: bytes) -> bool:
    """Whether a deployment could take a value: a path, or a dictionary with texts for keys."""
    start = value[:1]
    if start == b"{":
        return value[1:_LONGEST_PATH].lstrip()[:1] in (b'"', b"'")
    if start in (b'"', b"'"):
        return _may_be_path(value[1 : value.find(start, 1)])
    return value.startswith((b"Path(", b"os.path.join("))


def _may_be_path(text: bytes) -> bool:
    """Whether a text could be a file or folder of a project, or the name of a variable. Names with
    two underscores are Python's own."""
    return (
        0 < len(text) < _LONGEST_PATH and text[:2] != b"__" and not text.translate(None, _OF_WORDS)
    )
