"""Containers that start one of the inference images: which variables speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import variables as names
from .facts import Variable, Variables
from .images import REGISTRY
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .facts import Text


def installs(name: str) -> bool:
    """Whether a name is one of the variables that add packages, or meant to be."""
    if name in names.INSTALL_VARIABLES:
        return True
    found = names.misspelling(name)
    return isinstance(found, names.Misspelling) and found.meant in names.INSTALL_VARIABLES


def certainly_installs(name: str) -> bool:
    """The same, without doubt."""
    found = names.misspelling(name)
    return installs(name) and (not isinstance(found, names.Misspelling) or found.certain)


def for_inference(given: Collection[str], image: str | None) -> bool:
    """Whether variables of these names, and the image beside them where it is known, are evidently
    for online deployments. Training takes variables, environments and other images alike."""
    if any(installs(each) or each.startswith(names.PREFIX) for each in given):
        return True
    if image is not None:
        return image.startswith(REGISTRY) and "inference" in image
    return not names.OF_SERVER.isdisjoint(given) or any(
        isinstance(names.misspelling(each), names.Misspelling) for each in given
    )


def ours(name: str) -> bool:
    """Whether an inference image reads a variable, or its name begins as if it did."""
    return name in names.KNOWN or names.misspelling(name) is not None


def in_force(given: Iterable[tuple[Known[str], Text]], open_: Unknown | None = None) -> Variables:
    """The variables of a list in which the last of a name wins, as docker has it."""
    kept: dict[str, Variable] = {}
    lost: list[tuple[Variable, Variable]] = []
    for name, value in given:
        variable = Variable(name, value)
        before = kept.pop(name.value, None)
        if before is not None:
            lost.append((before, variable))
        kept[name.value] = variable
    return Variables(tuple(kept.values()), tuple(lost), open=open_)


def entry_script(variables: Variables) -> Text | None:
    """The score script that a container's variables name, relative to the app root."""
    variable = variables.get(names.ENTRY_SCRIPT)
    value = variable.value if variable is not None else None
    if value is None or isinstance(value, Unknown):
        return value
    if not isinstance(value.value, str) or not value.value:
        return None
    if value.value.startswith("/"):
        return Unknown("the score script is given as an absolute path", value.place)
    return Known(value.value, value.place, value.literal, shared=value.shared)
