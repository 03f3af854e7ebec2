"""What several rules say in the same words, and the fixes that they share."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..boot import APP_ROOT, exit_code_if_missing
from ..facts import Style
from ..findings import Edit, Fix, Related
from ..literals import quoted_like
from ..values import Known, Unknown

if TYPE_CHECKING:
    from ..deployments import Deployment
    from ..facts import Scalar
    from ..path_problems import PathProblem


def looked_for(problem: PathProblem) -> str:
    """What the container would look for in vain, and how it would end."""
    code = exit_code_if_missing(problem.variable.name.value)
    return (
        f"the container would look for {problem.outcome.container_path} and exit with code {code}"
    )


def where_the_script_is(deployment: Deployment) -> tuple[Related, ...]:
    """The places that decide which folder paths are relative to."""
    facts, where = deployment.facts, deployment.location
    if isinstance(where, Unknown):
        return ()
    folder = posixpath.normpath(posixpath.dirname(f"{APP_ROOT}/{where.entry_variable}"))
    if isinstance(facts.source_directory, Known):
        message = f"uploaded to {where.upload.container}"
        if folder == where.upload.container:
            message += ", where the score script is"
        return (Related(facts.source_directory.shown_at, message),)
    if isinstance(facts.entry_script, Known):
        return (Related(facts.entry_script.shown_at, f"the score script is in {folder}"),)
    return ()


def source_directory_word(deployment: Deployment) -> str:
    """What the author knows the uploaded folder as."""
    return "source_directory" if deployment.facts.style is Style.SDK_V1 else "code folder"


def replace_value(
    value: Known[str] | Known[Scalar], text: str, *, safe: bool, title: str | None = None
) -> Fix | None:
    """The fix that writes another text, where one literal spells the value.

    A literal that is used through a name may be used elsewhere too: then the fix is unsafe.
    """
    literal = value.literal
    if literal is None or not literal.document.exact:
        return None
    direct = literal == value.place
    edit = Edit(literal, quoted_like(literal.text, text))
    return Fix(title or f'write "{text}"', (edit,), safe and direct)
