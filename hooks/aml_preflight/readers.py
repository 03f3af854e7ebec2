"""The reader of each form, and the texts of other languages that stand inside a file.

A container (a notebook, a Markdown page) says which texts are embedded in it and in which language
each is; they are read here by the readers of those languages, and what is found counts for the
file around them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import forms
from .document import SHELLS, Language, is_example
from .facts import PathsFrom

if TYPE_CHECKING:
    from .document import Document, Embedded, Outline
    from .facts import FileFacts, WrittenFile
    from .python.modules import Modules
    from .values import Unknown

_LANGUAGES = {
    forms.PYTHON: Language.PYTHON,
    forms.YAML: Language.YAML,
    forms.JSON: Language.JSON,
    forms.DOCKERFILE: Language.DOCKERFILE,
    forms.SHELL: Language.SHELL,
    forms.ENV_FILE: Language.ENV_FILE,
}


def read(
    path: str,
    data: bytes,
    modules: Modules | None = None,
    outline: Outline | None = None,
) -> FileFacts:
    """The facts of a file of one of the forms of ``forms``; ``path`` is absolute.

    ``modules`` are those that its Python may import; ``outline`` is that of a Python file, if it is
    known. Never raises for what is in the file.
    """
    form = forms.form_of(path)
    if form is forms.NOTEBOOK:
        from .notebooks import reader as notebooks

        facts = notebooks.read(path, data)
        return _with_embedded(facts, _beside(facts, modules))
    if form is forms.MARKDOWN:
        from .markdown import reader as markdown

        facts = markdown.read(path, data)
    elif form is forms.YAML or form is forms.JSON:
        from .configs import reader as configs

        facts = configs.read(path, data)
    elif form is forms.DOCKERFILE:
        from .docker import reader as docker

        return docker.read(path, data)
    elif form is forms.SHELL or form is forms.ENV_FILE:
        from .shell import reader as shell

        facts = shell.read(path, data)
    else:
        from .python import reader as python

        return python.read(path, data, modules, outline)
    return _with_embedded(facts, None)


def _beside(facts: FileFacts, modules: Modules | None) -> Modules | None:
    """The modules that a notebook imports: those that it writes come before those on the disk."""
    if modules is None or not facts.written:
        return modules
    documents: dict[str, Document | None] = {}
    for file in facts.written:
        path = path_of(file, facts.document)
        if forms.form_of(path) is forms.PYTHON:
            file.document.path = path
            documents[path] = None if file.append else file.document
    return modules.with_written(documents)


def _with_embedded(facts: FileFacts, modules: Modules | None) -> FileFacts:
    moves = bool(facts.embedded) and _changes_folder(facts.document)
    inside = [_read_embedded(each, modules) for each in facts.embedded]
    if facts.document.language is Language.NOTEBOOK:
        inside = [_at_home(each, moves=moves) for each in inside]
    texts = zip(facts.embedded, inside, strict=True)
    silent = {id(text) for text, found in texts if found is None or not _says_anything(found)}
    unheard = [mention for text, mention in facts.mentions_in if id(text) in silent]
    named = [_named(file, facts.document) for file in facts.written]
    files = [document for document in named if document is not None]
    inside += [_read_embedded(document, modules) for document in files]
    found = [each for each in inside if each is not None]
    return facts._replace(
        deployments=(*facts.deployments, *(one for each in found for one in each.deployments)),
        environments=(*facts.environments, *(one for each in found for one in each.environments)),
        ignored=(*facts.ignored, *(one for each in found for one in each.ignored)),
        trouble=(*facts.trouble, *(one for each in found for one in _said_of(each))),
        others=(*facts.others, *(one for each in found for one in each.others)),
        mentions=(*facts.mentions, *unheard, *(one for each in found for one in each.mentions)),
        embedded=(*facts.embedded, *files, *(one for each in found for one in each.embedded)),
        overrides=(*facts.overrides, *(one for each in found for one in each.overrides)),
        modules=(*facts.modules, *(one for each in found for one in each.modules)),
        taken=(*facts.taken, *(one for each in found for one in each.taken)),
    )


def _says_anything(facts: FileFacts) -> bool:
    """Whether variables of anything came of a text."""
    return bool(
        facts.deployments or facts.environments or facts.ignored or facts.others or facts.overrides
    )


def _changes_folder(notebook: Document) -> bool:
    """Whether anything in a notebook may go to another folder."""
    return any(word in notebook.text for word in ("%cd", '"cd ', "chdir(", "%pushd", '"pushd '))


def _at_home(found: FileFacts | None, *, moves: bool) -> FileFacts | None:
    """What a notebook does starts in its own folder, if nothing in it goes to another. Editors and
    papermill may start it in one above."""
    if found is None:
        return found
    language = found.document.language
    if language is Language.MARKDOWN:
        return found
    if moves and language is not Language.PYTHON:  # the program knows where it is
        return found
    home = PathsFrom.NOTEBOOK
    return found._replace(
        deployments=tuple(each._replace(paths_from=home) for each in found.deployments),
        overrides=tuple(each._replace(paths_from=home) for each in found.overrides),
    )


def _said_of(facts: FileFacts) -> tuple[Unknown, ...]:
    """What its author should be told; an example on a page may be whatever serves its readers."""
    return () if is_example(facts.document) else facts.trouble


def _named(file: WrittenFile, around: Document) -> Embedded | None:
    """The text of a written file, at the path that it gets, if deployments may be in it."""
    document = file.document
    document.path = path_of(file, around)
    form = forms.form_of(document.path)
    if form is None or form not in _LANGUAGES:
        return None
    if not forms.may_deploy(form, document.text.encode("utf-8", "surrogatepass")):
        return None
    document.language = _LANGUAGES[form]
    return document


def path_of(file: WrittenFile, around: Document) -> str:
    """The absolute path of a file that is written in a notebook or page."""
    return os.path.normpath(os.path.join(os.path.dirname(around.path), file.path))


def _read_embedded(document: Embedded, modules: Modules | None) -> FileFacts | None:
    language = document.language
    if language is Language.PYTHON:
        from .python import reader as python

        return python.read_document(document, modules)
    if language is Language.YAML or language is Language.JSON:
        from .configs import reader as configs

        return _with_embedded(configs.read_document(document), None)
    if language is Language.DOCKERFILE:
        from .docker import reader as docker

        return docker.read_document(document)
    if language in (*SHELLS, Language.ENV_FILE):
        from .shell import reader as shell

        return _with_embedded(shell.read_document(document), None)
    if language is Language.MARKDOWN:
        from .markdown import reader as markdown

        return _with_embedded(markdown.read_document(document), None)
    return None
