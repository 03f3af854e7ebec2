"""Which parts of a Python text libcst has to parse, told by the standard parser.

libcst is not imported here: an outline is made for many files by processes that never need it.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from .decoding import decode
from .nesting import DEEPEST
from .relevance import Statement, relevant

if TYPE_CHECKING:
    from ..document import Document, Outline, Span

_WIDEST_GAP = 1_000
"""How many code points of empty lines and comments between two statements libcst is given."""


def parse(text: str) -> list[ast.stmt]:
    """The statements of a text, by the standard parser. Raises what that raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a SyntaxWarning is not ours to print
        return ast.parse(text).body


def lines_of(document: Document, body: list[ast.stmt]) -> list[tuple[int, int, list[ast.stmt]]]:
    """Start and end of the lines of each statement with its decorators, or of several that share a
    line, as offsets in code points."""
    starts, length = document.line_starts, len(document.text)
    found: list[tuple[int, int, list[ast.stmt]]] = []
    goes_on = False
    for node in body:
        first = node.lineno
        decorators = getattr(node, "decorator_list", [])
        if decorators:
            first = min(first, decorators[0].lineno)
            while first > 1 and not document.line(first).lstrip().startswith("@"):
                first -= 1
        last = node.end_lineno or node.lineno
        begin = starts[first - 1]
        end = starts[last] if last < len(starts) else length
        if found and (begin < found[-1][1] or goes_on):  # `a = 1; b = 2`, perhaps over lines
            begin, _, before = found.pop()
            found.append((begin, end, [*before, node]))
        else:
            found.append((begin, end, [node]))
        goes_on = document.text[begin:end].rstrip("\r\n").endswith("\\")
    return found


def outline(document: Document, body: list[ast.stmt]) -> Outline:
    """The parts of a document that can matter, in order; ``body`` is what ``parse`` made of it.

    Statements that follow each other are one part, which is quicker to parse than several.
    """
    groups = [
        (begin, end, [Statement(node, document.text[begin:end]) for node in nodes])
        for begin, end, nodes in lines_of(document, body)
    ]
    kept = {id(each) for each in relevant([each for *_, group in groups for each in group])}
    parts: list[list[Span]] = [[]]
    too_deep: list[int] = []
    for begin, end, group in groups:
        part = parts[-1]
        if not any(id(each) in kept for each in group):
            parts.append([])
        elif any(each.found.depth > DEEPEST for each in group):
            too_deep.append(begin)
            parts.append([])
        elif part and begin - part[-1][1] > _WIDEST_GAP:
            parts.append([(begin, end)])
        else:
            part.append((begin, end))
    return [part for part in parts if part], too_deep


def outline_of_file(path: str, data: bytes) -> Outline | None:
    """The outline of a Python file, ``None`` if something is wrong with it: who reads it meets that
    again and tells of it."""
    try:
        document = decode(path, data)
        return outline(document, parse(document.text))
    except Exception:
        return None
