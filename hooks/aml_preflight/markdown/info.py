"""What a fence is written in, by its info string."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_DIRECTIVE = re.compile(r"\{(?:code-block|code-cell|code|sourcecode)\}\s*([\w.+-]+)")
_BRACED = re.compile(r"\{\s*\.?([\w+-]+)")
_WORD = re.compile(r"(?:language-|lang-)?([A-Za-z][\w+-]*)")
_TITLE = re.compile(r"""\b(?:title|filename|file|name)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'}]+))""")
_COLON_TITLE = re.compile(r"[\w+-]+:([\w./-]+\.\w+)\s*$")


class Kind(Enum):
    """What a fence holds, as far as it matters."""

    PYTHON = "Python"
    YAML = "YAML"
    JSON = "JSON"
    SHELL = "shell"
    CONSOLE = "console"
    DOCKERFILE = "Dockerfile"
    ENV_FILE = "env file"
    SETTINGS = "settings of any kind"
    TEXT = "text"


_KINDS = {
    Kind.PYTHON: (
        "python py python3 py3 ipython ipython3 pycon pycon3 python-repl python-interactive doctest"
    ),
    Kind.YAML: "yaml yml",
    Kind.JSON: "json jsonc json5",
    Kind.SHELL: (
        "bash sh shell zsh azurecli azurecli-interactive powershell pwsh ps1 azurepowershell "
        "azurepowershell-interactive powershell-interactive"
    ),
    Kind.CONSOLE: "console shell-session sh-session shellsession bash-session terminal",
    Kind.DOCKERFILE: "dockerfile docker containerfile",
    Kind.ENV_FILE: "env dotenv",
    Kind.SETTINGS: "bat batch cfg cmd conf dos ini properties toml",
    Kind.TEXT: "text txt plaintext plain requirements requirements.txt pip pip-requirements",
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}


_LONGEST = 200_000
_SIGNS = {
    Kind.PYTHON: re.compile(r"^[ \t]*(?:>>> )?(?:from|import)[ \t]+azure[\w.]*", re.MULTILINE),
    Kind.DOCKERFILE: re.compile(r"\A(?:[ \t]*(?:#.*|ARG .*)?(?:\r\n|\r|\n))*[ \t]*FROM[ \t]+\S"),
    Kind.YAML: re.compile(
        r"^(?:\$schema|code_configuration|endpoint_name|environment_variables):", re.MULTILINE
    ),
    Kind.JSON: re.compile(
        r"\A\s*\{[^\0]*\"(?:entryScript|environmentVariables|environment_variables)\"\s*:"
    ),
    Kind.CONSOLE: re.compile(r"^\$ ", re.MULTILINE),
    Kind.SHELL: re.compile(r"^(?:docker (?:run|create)|az ml|export \w+=)", re.MULTILINE),
}


def kind_of(info: str) -> Kind | None:
    """What a fence with this info string holds; without one it is text, and ``None`` is anything
    that is not read."""
    if not info:
        return Kind.TEXT
    if info.split()[0].lower() in _BY_WORD:
        return _BY_WORD[info.split()[0].lower()]
    found = _DIRECTIVE.match(info) or _BRACED.match(info) or _WORD.match(info)
    return _BY_WORD.get(found[1].lower()) if found else None


def guessed(text: str, kinds: Collection[Kind] = tuple(Kind)) -> Kind | None:
    """What code without a language is written in, if it is certain, and one of these."""
    if len(text) <= _LONGEST:
        for kind, sign in _SIGNS.items():
            if kind in kinds and sign.search(text):
                return kind
    return None


def title_of(info: str) -> str | None:
    """The name of the file that a fence shows, where its info string says so."""
    found = _TITLE.search(info)
    if found:
        return found[1] or found[2] or found[3]
    colon = _COLON_TITLE.match(info)
    return colon[1] if colon else None
