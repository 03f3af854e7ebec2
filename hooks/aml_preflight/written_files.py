"""Files that a notebook writes or a page shows, laid over the disk: where deployments find them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .document import Document, Embedded, Language, Piece
from .paths import Kind
from .readers import path_of
from .values import Known
from .workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import FileFacts, WrittenFile
    from .workspace import Workspace


def laid_over(facts: FileFacts, workspace: Workspace) -> Workspace:
    """The workspace as it is once the files are written that a notebook writes, or a page shows."""
    if not facts.written:
        return workspace
    if facts.document.language is Language.MARKDOWN:
        shown = _shown(facts, workspace)
        return workspace.with_written(shown) if shown else workspace
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


def _shown(facts: FileFacts, workspace: Workspace) -> dict[str, Document]:
    """Files that a page shows, where its deployments look for them: beside a score script that is
    there, and only where the project has no such file itself."""
    found: dict[str, Document] = {}
    for file in facts.written:
        folder, name = os.path.split(os.path.normpath(file.path))
        for place in _script_folders(facts, workspace):
            path = os.path.join(place, name)
            fits = os.path.join(place, "").endswith(os.path.join(os.sep, folder, ""))
            if fits and workspace.kind(path) is Kind.MISSING and path not in found:
                found[path] = _copy(file.document, path)
    return found


def _script_folders(facts: FileFacts, workspace: Workspace) -> Iterator[str]:
    """The folders of the score scripts of a page that exist, seen from its folder or above."""
    root = workspace.project(facts.document.path)
    bases = [os.path.dirname(facts.document.path)]
    while bases[-1].startswith(os.path.join(root, "")):
        bases.append(os.path.dirname(bases[-1]))
    for each in facts.deployments:
        folder, script = each.source_directory, each.entry_script
        if isinstance(folder, Known) and isinstance(script, Known):
            for base in bases:
                path = os.path.normpath(os.path.join(base, folder.value, script.value))
                if workspace.kind(path) is Kind.FILE:
                    yield os.path.dirname(path)


def _copy(document: Embedded, path: str) -> Embedded:
    return Embedded(
        document.text,
        document.pieces,
        source=document.pieces[0].source,
        language=document.language,
        path=path,
    )


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
