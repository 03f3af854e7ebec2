"""``docker run`` and ``docker create``, of podman too: the deployments of one container here."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from ..containers import entry_script, in_force, installs, ours
from ..document import Place
from ..facts import DeploymentFacts, EnvironmentFacts, Mount, PathsFrom, Style
from ..images import REGISTRY
from ..values import Known, Unknown
from .script import bare

if TYPE_CHECKING:
    from ..facts import Text
    from ..shell_words import Word
    from .script import Reading
    from .steps import Invocation

_PROGRAMS = frozenset({"docker", "podman", "nvidia-docker", "docker.exe", "nerdctl"})
_VERBS = frozenset({"run", "create"})
_SHORT_WITH_VALUE = frozenset("acehlmpuvw")
_FLAGS = frozenset(
    {"detach", "disable-content-trust", "env-host", "help", "http-proxy", "init", "interactive",
     "no-healthcheck", "no-hosts", "oom-kill-disable", "passwd", "privileged", "publish-all",
     "quiet", "read-only", "read-only-tmpfs", "replace", "rm", "rmi", "rootfs", "sig-proxy",
     "tls-verify", "tty", "use-api-socket"}
)  # fmt: skip
_GLOBAL_WITH_VALUE = frozenset(
    {"--config", "--context", "-c", "--host", "-H", "--log-level", "-l", "--tlscacert",
     "--tlscert", "--tlskey", "--url", "--connection", "--root", "--runroot"}
)  # fmt: skip
_SERVICES = ("runsvdir", "/usr/bin/runsvdir")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def container(
    reading: Reading, invocation: Invocation
) -> DeploymentFacts | EnvironmentFacts | None:
    """The container that a command starts, if it has anything to do with an inference image.

    One that starts something else than the image does has variables, but is no deployment.
    """
    behind = _behind_verb(invocation)
    return None if behind is None else _Run(reading, invocation, behind).facts()


def _behind_verb(invocation: Invocation) -> int | None:
    """How many words ``docker run`` takes, with options of docker itself."""
    words = invocation.words
    if not words or (words[0].text or "").lower() not in _PROGRAMS:
        return None
    index = 1
    while index < len(words) and words[index].leading.startswith("-"):
        index += 2 if words[index].text in _GLOBAL_WITH_VALUE else 1
    if index < len(words) and words[index].text == "container":
        index += 1
    if index < len(words) and words[index].text in _VERBS:
        return index + 1
    return None


class _Run:
    def __init__(self, reading: Reading, invocation: Invocation, behind: int) -> None:
        self.reading = reading
        self.invocation = invocation
        self.words = invocation.words[behind:]
        first, last = invocation.words[0], invocation.words[behind - 1]
        self.place = Place(reading.document, (first.start, last.end))
        self.variables: list[tuple[Known[str], Text]] = []
        self.env_files: list[Known[str]] = []
        self.mounts: list[Mount] = []
        self.more_files: Unknown | None = None
        self.open: Unknown | None = None
        self.name: Text | None = None
        self.image: Word | None = None
        self.entry_point: Word | None = None
        self.own_command: Word | None = None
        self._parse()

    # ---- the command line ----------------------------------------------------------------------

    def _parse(self) -> None:
        words, index = self.words, 0
        while index < len(words):
            word = words[index]
            index += 1
            leading = word.leading
            if leading.startswith("--") and len(leading) > 2:
                index += self._long(word, words[index] if index < len(words) else None)
            elif leading.startswith("-") and leading not in ("-", "--"):
                index += self._short(word, words[index] if index < len(words) else None)
            elif leading == "--":
                continue
            elif bare(word) and self._options_follow(index):
                self.open = self.open or Unknown(f"{word.source} may set more", word.place)
                self.more_files = self.more_files or self.open
            else:
                self.image = word
                self.own_command = words[index] if index < len(words) else None
                return

    def _options_follow(self, index: int) -> bool:
        return any(word.leading.startswith("-") for word in self.words[index:])

    def _long(self, word: Word, following: Word | None) -> int:
        """Take an option; returns how many words it takes behind itself."""
        cut = word.partition("=")
        option = (cut[0].text if cut else word.text) or ""
        if option[2:] in _FLAGS:
            if option == "--env-host":
                self.open = self.open or Unknown("the host's variables are added", word.place)
            return 0
        value = cut[1] if cut else following
        if value is not None:
            self._option(option[2:], value)
        return 0 if cut else 1

    def _short(self, word: Word, following: Word | None) -> int:
        """Take short options, several in one word too."""
        leading = word.leading
        for index, letter in enumerate(leading[1:], 1):
            if letter not in _SHORT_WITH_VALUE:
                continue
            rest = word.without(index + 1)
            attached = bool(rest.parts)
            if attached and rest.leading.startswith("="):
                rest = rest.without(1)
            value = rest if attached else following
            if value is not None:
                self._option(letter, value)
            return 0 if attached else 1
        return 0

    def _option(self, option: str, value: Word) -> None:
        if option in ("e", "env"):
            self._variable(value)
        elif option == "env-file":
            self._env_file(value)
        elif option in ("v", "volume"):
            self._volume(value)
        elif option == "mount":
            self._mount(value)
        elif option in ("volumes-from", "tmpfs"):
            self._unclear(value, "files come from elsewhere")
        elif option == "name":
            self.name = self._text(value)
        elif option == "entrypoint":
            self.entry_point = value

    def _text(self, word: Word) -> Text:
        return self.reading.text_of(word, self.invocation.command)

    # ---- variables -----------------------------------------------------------------------------

    def _variable(self, word: Word) -> None:
        cut = word.partition("=")
        name = cut[0].text if cut else word.text
        if name is None:
            self.open = self.open or Unknown(f"{word.source} may be any variable", word.place)
            return
        known = Known(name, (cut[0] if cut else word).characters)
        if cut is None:
            place = word.place
            value: Text = self.reading.from_environment(name, place, self.invocation)
        else:
            value = self._text(cut[1])
        self.variables.append((known, value))

    def _env_file(self, word: Word) -> None:
        path = self._text(word)
        if isinstance(path, Unknown):
            self.open = Unknown(f"the env file {word.source} may set more", word.place)
            return
        folder = self.reading.runs_in_own_folder(self.invocation)
        if isinstance(folder, Unknown):
            self.open = folder
            return
        self.env_files.append(path)

    # ---- files ---------------------------------------------------------------------------------

    def _unclear(self, word: Word, reason: str) -> None:
        self.more_files = self.more_files or Unknown(reason, word.place)

    def _volume(self, word: Word) -> None:
        """``host:container[:options]``."""
        cut = word.partition(":")
        if cut is None:
            return self._unclear(word, "a volume of docker holds files that are not here")
        host, rest = cut
        if _DRIVE.match(word.leading):
            again = rest.partition(":")
            return self._unclear(word, "an absolute path of one computer") if again else None
        target = rest.partition(":")
        return self._mounted(host, target[0] if target else rest)

    def _mount(self, word: Word) -> None:
        """``type=bind,source=...,target=...``."""
        fields: dict[str, Word] = {}
        rest: Word | None = word
        while rest is not None:
            cut = rest.partition(",")
            field, rest = cut if cut else (rest, None)
            pair = field.partition("=")
            if pair is not None and pair[0].text:
                fields[pair[0].text] = pair[1]
        source = fields.get("source") or fields.get("src")
        target = fields.get("target") or fields.get("destination") or fields.get("dst")
        kind = fields["type"].text if "type" in fields else "volume"
        if kind != "bind" or source is None or target is None:
            return self._unclear(word, "a volume of docker holds files that are not here")
        return self._mounted(source, target)

    def _mounted(self, host: Word, target: Word) -> None:
        local = self.reading.local_path(host, self.invocation.command)
        inside = self._text(target)
        if isinstance(inside, Unknown):
            return self._unclear(target, inside.reason)
        if isinstance(local, Unknown):
            return self._unclear(host, local.reason)
        if not inside.value.startswith("/"):
            return None
        self.mounts.append(Mount(local, posixpath.normpath("/" + inside.value.lstrip("/"))))
        return None

    # ---- facts ---------------------------------------------------------------------------------

    def facts(self) -> DeploymentFacts | EnvironmentFacts | None:
        image = None if self.image is None else self._text(self.image)
        certain = isinstance(image, Known) and image.value.startswith(REGISTRY)
        wanted = ours if certain else installs
        told = any(wanted(name.value) for name, _ in self.variables)
        if not told and not (certain and self.env_files):
            return None
        folder = self.reading.runs_in_own_folder(self.invocation)
        open_ = self.open
        if open_ is None and self.env_files:
            open_ = Unknown("an env file may set more", self.env_files[0].place)
        variables = in_force(self.variables, open_)
        document = self.reading.document
        if image is None or self._starts_something_else():
            return EnvironmentFacts(Style.DOCKER, document, self.place, variables)
        return DeploymentFacts(
            style=Style.DOCKER,
            document=document,
            place=self.place,
            name=self.name,
            image=image,
            source_directory=None,
            entry_script=entry_script(variables),
            variables=variables,
            paths_from=PathsFrom.OWN_FOLDER if folder is True else PathsFrom.PROJECT,
            mounts=() if isinstance(folder, Unknown) else tuple(self.mounts),
            more_files=folder
            if isinstance(folder, Unknown)
            else self.more_files or self.reading.may_write_files(),
            env_files=tuple(self.env_files),
        )

    def _starts_something_else(self) -> bool:
        """Whether the container runs something instead of the image's own start."""
        if self.entry_point is not None:
            return True
        return self.own_command is not None and self.own_command.text not in _SERVICES
