"""Text that is harmless to print, how wide it is, colour, and a stream that never fails.

File names, source lines and values come from whoever wrote the repository. An escape sequence in
one of them could recolour the terminal, move its cursor or reverse the reading order of a line, so
all such text goes through ``safe`` or ``one_line`` before it is printed.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

RED = "1;31"
YELLOW = "1;33"
CYAN = "1;36"
GREEN = "1;32"
BLUE = "1;94"
BOLD = "1"
DIM = "2"

_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset(
    map(
        chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0)
    )
).union(map(chr, range(0xFE00, 0xFE0E)), map(chr, range(0xE0100, 0xE01F0)))
"""Letters and marks to Unicode, nothing to the eye: they can hide in a name. The two selectors that
follow emoji are not among them."""
_SHORT = {"\n": "\\n", "\r": "\\r"}
_LONGEST_SENTENCE = 2_000
_LEAST_COLUMNS, _MOST_COLUMNS = 40, 200
_COLUMNS_OF_A_FILE, _COLUMNS_OF_A_TERMINAL = 100, 80
_OWN_GLYPHS = "│└✓✗"
_NOBODY_READS = frozenset({errno.EPIPE, errno.EINVAL, getattr(errno, "ESHUTDOWN", errno.EPIPE)})
"""How a closed pipe shows: Windows says EINVAL."""


def safe(text: str) -> str:
    """The text with everything visible that would act on the terminal or show as nothing.

    Control characters, direction marks, line separators, characters without width and halves of
    surrogate pairs become escapes such as ``\\x1b`` and ``\\u202e``. TAB stays, for the caller.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def one_line(text: str) -> str:
    """Like ``safe``, with TAB as an escape too: for text that is not laid out in columns."""
    return safe(text).replace("\t", "\\t")


def sentence(text: str) -> str:
    """A message as one harmless line of bearable length: it may quote what somebody wrote."""
    return one_line(shortened(text, _LONGEST_SENTENCE))


def _visible(character: str) -> str:
    code = ord(character)
    if 0x20 <= code < 0x7F or character == "\t":
        return character
    if unicodedata.category(character) not in _DANGEROUS and character not in _UNSEEN:
        return character
    if code < 0x100:
        return _SHORT.get(character) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns a terminal gives to text that ``safe`` has seen."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    code = ord(character)
    if code < 0x300:
        return 1
    if 0x1160 <= code <= 0x11FF or unicodedata.category(character) in ("Mn", "Me"):
        return 0  # the first are the vowels and finals of Hangul, drawn into the letter before
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns, broken at blanks; a longer word is broken behind a slash
    if it has one, since it is most likely a path."""
    lines: list[str] = []
    line: str | None = None
    taken = 0
    for word in text.split(" "):
        needed = width(word)
        if line is not None and taken + 1 + needed <= columns:
            line += " " + word
            taken += 1 + needed
            continue
        if line is not None:
            lines.append(line)
        *whole, line = _pieces(word, max(columns, 2)) if needed > columns else [word]
        lines += whole
        taken = width(line)
    return [each.rstrip(" ") for each in [*lines, line or ""]]


def _pieces(word: str, columns: int) -> list[str]:
    pieces: list[str] = []
    start = 0
    while True:
        end, taken = start, 0
        while end < len(word) and taken + _columns_of(word[end]) <= columns:
            taken += _columns_of(word[end])
            end += 1
        if end == len(word):
            return [*pieces, word[start:]]
        slash = word.rfind("/", start, end) + 1
        if 2 * slash >= start + end:
            end = slash
        pieces.append(word[start:end])
        start = end


def shortened(text: str, most: int) -> str:
    """The text with its middle left out if it has more than ``most`` characters."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[: most - 3 - half]}...{text[len(text) - half :]}"


class Style(NamedTuple):
    """How to write for one stream: in colour or not, beyond ASCII or not, and how wide."""

    colour: bool = False
    ascii_only: bool = False
    columns: int = 80

    @classmethod
    def of(cls, stream: TextIO | None, environ: Mapping[str, str]) -> Style:
        """What a stream can show and its user wants."""
        terminal = _is_terminal(stream)
        return cls(
            colour=wants_colour(terminal=terminal, environ=environ),
            ascii_only=not _can_encode(stream, _OWN_GLYPHS),
            columns=_columns(stream, environ, terminal=terminal),
        )

    def paint(self, text: str, colour: str) -> str:
        """The text in a colour (``RED``, ``BOLD``, ...), where colours are wanted."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()


def wants_colour(
    *, terminal: bool, environ: Mapping[str, str], windows: bool = os.name == "nt"
) -> bool:
    """NO_COLOR, then FORCE_COLOR, decide; then whether a terminal reads that knows colours."""
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced.lower() not in ("0", "false", "no")
    if not terminal or environ.get("TERM") == "dumb":
        return False
    # The old Windows console prints escape sequences as they are; these set what understands them.
    modern = ("WT_SESSION", "TERM", "TERM_PROGRAM", "ANSICON", "ConEmuANSI")
    return not windows or any(environ.get(name) for name in modern)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def _can_encode(stream: TextIO | None, text: str) -> bool:
    encoding = getattr(stream, "encoding", None)
    if not encoding:
        return True  # a stream of text, such as io.StringIO
    try:
        text.encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True


def _columns(stream: TextIO | None, environ: Mapping[str, str], *, terminal: bool) -> int:
    given = environ.get("COLUMNS", "")
    columns = 0
    if given.isascii() and given.isdigit() and len(given) < 6:
        columns = int(given)
    elif terminal and stream is not None:
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
    if columns == 0:  # pseudo-terminals often do not know
        columns = _COLUMNS_OF_A_TERMINAL if terminal else _COLUMNS_OF_A_FILE
    return min(max(columns, _LEAST_COLUMNS), _MOST_COLUMNS)


class OutputLost(Exception):
    """What there is to say cannot be written; the text is the reason in the user's words."""


class Writer:
    """Writes to a stream and never fails for what the text holds or for who stopped reading.

    Characters that the stream's encoding lacks become escapes. After the reader has gone, as in
    ``aml-preflight check | head``, everything is dropped. Where nothing can be written, as on a
    full disk, it raises ``OutputLost``.
    """

    def __init__(self, stream: TextIO | None, environ: Mapping[str, str]) -> None:
        self.stream = stream
        self.style = Style.of(stream, environ)

    def write(self, text: str) -> None:
        """Write text as it is given, line ends included."""
        if self.stream is None or not text:
            return
        try:
            self._put(self.stream, text)
        except OSError as error:
            self._gone(error)

    def flush(self) -> None:
        """Hand over what is buffered, here rather than when Python ends, where it would show."""
        if self.stream is None:
            return
        try:
            self.stream.flush()
        except ValueError:
            self.stream = None
        except OSError as error:
            self._gone(error)

    def write_bytes(self, data: bytes) -> None:
        """Write bytes as they are, behind the text, and hand them over."""
        if self.stream is None:
            return
        try:
            self.stream.flush()
            self.stream.buffer.write(data)
            self.stream.flush()
        except OSError as error:
            self._gone(error)

    def _put(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except ValueError:
            self.stream = None  # closed

    def _gone(self, error: OSError) -> None:
        stream, self.stream = self.stream, None
        try:
            # What is still buffered has to go somewhere when Python flushes at its end.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno() if stream else nowhere)
            os.close(nowhere)
        except (OSError, ValueError):
            pass
        if error.errno not in _NOBODY_READS:
            raise OutputLost((error.strerror or "it cannot be written to").lower()) from error
