"""The options that pip knows in requirements files, and how it takes a line apart.

Reproduces what pip does with ``optparse`` (long options may be abbreviated while that is
unambiguous, short ones have their value attached or behind), but keeps the place of every value.
Which pip knows which option was read from the option tables of pip 20.3.4 to 26.3
(``req_file.SUPPORTED_OPTIONS`` and ``SUPPORTED_OPTIONS_REQ``, ``cmdoptions``).
"""

from __future__ import annotations

from typing import NamedTuple

from .records import BASE_PIP, release
from .words import UnbalancedWordsError, Word, split_words

Version = tuple[int, ...]

NEWEST: Version = release(BASE_PIP)
"""The pip whose table decides."""

TABLE_CHANGES: tuple[Version, ...] = (
    (0,),
    (21, 1),
    (22, 1),
    (22, 2),
    (22, 3),
    (23, 1),
    (25, 3),
    (26, 0),
    (26, 2),
)
"""The first pip of each stretch of versions with one table, oldest first."""

STRONG_HASHES = ("sha256", "sha384", "sha512")


class Known(NamedTuple):
    """An option: spelling, whether it takes a value, the pips that have it (``before`` not)."""

    name: str
    short: str = ""
    takes_value: bool = True
    since: Version = (0,)
    before: Version | None = None

    def exists(self, pip: Version) -> bool:
        """Whether the pip of that version has the option."""
        return self.since <= pip and (self.before is None or pip < self.before)


OPTIONS = (
    Known("--index-url", "-i"),
    Known("--pypi-url"),
    Known("--extra-index-url"),
    Known("--no-index", takes_value=False),
    Known("--constraint", "-c"),
    Known("--requirement", "-r"),
    Known("--editable", "-e"),
    Known("--find-links", "-f"),
    Known("--no-binary"),
    Known("--only-binary"),
    Known("--prefer-binary", takes_value=False),
    Known("--require-hashes", takes_value=False),
    Known("--no-require-hashes", takes_value=False, since=(26, 2)),
    Known("--pre", takes_value=False),
    Known("--all-releases", since=(26, 0)),
    Known("--only-final", since=(26, 0)),
    Known("--trusted-host"),
    Known("--use-feature"),
    Known("--install-option", before=(23, 1)),
    Known("--global-option", before=(25, 3)),
    Known("--hash"),
    Known("--config-settings", "-C", since=(23, 1)),
)

# The values of --use-feature: (since, before).
_FEATURES: dict[str, tuple[Version, Version | None]] = {
    "fast-deps": ((0,), None),
    "2020-resolver": ((0,), (22, 3)),
    "in-tree-build": ((21, 1), (22, 1)),
    "truststore": ((22, 2), None),
    "no-binary-enable-wheel-cache": ((22, 3), None),
    "build-constraint": ((25, 3), None),
    "inprocess-build-deps": ((26, 0), None),
    "venv-isolation": ((26, 2), None),
}

_ALIASES = {"--pypi-url": "--index-url"}
_NOT_A_DASH = frozenset({"--no-binary", "--only-binary", "--all-releases", "--only-final"})


class Found(NamedTuple):
    """An option of a line: full name, the word (or its beginning) as written, the value."""

    name: str
    written: Word
    value: Word | None


class OptionError(ValueError):
    """pip refuses the options of a line. ``start`` and ``end`` are indices in the option string."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class Options(NamedTuple):
    """The options of a line in order, and the loose words, which pip drops without a message."""

    found: tuple[Found, ...]
    loose: tuple[Word, ...]


_NONE = Options((), ())


def option_start(line: str) -> int:
    """Where the options of a line begin: at its first word that starts with a dash, or at its end.

    Words are separated by the space character only, so that a tab before ``--hash`` keeps it in
    the requirement (pip 26.3's ``req_file.break_args_options``).
    """
    if line.startswith("-"):
        return 0
    place = line.find(" -")
    return len(line) if place < 0 else place + 1


def parse_options(text: str, pip: Version = NEWEST) -> Options:
    """The options in ``text``, read as the pip of that version does. Raises ``OptionError``."""
    try:
        words = split_words(text)
    except UnbalancedWordsError as error:
        raise OptionError(str(error), error.index, len(text)) from error
    return _Parser(words, pip).run() if words else _NONE


class _Parser:
    """One pass over the words of a line."""

    def __init__(self, words: list[Word], pip: Version) -> None:
        self.words = words
        self.next = 0
        self.pip = pip
        self.known = [option for option in OPTIONS if option.exists(pip)]
        self.found: list[Found] = []
        self.loose: list[Word] = []

    def run(self) -> Options:
        """All the options of the line."""
        while self.next < len(self.words):
            word = self.words[self.next]
            self.next += 1
            if word.text == "--":
                self.loose += self.words[self.next :]
                break
            if word.text.startswith("--"):
                self.long(word)
            elif word.text.startswith("-") and len(word.text) > 1:
                self.short(word)
            else:
                self.loose.append(word)
        return Options(tuple(self.found), tuple(self.loose))

    def long(self, word: Word) -> None:
        spelling, equals, _ = word.text.partition("=")
        option = self.unabbreviated(spelling, word)
        attached = word.cut(len(spelling) + 1) if equals else None
        written = Word(spelling, word.at[: len(spelling)], word.start, _end(word, len(spelling)))
        if not option.takes_value:
            if attached is not None:
                raise OptionError(f"{option.name} takes no value", word.start, word.end)
            self.found.append(Found(option.name, written, None))
        else:
            self.add(option, written, self.value(option, word) if attached is None else attached)

    def short(self, word: Word) -> None:
        spelling = word.text[:2]
        option = next((known for known in self.known if known.short == spelling), None)
        if option is None:
            raise OptionError(f"no such option: {spelling}", word.start, word.end)
        attached = word.cut(2) if len(word.text) > 2 else None
        written = Word(spelling, word.at[:2], word.start, _end(word, 2))
        self.add(option, written, self.value(option, word) if attached is None else attached)

    def unabbreviated(self, spelling: str, word: Word) -> Known:
        matches = [known for known in self.known if known.name == spelling]
        matches = matches or [known for known in self.known if known.name.startswith(spelling)]
        if len(matches) == 1:
            return matches[0]
        if not matches:
            raise OptionError(f"no such option: {spelling}", word.start, word.end)
        names = ", ".join(sorted(known.name for known in matches))
        raise OptionError(f"ambiguous option: {spelling} ({names}?)", word.start, word.end)

    def value(self, option: Known, word: Word) -> Word:
        if self.next == len(self.words):
            raise OptionError(f"{option.name} needs a value", word.start, word.end)
        self.next += 1
        return self.words[self.next - 1]

    def add(self, option: Known, written: Word, value: Word) -> None:
        problem = _value_problem(option.name, value.text, self.pip)
        if problem:
            raise OptionError(problem, written.start, value.end)
        self.found.append(Found(_ALIASES.get(option.name, option.name), written, value))


def _end(word: Word, length: int) -> int:
    """Where the first ``length`` characters of a word end in the input."""
    return word.at[length - 1] + 1


def _value_problem(name: str, value: str, pip: Version) -> str | None:
    """Why pip refuses this value of the option, or None."""
    if name == "--hash":
        algorithm, colon, _ = value.partition(":")
        if not colon:
            return "--hash needs an algorithm, a colon and a digest, as in --hash=sha256:..."
        if algorithm not in STRONG_HASHES:
            return f"--hash accepts {', '.join(STRONG_HASHES)} only, not {algorithm!r}"
    elif name == "--config-settings" and "=" not in value:
        return "--config-settings needs KEY=VALUE"
    elif name in _NOT_A_DASH and value.startswith("-"):
        return f"{name} needs a value"
    elif name == "--use-feature":
        since, before = _FEATURES.get(value, (None, None))
        if since is None or pip < since or (before is not None and pip >= before):
            return f"unknown feature {value!r} for --use-feature"
    return None
