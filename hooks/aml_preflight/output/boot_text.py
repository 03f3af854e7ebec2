"""The ``boot`` view for people: what each container would do when it starts, and how that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..boot import Branch, StartScript, wanted_kind
from ..facts import Style as Written
from ..images import REGISTRY, Feature
from ..paths import Kind
from ..values import Known, Unknown
from .boot_facts import decider, empty, entry_script, misspelt, reason
from .positions import cell_of, locator, start_of
from .terminal import (
    BLUE,
    BOLD,
    DIM,
    GREEN,
    PLAIN,
    RED,
    YELLOW,
    one_line,
    sentence,
    shortened,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..deployments import Deployment
    from ..document import Place
    from .terminal import Style

    Shown = Callable[[str], str]
    Row = tuple[str, str]

_LONGEST_VALUE = 200
_LONGEST_PATH = 300
_LABEL = len("score script") + 2

_WORDS = {
    Written.SDK_V1: "Python SDK v1",
    Written.SDK_V2: "Python SDK v2",
    Written.CLI_V1: "CLI v1",
    Written.CLI_V2: "CLI v2",
    Written.DOCKER: "Docker",
}
_FEATURES = {
    Feature.AVAILABLE: "can add packages",
    Feature.REMOVED: "can no longer add packages: the variables do nothing",
    Feature.NEVER: "cannot add packages: the variables do nothing",
    Feature.UNVERIFIED: "not verified whether it can add packages",
    Feature.UNKNOWN: "which is not listed, taken to add packages",
}
_ENDS = {
    95: "pip refuses a line of this file"
    ' ("Error occurred. Sleeping to send error logs."), logs are sent for 45 seconds',
    97: "folder with pre-installed packages not found, no logs are sent",
    98: "expected conda yaml file not found, no logs are sent",
    99: "expected requirements file not found, no logs are sent",
}
"""In the words of the start script's log, which is cut off where the script does not wait."""
_DOES = {
    Branch.LIBRARY_PATH: "adds folder",
    Branch.CONDA: "installs",
    Branch.REQUIREMENTS: "installs",
}
_COMES_FIRST = {names.LIBRARY_PATH: "the library path", names.CONDA_YAML: "the conda file"}
_BLANK = "\0"
"""Stands for a blank at which a line is not broken; text that was made safe never holds it."""


def render(deployments: Iterable[Deployment], *, shown_path: Shown, style: Style = PLAIN) -> str:
    """A block for each deployment, with an empty line behind it, and a count if there are several.

    ``shown_path`` maps an absolute path to the one that is shown.
    """
    view = _View(shown_path, style)
    ends = []
    blocks = []
    for deployment in deployments:
        blocks.append("\n".join(view.block(deployment)) + "\n\n")
        ends.append(_end(deployment)[0])
    if len(ends) > 1:
        blocks.append(_count(ends) + "\n")
    return "".join(blocks) or "No deployments found.\n"


def _count(ends: list[str]) -> str:
    parts = []
    for end, one, more in (
        (_STARTS, "starts", "start"),
        (_LACKS, "starts without what is ignored", "start without what is ignored"),
        (_FAILS, "fails", "fail"),
        (_UNKNOWN, "cannot be told", "cannot be told"),
    ):
        number = ends.count(end)
        if number:
            parts.append(f"{number} {one if number == 1 else more}")
    return f"{len(ends)} deployments: {', '.join(parts)}."


_STARTS, _LACKS, _FAILS, _UNKNOWN = "starts", "lacks", "fails", "unknown"
_COLOURS = {_STARTS: GREEN, _LACKS: YELLOW, _FAILS: RED, _UNKNOWN: YELLOW}
_GLYPHS = {
    _STARTS: ("✓", "ok:"),
    _LACKS: ("!", "!"),
    _FAILS: ("✗", "FAILS:"),
    _UNKNOWN: ("?", "?"),
}


def _end(deployment: Deployment) -> tuple[str, str]:
    """How the start ends, and the words that say it."""
    outcome, where = deployment.outcome, deployment.location
    if outcome.exit_code is None:
        why = reason(deployment) or "the files do not show it"
        if isinstance(where, Unknown) and why == where.reason:
            why = "it depends on where the score script is"
        return _UNKNOWN, f"cannot be told: {sentence(why)}"
    if outcome.exit_code:
        meaning = _ENDS.get(outcome.exit_code, "the container ends")
        return _FAILS, f"exit code {outcome.exit_code}: {meaning}"
    doubt = deployment.script_doubt
    if doubt is not None:
        words = "install step passes, whether the score script will be there cannot be told"
        return _UNKNOWN, f"{words}: {sentence(doubt.reason)}"
    if not isinstance(where, Unknown) and not where.entry_found:
        return _FAILS, "install step passes, then the server cannot load the score script"
    if outcome.ignored or misspelt(deployment):
        return _LACKS, "install step passes, the server starts, without what is ignored"
    return _STARTS, "install step passes, the server starts"


class _View:
    def __init__(self, shown_path: Shown, style: Style) -> None:
        self.shown_path = shown_path
        self.style = style

    def block(self, deployment: Deployment) -> list[str]:
        paint, plain = self.style.paint, self.style.ascii_only
        bar, corner = ("|", "+") if plain else ("│", "└")
        lines = [self._header(deployment)]
        room = self.style.columns - len("| ")
        for label, text in self._rows(deployment):
            for number, line in enumerate(wrap(text, room - _LABEL)):
                word = "" if number else label
                start = paint(word, DIM) + " " * (_LABEL - len(word))
                lines.append(f"{paint(bar, BLUE)} {start}{line.replace(_BLANK, ' ')}")
        end, words = _end(deployment)
        glyph = _GLYPHS[end][plain]
        first, *others = wrap(words, room - len(glyph) - 1)
        colour = _COLOURS[end]
        lines.append(f"{paint(corner, BLUE)} {paint(f'{glyph} {first}', colour)}")
        lines += [f"  {'':{len(glyph)}} {paint(line, colour)}" for line in others]
        return lines

    def _header(self, deployment: Deployment) -> str:
        facts = deployment.facts
        path = one_line(self.shown_path(facts.place.file))
        words = _WORDS[facts.style]
        if isinstance(facts.name, Known):
            words += f', "{one_line(shortened(facts.name.value, _LONGEST_VALUE))}"'
        return f"{self.style.paint(locator(facts.place, path), BOLD)}  {words}"

    def _rows(self, deployment: Deployment) -> Iterator[Row]:
        yield "image", self._image(deployment)
        yield "score script", self._script(deployment)
        yield from self._packages(deployment)
        yield from self._ignored(deployment)

    # ---- the rows --------------------------------------------------------------------------

    def _image(self, deployment: Deployment) -> str:
        given = deployment.facts.image
        if isinstance(given, Unknown):
            return f"not known: {self._why(deployment, given)}"
        if given is None:
            return "none is given here, taken to add packages"
        name = given.value.removeprefix(REGISTRY) if deployment.image.name else given.value
        return f"{_value(name)}, {_FEATURES[deployment.image.feature]}"

    def _script(self, deployment: Deployment) -> str:
        where = deployment.location
        if isinstance(where, Unknown):
            return f"not known: {self._why(deployment, where)}"
        script = entry_script(deployment)
        local = self._path(where.entry_local)
        if script is None:
            return f"{local}, the image decides where in the container"
        if not where.entry_found:
            return f"{_whole(script)}, but {local} is not there"
        return f"{_whole(script)} ({local})"

    def _packages(self, deployment: Deployment) -> Iterator[Row]:
        outcome, variable = deployment.outcome, decider(deployment)
        more = deployment.facts.variables.open
        if more is not None and outcome.exit_code is None and outcome.variable is None:
            yield "variables", f"there may be more: {self._why(deployment, more)}"
        elif variable is not None:
            yield "decided by", self._setting(deployment, variable.name.value, variable.value)
        if outcome.container_path is not None and outcome.variable is not None:
            path, local = _whole(outcome.container_path), deployment.local_path
            if outcome.exit_code in (0, 95):
                here = "" if local is None else f" ({self._path(local)})"
                yield _DOES[outcome.branch], path + here
            else:
                yield "looks for", path
                yield "here", self._here(deployment)
        elif outcome.branch is Branch.DISABLED and not outcome.ignored:
            yield "packages", "none are added: no variable asks for any"

    def _setting(self, deployment: Deployment, name: str, value: Known[object] | Unknown) -> str:
        if isinstance(value, Unknown):
            return f"{name}, whose value is not known: {self._why(deployment, value)}"
        text = f'"{_value(value.value)}"' if isinstance(value.value, str) else repr(value.value)
        return f"{name} = {text} ({self._line(deployment, value.shown_at)})"

    def _here(self, deployment: Deployment) -> str:
        outcome, local = deployment.outcome, deployment.local_path
        if local is None:
            if outcome.found is Kind.UNKNOWN:
                return "not in what is uploaded, but perhaps in the image"
            if deployment.only_script_uploaded:
                return "nothing: only the score script is uploaded"
            docker = deployment.facts.style is Written.DOCKER
            given = "mounted or copied" if docker else "uploaded"
            return f"nothing: that is outside of what is {given}"
        shown = self._path(local)
        wanted = wanted_kind(outcome.variable) if outcome.variable else Kind.UNKNOWN
        if outcome.found in (Kind.MISSING, Kind.UNKNOWN):
            return f"{shown}, not found"
        return f"{shown}, a {outcome.found.value} where a {wanted.value} is needed"

    def _ignored(self, deployment: Deployment) -> Iterator[Row]:
        outcome = deployment.outcome
        for name in outcome.ignored:
            if outcome.variable is not None:
                why = f"{_COMES_FIRST.get(outcome.variable, outcome.variable)} comes first"
            elif deployment.image.start_script is StartScript.MLFLOW:
                why = "this image takes the conda.yaml of the MLflow model instead"
            else:
                why = "this image does not look at it"
            yield "ignored", f"{name}: {why}"
        for name in empty(deployment):
            yield "ignored", f"{name}: it is empty, which counts as not set"
        for name in misspelt(deployment):
            meant = names.misspelling(name)
            why = "nothing reads this name"
            if isinstance(meant, names.Misspelling):
                why += f", did you mean {meant.meant}?"
            yield "ignored", f"{_value(name)}: {why}"

    def _path(self, path: str) -> str:
        return _whole(self.shown_path(path))

    def _why(self, deployment: Deployment, unknown: Unknown) -> str:
        return f"{sentence(unknown.reason)} ({self._line(deployment, unknown.place)})"

    def _line(self, deployment: Deployment, place: Place) -> str:
        own, path = deployment.facts.place, place.file
        line, _ = start_of(place)
        if path != own.file:
            return f"{one_line(self.shown_path(path))}:{line}"
        cell = cell_of(place)
        if cell is None:
            return f"line{_BLANK}{line}"
        number, line, _ = cell
        return f"cell{_BLANK}{number}, line{_BLANK}{line}"


def _value(text: str) -> str:
    return one_line(shortened(text, _LONGEST_VALUE))


def _whole(path: str) -> str:
    return one_line(shortened(path, _LONGEST_PATH)).replace(" ", _BLANK)
