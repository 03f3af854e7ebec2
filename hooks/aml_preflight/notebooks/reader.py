"""Reads them: the cells, and which of the texts in them are worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..document import Language, Place
from ..facts import FileFacts
from ..forms import ENV_FILE, MARK, MARKDOWN, MOST_BYTES, NOTEBOOK, PYTHON, SHELL, may_deploy
from ..values import Unknown
from .cells import Kernel, read_cells

if TYPE_CHECKING:
    from ..document import Document, Embedded
    from .cells import Cell, Notebook

_FORMS = {
    Language.PYTHON: PYTHON,
    Language.SHELL: SHELL,
    Language.ENV_FILE: ENV_FILE,
    Language.MARKDOWN: MARKDOWN,
}


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    notebook = read_cells(path, data)
    facts = _code(notebook)
    pages = [cell for cell in notebook.cells if not cell.is_code and _is_worth_it(cell)]
    if notebook.trouble is not None:
        facts = facts._replace(trouble=(notebook.trouble, *facts.trouble))
    return facts._replace(embedded=(*facts.embedded, *pages))


def _code(notebook: Notebook) -> FileFacts:
    facts = FileFacts(notebook.document)
    code = notebook.code
    if notebook.kernel is Kernel.OTHER or not _may_matter(code):
        return facts
    if sum(len(cell.text) for cell in code) > MOST_BYTES:
        reason = f"its code is larger than {MOST_BYTES // 1_000_000} MB"
        return facts._replace(trouble=(Unknown(reason, Place(code[0], code[0].line_span(1))),))
    from . import program

    if notebook.kernel is Kernel.SHELL:
        return facts._replace(embedded=(program.script(notebook),))
    found = program.contents(notebook)
    texts = [each for each in (found.program, *found.others) if _is_worth_it(each)]
    return facts._replace(embedded=tuple(texts), written=found.written, trouble=found.trouble)


def _may_matter(code: tuple[Cell, ...]) -> bool:
    """Whether there can be anything for us in some cells together."""
    every = "\n".join(cell.text for cell in code)
    return may_deploy(NOTEBOOK, _bytes(every))


def _is_worth_it(document: Embedded) -> bool:
    return may_deploy(_FORMS[document.language], _bytes(document.text)) or _has_comment(document)


def _has_comment(document: Document) -> bool:
    return MARK in document.text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
