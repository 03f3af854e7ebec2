"""The reader of each form, and the texts of other languages that stand inside a file.

A container (a notebook, a Markdown page) says which texts are embedded in it and in which language
each is; they are read here by the readers of those languages, and what is found counts for the
file around them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import discovery
from .document import Language

if TYPE_CHECKING:
    from .document import Document, Embedded
    from .facts import FileFacts, WrittenFile

_LANGUAGES = {
    discovery.PYTHON: Language.PYTHON,
    discovery.YAML: Language.YAML,
    discovery.JSON: Language.JSON,
    discovery.DOCKERFILE: Language.DOCKERFILE,
    discovery.SHELL: Language.SHELL,
    discovery.ENV_FILE: Language.ENV_FILE,
}


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file of one of the forms of ``discovery``; ``path`` is absolute.

    Never raises for what is in the file.
    """
    form = discovery.form_of(path)
    if form is discovery.NOTEBOOK:
        from .notebooks import reader as notebooks

        facts = notebooks.read(path, data)
    elif form is discovery.MARKDOWN:
        from .markdown import reader as markdown

        facts = markdown.read(path, data)
    elif form is discovery.YAML or form is discovery.JSON:
        from .configs import reader as configs

        return configs.read(path, data)
    elif form is discovery.DOCKERFILE:
        from .docker import reader as docker

        return docker.read(path, data)
    elif form is discovery.SHELL or form is discovery.ENV_FILE:
        from .shell import reader as shell

        return shell.read(path, data)
    else:
        from .python import reader as python

        return python.read(path, data)
    return _with_embedded(facts)


def _with_embedded(facts: FileFacts) -> FileFacts:
    inside = [_read_embedded(each) for each in facts.embedded]
    for file in facts.written:
        document = _named(file, facts.document)
        if document is not None:
            inside.append(_read_embedded(document))
    found = [each for each in inside if each is not None]
    return facts._replace(
        deployments=(*facts.deployments, *(one for each in found for one in each.deployments)),
        environments=(*facts.environments, *(one for each in found for one in each.environments)),
        ignored=(*facts.ignored, *(one for each in found for one in each.ignored)),
        trouble=(*facts.trouble, *(one for each in found for one in each.trouble)),
        others=(*facts.others, *(one for each in found for one in each.others)),
        embedded=(*facts.embedded, *(one for each in found for one in each.embedded)),
    )


def _named(file: WrittenFile, around: Document) -> Embedded | None:
    """The text of a written file, at the path that it gets, if deployments may be in it."""
    document = file.document
    document.path = path_of(file, around)
    form = discovery.form_of(document.path)
    if form is None or form not in _LANGUAGES:
        return None
    if not discovery.may_deploy(form, document.text.encode("utf-8", "surrogatepass")):
        return None
    document.language = _LANGUAGES[form]
    return document


def path_of(file: WrittenFile, around: Document) -> str:
    """The absolute path of a file that is written in a notebook or page."""
    return os.path.normpath(os.path.join(os.path.dirname(around.path), file.path))


def _read_embedded(document: Embedded) -> FileFacts | None:
    language = document.language
    if language is Language.PYTHON:
        from .python import reader as python

        return python.read_document(document)
    if language is Language.YAML or language is Language.JSON:
        from .configs import reader as configs

        return configs.read_document(document)
    if language is Language.DOCKERFILE:
        from .docker import reader as docker

        return docker.read_document(document)
    if language is Language.SHELL or language is Language.ENV_FILE:
        from .shell import reader as shell

        return shell.read_document(document)
    return None
