"""Whether uploaded code may read a variable: then its name is the author's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..forms import form_of, may_deploy
from ..images import Feature
from ..lookalikes import entries
from ..paths import Kind
from ..usage import is_read
from ..values import Unknown
from ..workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

_MOST_FILES = 200
_TELLING = (".py", ".sh", ".yaml", ".yml", ".json", ".toml", ".cfg", ".ini", ".env")


def is_mentioned(deployment: Deployment | None, *words: str) -> bool:
    """Whether something that is uploaded mentions one of some words, or, where the image is none of
    the prebuilt ones, a program of the project reads a variable of that name: it may be in there.

    Of what is uploaded files that deploy do not count: another deployment may repeat the mistake.
    """
    wanted = [word.encode("utf-8", "surrogatepass") for word in words]
    for path in _uploaded(deployment):
        assert deployment is not None
        data = _bytes(deployment, path)
        if not any(word in data for word in wanted):
            continue
        form = form_of(path)
        if form is None or not may_deploy(form, data):
            return True
    if deployment is None or deployment.image.feature is not Feature.UNKNOWN:
        return False
    path = deployment.facts.document.path
    return any(is_read(deployment.workspace, path, word) for word in words)


def _uploaded(deployment: Deployment | None) -> Iterator[str]:
    """Absolute paths of the score script and of files beside it that can read a variable."""
    where = deployment.location if deployment is not None else None
    if deployment is None or where is None or isinstance(where, Unknown):
        return
    paths = [where.entry_local]
    if not deployment.only_script_uploaded:
        paths += [
            path
            for path, kind in entries(deployment, where.upload.local)
            if kind is Kind.FILE and path.lower().endswith(_TELLING)
        ]
    yield from list(dict.fromkeys(paths))[:_MOST_FILES]


def _bytes(deployment: Deployment, path: str) -> bytes:
    try:
        return deployment.workspace.read(path)
    except Unavailable:
        return b""
