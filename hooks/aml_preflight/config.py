"""Settings in ``pyproject.toml`` (``[tool.aml-preflight]``) or ``aml-preflight.toml``.

The nearest file above the checked one counts, up to the root of the git repository; settings of
several files are not mixed. What the command line says comes first.

Rules that give advice, those of severity "info", report where they are selected, by code, by name
or by the beginning of a code, and where findings fail from "info" on.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from . import rules
from .findings import Severity
from .workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .workspace import Workspace

OWN_FILE = "aml-preflight.toml"
_NAME = b"aml-preflight"
_KEYS = ("select", "ignore", "fail-on")
_MOST_BYTES = 1_000_000


class ConfigError(Exception):
    """A setting, or an option of the command line, that means nothing; the text says where."""


class Settings(NamedTuple):
    """``codes`` are the rules that report, ``fail_on`` the least severity that fails."""

    codes: frozenset[str]
    fail_on: Severity


class Configuration:
    """The settings of each checked file. ``select``, ``ignore`` and ``fail_on`` are those of the
    command line, ``None`` where it says nothing; where it says all, no file of settings is read."""

    def __init__(
        self,
        workspace: Workspace,
        select: list[str] | None = None,
        ignore: list[str] | None = None,
        fail_on: str | None = None,
    ) -> None:
        self.workspace = workspace
        self._select = None if select is None else codes(select, "--select")
        self._ignore = None if ignore is None else codes(ignore, "--ignore")
        self._fail_on = None if fail_on is None else Severity[fail_on.upper()]
        self._by_folder: dict[str, Settings] = {}

    def may_report(self, code: str) -> bool:
        """Whether any file's settings can let a rule report."""
        if self._ignore is not None and code in self._ignore:
            return False
        return self._select is None or code in self._select

    def of(self, path: str) -> Settings:
        """The settings for a file. Raises ``ConfigError``."""
        folder = os.path.dirname(path)
        known = self._by_folder.get(folder)
        if known is None:
            given = (self._select, self._ignore, self._fail_on)
            found = self._find(folder, path) if None in given else ({}, "")
            known = self._by_folder[folder] = self._settings(*found)
        return known

    def _find(self, folder: str, path: str) -> tuple[dict[str, Any], str]:
        """The nearest table above a folder, and the name of its file."""
        root = self.workspace.project(path)
        while True:
            for name in (OWN_FILE, "pyproject.toml"):
                if name in self.workspace.listing(folder):
                    table = self._read(os.path.join(folder, name))
                    if table is not None:
                        return table, os.path.join(folder, name)
            above = os.path.dirname(folder)
            if folder == root or above == folder:
                return {}, ""
            folder = above

    def _read(self, path: str) -> dict[str, Any] | None:
        try:
            data = self.workspace.read(path)
        except Unavailable as error:
            raise ConfigError(f"{path}: {error}") from None
        own = os.path.basename(path) == OWN_FILE
        if not own and _NAME not in data:
            return None
        table: Any = _parse(path, data)
        if not own:
            tools = table.get("tool", {})
            table = tools.get("aml-preflight") if isinstance(tools, dict) else None
        if table is not None and not isinstance(table, dict):
            raise ConfigError(f"{path}: [tool.aml-preflight] is not a table")
        return table

    def _settings(self, table: dict[str, Any], path: str) -> Settings:
        for key in table:
            if key not in _KEYS:
                raise ConfigError(f"{path}: there is no setting {key!r}{_did_you_mean(key)}")
        chosen, left_out, least = self._select, self._ignore, self._fail_on
        if chosen is None:
            chosen = _listed(table, "select", path)
        if left_out is None:
            left_out = _listed(table, "ignore", path)
        if least is None:
            word = table.get("fail-on", "warning")
            if word not in ("error", "warning", "info"):
                raise ConfigError(f'{path}: fail-on is "error", "warning" or "info", not {word!r}')
            least = Severity[word.upper()]
        if chosen is None:
            chosen = _usual(least)
        return Settings(chosen - (left_out or frozenset()), least)


def _usual(least: Severity) -> frozenset[str]:
    """The rules that report where nobody selects any: advice only to those for whom it counts."""
    everything = frozenset(rules.BY_CODE)
    return everything if least is Severity.INFO else everything - rules.ADVICE


def codes(words: Iterable[str], where: str) -> frozenset[str]:
    """The codes that codes, beginnings of codes or names stand for, each word with commas in it.

    Raises ``ConfigError``, which begins with ``where``.
    """
    found: set[str] = set()
    for word in filter(None, (part.strip() for each in words for part in each.split(","))):
        rule = rules.find(word)
        begun = [code for code in rules.BY_CODE if code.startswith(word.upper())]
        if rule is not None:
            found.add(rule.code)
        elif begun:
            found.update(begun)
        else:
            raise ConfigError(f"{where}: {rules.unknown(word)}")
    return frozenset(found)


def _parse(path: str, data: bytes) -> dict[str, Any]:
    import tomli

    if len(data) > _MOST_BYTES:
        raise ConfigError(f"{path}: it is larger than {_MOST_BYTES // 1_000_000} MB")
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: it is not valid UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: it is not valid TOML: {error}") from None


def _listed(table: dict[str, Any], key: str, path: str) -> frozenset[str] | None:
    words = table.get(key)
    if words is None:
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ConfigError(f'{path}: {key} is a list of rules, such as {key} = ["AML301"]')
    return codes(words, f"{path}: {key}")


def _did_you_mean(key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key.replace("_", "-"), _KEYS, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(_KEYS)}"
