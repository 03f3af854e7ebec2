"""The name of the variable is misspelt, and nothing reads it.

## What it does

Checks the names of the variables that a deployment or an environment sets:

* names that resemble those by which the image installs packages, such as
  `AZUREML_EXTRA_REQUIRMENTS_TXT`;
* other names that begin with `AZUREML_EXTRA_`: they belong to the start script of the image, which
  reads no others;
* names that are often confused, such as `AZUREML_APP_ROOT` for `AML_APP_ROOT`.

In the text of a Markdown page or cell, and in fragments of code from which nothing else follows,
such a name is a warning: readers copy it. Names that the page itself calls misspelt or wrong, and
those in a changelog, are left alone.

What a script exports, or an env file holds, need not be for a container: there only names count
that are certainly meant to install packages, and that no program of the project reads. In an env
file that a container is given, all do.

Other names that begin with `AZUREML_` or `AML_` say nothing, and neither does a name that the code
beside the score script reads itself. An environment of SDK v1 that is not evidently for deployments
is left alone. Where a name is only somewhat near, it is a warning.

## Why it matters

The start script ignores a name that it does not know, without a word. The container starts,
installs nothing, and the score script fails later with `ModuleNotFoundError`.

## Example

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIRMENTS_TXT": "requirements.txt"}
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
```

## Fix safety

The fix is safe. It is offered only if there is no doubt about the name that was meant and it is not
set beside the misspelt one. It is unsafe where another variable that installs packages is set or
meant, since the container uses one of them alone; where more variables may be set than the file
shows; where the right name is one that the platform sets; and where the changed text is used
elsewhere as well. In running text it is unsafe where a link of the page leads to a heading with the
name.

## Source

The start script of the images; the configuration of azureml-inference-server-http 1.5.1.
Microsoft's page "Python package extensibility for prebuilt Docker images" and its translations have
the misspelling of the example."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .. import variables as names
from ..findings import Common, Edit, Fix, Report, Severity
from ..values import Known
from ..variables import Misspelling
from .readership import is_mentioned
from .wording import replace_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subjects import Settings

SEVERITY = Severity.ERROR
FIX = "safe"

_READ = (names.REQUIREMENTS, names.LIBRARY_PATH, names.CONDA_YAML)
_WITHOUT_IT = "the container would start without it"


def check_variables(settings: Settings) -> Iterator[Report]:
    meant: Counter[str] = Counter()
    for variable in settings.variables.items:
        found = names.misspelling(variable.name.value)
        if isinstance(found, Misspelling):
            meant[found.meant] += 1
    without = _without(settings)
    for variable in settings.variables.items:
        found = names.misspelling(variable.name.value)
        if found is None or is_mentioned(settings.deployment, variable.name.value):
            continue
        if isinstance(found, Misspelling):
            alone = meant[found.meant] == 1
            yield _misspelt(settings, variable.name, found, without, alone=alone)
        else:
            first, second, third = _READ
            advice = f"the image reads {first}, {second} and {third}"
            nothing = f"nothing reads {variable.name.value}"
            yield Report(
                variable.name.shown_at,
                f"{nothing}: {without}",
                help=advice,
                common=Common(f"{nothing}: {_WITHOUT_IT}", advice),
            )


def check_mention(mention: Known[str]) -> Iterator[Report]:
    """A name in the text of a page; only those by which the image installs packages count."""
    found = names.misspelling(mention.value)
    if not isinstance(found, Misspelling) or found.meant not in names.INSTALL_VARIABLES:
        return
    meant, place = found.meant, mention.place
    fix = None
    if found.certain and place.document.exact:
        text = meant.replace("_", "\\_") if "\\_" in place.text else meant
        linked = f"(#{mention.value.lower()}" in place.origin.document.text.lower()
        fix = Fix(f"write {meant}", (Edit(place, text),), safe=not linked)
    yield Report(
        place,
        f"nothing reads {mention.value}: whoever copies it gets a container that starts and "
        "installs nothing",
        help=f"write {meant}" if found.certain else f"did you mean {meant}?",
        fix=fix,
        severity=Severity.WARNING,
    )


def _misspelt(
    settings: Settings, name: Known[str], found: Misspelling, without: str, *, alone: bool
) -> Report:
    """``alone`` tells that no other name beside it is meant for the same variable."""
    meant, nothing = found.meant, f"nothing reads {name.value}"
    set_beside = settings.variables.get(meant) is not None
    rival = _rival(settings, meant)
    advice = f"write {meant}"
    in_any_case = f"{advice}, or remove this one where that is set as well"
    if set_beside:
        advice = f"{meant} is set as well: remove this one"
    elif not found.certain:
        advice = f"did you mean {meant}?"
    elif rival is not None:
        advice += f", without {rival} beside it: the container uses one of them alone"
    return Report(
        name.shown_at,
        f"{nothing}: {without}",
        help=advice,
        fix=_fix(settings, name, meant) if alone and found.certain and not set_beside else None,
        severity=None if found.certain else Severity.WARNING,
        common=Common(f"{nothing}: {_WITHOUT_IT}", in_any_case),
    )


def _without(settings: Settings) -> str:
    """What the container does that does not get the variable."""
    if any(settings.variables.get(name) is not None for name in names.INSTALL_VARIABLES):
        return _WITHOUT_IT
    return "the container would start and install nothing"


def _rival(settings: Settings, meant: str) -> str | None:
    """Another variable that installs packages and is set as well, or was meant to be: beside it a
    right name can undo what the container installs today. An empty one counts as not set."""
    if meant not in names.INSTALL_VARIABLES:
        return None
    for name, value in settings.variables.items:
        found = names.misspelling(name.value)
        other = found.meant if isinstance(found, Misspelling) else name.value
        empty = isinstance(value, Known) and value.value == ""
        if other in names.INSTALL_VARIABLES and other != meant and not empty:
            return name.value
    return None


def _fix(settings: Settings, name: Known[str], meant: str) -> Fix | None:
    # Of the others the platform sets most: the right name would overrule it.
    safe = settings.variables.open is None and meant in names.INSTALL_VARIABLES
    safe = safe and _rival(settings, meant) is None
    if name.literal is None and name.place.text == name.value and name.place.document.exact:
        # a keyword, as in dict(AZUREML_...="...")
        return Fix(f"write {meant}", (Edit(name.place, meant),), safe and not name.shared)
    return replace_value(name, meant, safe=safe, title=f"write {meant}")
