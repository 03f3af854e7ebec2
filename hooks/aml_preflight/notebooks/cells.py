"""The cells of a notebook file, each a text of its own that leads back to the JSON.

Formats 3 and 4 are read. Cells are numbered from 1 in the order of the file, those with text
among them, as Jupyter's own tools and other linters count.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..document import Document, Embedded, Language, Piece, Place
from ..forms import MOST_BYTES_OF_NOTEBOOK
from ..trees.json_text import TooManyValues, parse_part, speller, string_pieces
from ..trees.nodes import Mapping, Scalar, Sequence
from ..values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..trees.json_text import Part
    from ..trees.nodes import Node

_SKIPPED = frozenset({"attachments", "outputs", "widgets"})
"""What people do not write, pictures most of all: it is long."""

_SHELLS = frozenset({"bash", "sh", "shell", "shellscript", "zsh"})
_OTHER_KERNELS = re.compile(
    r"(?:\.net|apache_toree|c?ling|clojure|deno|go(?:nb|phernotes)|haskell|i?java|i?julia|ijs|iruby"
    r"|ir(?:\W|$)|kotlin|octave|matlab|powershell|rust|sas|scala|sos|spark|sparkr|sql|stata|xcpp|xr)"
)
"""Beginnings of the names of kernels for other languages."""


class Kernel(Enum):
    """What runs the code cells."""

    PYTHON = "Python"
    SHELL = "a shell"
    OTHER = "another language"


class Cell(Embedded):
    """The source of a cell. ``others`` are all cells of its notebook, itself too. ``writes``
    tells that it is nothing but a file, and where that is written. ``has_parameters`` is set where
    whatever runs the notebook may give the names of the cell other values, as papermill does."""

    __slots__ = ("has_parameters", "is_code", "others", "writes")

    def __init__(self, root: Document, number: int, text: str, pieces: list[Piece], kind: str):
        self.is_code = kind == "code"
        self.others: tuple[Cell, ...] = ()
        self.writes = False
        self.has_parameters = False
        super().__init__(
            text,
            pieces,
            source=root,
            language=Language.PYTHON if self.is_code else Language.MARKDOWN,
            cell=number,
            spell=speller(root),
        )


class Notebook(NamedTuple):
    """A notebook file. ``trouble`` is set where not all of it could be read; then ``cells`` are
    those before that."""

    document: Document
    cells: tuple[Cell, ...] = ()
    kernel: Kernel = Kernel.PYTHON
    trouble: Unknown | None = None

    @property
    def code(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.is_code)


def read_cells(path: str, data: bytes) -> Notebook:
    """The cells of a notebook file; ``path`` is absolute. Never raises for what is in the file."""
    if len(data) > MOST_BYTES_OF_NOTEBOOK:
        document = Document(path, "", exact=False, language=Language.NOTEBOOK)
        return _unread(document, f"it is larger than {MOST_BYTES_OF_NOTEBOOK // 1_000_000} MB", 0)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(bom) :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + len(bom)) + 1
        document = Document(path, "", exact=False, language=Language.NOTEBOOK)
        return _unread(document, f"line {line} is not valid UTF-8", 0)
    document = Document(path, text, "utf-8", bom, language=Language.NOTEBOOK)
    part = parse_part(text, _SKIPPED)
    trouble = None
    if part.broken is not None:
        document.exact = False
        what = "the notebook's JSON breaks off"
        if isinstance(part.broken, TooManyValues):
            what = "the notebook is not read to its end"
        reason = f"{what}: {part.broken.reason}"
        trouble = _place(document, reason, part.broken.offset)
    root = part.tree
    found = list(_cells_of(root))
    if not found and part.broken is None and not _has_cells(root):
        return _unread(document, "it is no notebook: it has no list of cells", 0)
    cells = tuple(_cells(document, found, part))
    for cell in cells:
        cell.others = cells
    return Notebook(document, cells, _kernel(root), trouble)


def _unread(document: Document, reason: str, offset: int) -> Notebook:
    document.exact = False
    return Notebook(document, trouble=_place(document, reason, offset))


def _place(document: Document, reason: str, offset: int) -> Unknown:
    line, _ = document.position(min(offset, len(document.text)))
    start, end = document.line_span(line)
    first = max(start, min(offset, end))
    return Unknown(reason, Place(document, (first, min(end, first + 80))))


def _cells(document: Document, nodes: list[Node], part: Part) -> Iterator[Cell]:
    unfinished = {id(node) for node in part.open}
    for number, node in enumerate(nodes, 1):
        if id(node) in unfinished:
            return  # of what it says only a part is known
        kind = _text(_get(node, "cell_type"))
        source = _get(node, "source")
        if source is None:
            source = _get(node, "input")
        strings = source.items if isinstance(source, Sequence) else [source]
        texts: list[str] = []
        pieces: list[Piece] = []
        length = 0
        for each in strings:
            if not isinstance(each, Scalar) or each.kind != "text":
                break
            text, found = string_pieces(document, each)
            pieces += [
                piece._replace(start=piece.start + length, end=piece.end + length)
                for piece in found
            ]
            texts.append(text)
            length += len(text)
        else:
            if kind in ("code", "markdown"):
                cell = Cell(document, number, "".join(texts), pieces, kind)
                tags = _get(_get(node, "metadata"), "tags")
                items = tags.items if isinstance(tags, Sequence) else ()
                cell.has_parameters = any(_text(each) == "parameters" for each in items)
                yield cell


def _cells_of(root: Node | None) -> Iterator[Node]:
    cells = _get(root, "cells")
    if isinstance(cells, Sequence):
        yield from cells.items
        return
    sheets = _get(root, "worksheets")
    for sheet in sheets.items if isinstance(sheets, Sequence) else ():
        cells = _get(sheet, "cells")
        if isinstance(cells, Sequence):
            yield from cells.items


def _has_cells(root: Node | None) -> bool:
    return any(isinstance(_get(root, key), Sequence) for key in ("cells", "worksheets"))


def _kernel(root: Node | None) -> Kernel:
    metadata = _get(root, "metadata")
    specification, language = _get(metadata, "kernelspec"), _get(metadata, "language_info")
    named = _text(_get(specification, "language")) or _text(_get(language, "name"))
    name = _text(_get(specification, "name")).lower()
    if named or name in _SHELLS:
        word = (named or name).lower()
        return Kernel.SHELL if word in _SHELLS else Kernel.PYTHON if "py" in word else Kernel.OTHER
    # The name of an environment of Python may be anything.
    return Kernel.OTHER if _OTHER_KERNELS.match(name) else Kernel.PYTHON


def _get(node: Node | None, key: str) -> Node | None:
    """The value of a key; of one that is written twice the last, as JSON parsers take it."""
    found = None
    for name, value in node.pairs if isinstance(node, Mapping) else ():
        if isinstance(name, Scalar) and name.text == key:
            found = value
    return found


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and node.kind == "text" else ""
