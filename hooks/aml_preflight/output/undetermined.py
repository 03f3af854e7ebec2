"""What could not be told, for ``--show-undetermined``: so that silence is not read as "checked"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import Style as Written
from ..rewritten import WRITTEN_OVER
from ..values import Unknown
from .positions import locator
from .terminal import BOLD, PLAIN, one_line, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..deployments import Deployment
    from .terminal import Style

_WORDS = {
    Written.SDK_V1: ("source_directory", "entry_script"),
    Written.CLI_V1: ("sourceDirectory", "entryScript"),
}


def render(
    pairs: Iterable[tuple[Deployment, Unknown]],
    *,
    shown_path: Callable[[str], str],
    style: Style = PLAIN,
) -> str:
    """One line for each value, with its line end."""
    lines = []
    for deployment, unknown in pairs:
        path = one_line(shown_path(unknown.place.file))
        where = style.paint(path, BOLD) + locator(unknown.place, "")
        what = _what(deployment, unknown)
        lines.append(f"{where}: {one_line(what)}: {sentence(unknown.reason)}\n")
    return "".join(lines)


def _what(deployment: Deployment, unknown: Unknown) -> str:
    """The sentence that the reason completes."""
    facts = deployment.facts
    if unknown is deployment.script_doubt or unknown is deployment.path_doubt:
        return _missing(deployment, unknown)
    if unknown.reason.startswith(WRITTEN_OVER):
        return "what the requirements file will say is not known"
    if unknown == facts.more_files:
        return f"whether what {deployment.outcome.variable} leads to will be there is not known"
    if unknown == facts.variables.open:
        return "whether there are more environment variables is not known"
    folder, script = _WORDS.get(facts.style, ("code folder", "score script"))
    if unknown == facts.source_directory == facts.entry_script:
        return f"the {folder} and the {script} are not known"
    if unknown == facts.source_directory:
        return f"the {folder} is not known"
    if unknown == facts.entry_script:
        return f"the {script} is not known"
    if unknown == facts.image:
        return "the image is not known"
    for variable in facts.variables.items:
        if unknown == variable.value:
            return f"the value of {variable.name.value} is not known"
    return "where the score script is in the container is not known"


def _missing(deployment: Deployment, unknown: Unknown) -> str:
    folder, script = _WORDS.get(deployment.facts.style, ("code folder", "score script"))
    if unknown is not deployment.script_doubt:
        what = f"what {deployment.outcome.variable} leads to"
    elif isinstance(deployment.location, Unknown):
        what = f"the {folder}"
    else:
        what = f"the {script}"
    return f"whether {what} will be there is not known"
