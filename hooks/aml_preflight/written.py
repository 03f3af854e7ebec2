"""Files that a notebook writes, laid over the disk: where its deployments will find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import Document, Embedded, Piece
from .readers import path_of
from .workspace import Unavailable

if TYPE_CHECKING:
    from .facts import FileFacts, WrittenFile
    from .workspace import Workspace


def laid_over(facts: FileFacts, workspace: Workspace) -> Workspace:
    """The workspace as it is once the files are written that a notebook writes."""
    if not facts.written:
        return workspace
    files: dict[str, Document] = {}
    for file in facts.written:
        path = path_of(file, facts.document)
        if file.append:
            before = files.get(path) or _on_disk(path, workspace)
            files[path] = file.document if before is None else _behind(before, file)
        else:
            files[path] = file.document
        files[path].path = path
    return workspace.with_written(files)


def _on_disk(path: str, workspace: Workspace) -> Document | None:
    try:
        return Document(path, workspace.read(path).decode("utf-8"))
    except (Unavailable, UnicodeDecodeError):
        return None


def _behind(before: Document, file: WrittenFile) -> Embedded:
    """The text of a file with that of an appending cell behind it."""
    first, second = before, file.document
    middle, end = len(first.text), len(first.text) + len(second.text)
    pieces = [
        Piece(0, middle, first, 0, middle),
        Piece(middle, end, second, 0, len(second.text)),
    ]
    text = first.text + second.text
    return Embedded(text, pieces, source=second, language=second.language, path=before.path)
