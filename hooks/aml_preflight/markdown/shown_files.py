"""The requirements files that a page shows under their names, as far as they are written there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .captions import caption
from .info import Kind
from .masking import Change
from .placeholders import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .blocks import Fence
    from .masking import Mapped

_FILE = re.compile(r"(?<![\w./<{-])(?:[\w.-]+/)*[\w.-]*requirements[\w.-]*\.txt(?![\w/])")
_STATEMENT = re.compile(r"(?:[^\r\n]*\\(?:\r\n|\r|\n))*[^\r\n]*(?:\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)
_NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?\s*(?:\[[\w\s,.-]*\])?"
_ENTRY = re.compile(
    rf"""(?:[-*+]\s+)? (?:(?P<version>{_NAME}\s*(?:==|[<>!~]=|[<>]|@\s).*)
    | {_NAME}(?:\s*[=;].*)? | -[a-z](?:\s|=).* | --[a-z-]+.* | [a-z+]+://\S.* | \.{{0,2}}/\S.*)""",
    re.VERBOSE | re.DOTALL,
)
_OTHER_FILE = re.compile(
    r"[\w./-]*\.(?:cfg|h5|ini|ipynb|json|md|onnx|pkl|py|sh|toml|txt|ya?ml)|.*/"
)
_COMPARED = re.compile(r"[<>=!~]=?\s*\d[\w.*]*")
_OPEN_VERSION = re.compile(
    r"""[=<>~!]\s*(?:<[\w.]+> | \$\w+ | [\w.]*(?i:version)[\w.]* | [A-Z][A-Z_.]*
    |(?:\d+\.)*[xyzXYZnN](?:\.[\w*]+)*) \s*(?:$|[,;\\])""",
    re.VERBOSE,
)
_LONGEST = 200_000
_TYPED = (Kind.SHELL, Kind.CONSOLE, Kind.PYTHON)
"""In fences of these kinds people show requirements files, too, for the colours."""


class Shown(NamedTuple):
    """A requirements file that a page shows. ``content`` is its text without the lines that stand
    for others; ``None`` where the fence does not say what is in the file."""

    name: str
    content: Mapped | None


def shown(fence: Fence, content: Mapped) -> Shown | None:
    """The requirements file that a fence shows; ``content`` is its text. A listing with the file's
    own name in it shows what is beside the file, or what is done with it."""
    kind = fence.kind
    if kind not in (Kind.TEXT, Kind.SETTINGS, None, *_TYPED) or len(content.text) > _LONGEST:
        return None
    found = caption(fence, _FILE)
    if found is None:
        return None
    own = re.compile(rf"(?<![\w.-]){re.escape(found.name.rpartition('/')[2])}(?![\w-])")
    said, changes = [], []
    for start, end, text in _statements(content.text):
        if own.search(text):
            return None
        if _stands_for_others(text):
            changes.append(Change(start, end, ""))
        elif text:
            said.append(text)
    likely = [each for each in map(_ENTRY.fullmatch, said) if each]
    likely = [each for each in likely if not _OTHER_FILE.fullmatch(each.group())]
    versions = sum(each["version"] is not None for each in likely)
    if kind in _TYPED:
        is_file = found.certain and 0 < versions == len(said)
    else:
        is_file = len(likely) * 2 > len(said) and (found.certain or versions > 0)
    if not is_file:
        return None if kind in _TYPED else Shown(found.name, None)
    return Shown(found.name, content.changed(changes))


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """The statements of a requirements file: where each begins, where the next one does, and what
    it says, without comments."""
    for each in _STATEMENT.finditer(text):
        if each.group():
            yield each.start(), each.end(), _COMMENT.sub("", each.group()).strip()


def _stands_for_others(text: str) -> bool:
    """Whether a statement says that the reader is to fill in something, or that there are more."""
    plain = _COMPARED.sub("", text.partition(";")[0])
    return is_placeholder(plain) or _OPEN_VERSION.search(text) is not None
