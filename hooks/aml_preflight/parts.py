"""Whether a file that deploys nothing may be a part of what another file deploys, by its bytes.

Where it may not, nobody looks around in its project; this runs for most files of a commit.
"""

from __future__ import annotations

import sys

from .forms import ENV_FILE, JSON, PYTHON, YAML

_OF_ENVIRONMENTS = (
    b"azureml/",
    b"baseImage",
    b"build",
    b"conda_file",
    b"dependencies",
    b"environmentVariables",
    b"image",
)
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
_BEGIN_VALUES = (b'"', b"'", b' "', b" '", b" {", b" Path(", b" os.path.join(")
_COMPARE = (b"=", b"!", b"<", b">")
_LONGEST_PATH = 200


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
        before = data[data.rfind(b"\n", 0, at) + 1 : at].split()
        if before and (before[0] != b"from" or len(before) != 2):
            continue
        close = b")" if data[behind : behind + 2].strip() == b"(" else b"\n"
        end = data.find(close, behind)
        names = data[behind : end if end >= 0 else len(data)]
        words = names.replace(b"(", b" ").replace(b",", b" ").split()
        module = (before or [b"", *words, b""])[1].partition(b".")[0]
        if module.decode("utf-8", "replace") in sys.stdlib_module_names:
            continue
        if alone or b"*" in words or b"init" in words:
            return True
    return False


def _names_something(data: bytes) -> bool:
    """Whether a module binds a name to a path, a word that could be one, or a dictionary: at the
    top, or in capitals in a class."""
    parts = data.split(b"=")
    for index, part in enumerate(parts):
        begins = part.startswith(_BEGIN_VALUES) and index
        if begins and _is_lasting(parts[index - 1]) and _may_be_taken(part.lstrip(b" ")):
            return True
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
