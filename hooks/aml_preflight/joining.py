"""Facts of several files, joined: what one file says of a deployment that is written in another.

* What the files that a deployment names add to it (``completing``).
* A command, or a script, that makes the deployment of a YAML file with other values makes a
  deployment of its own.
* What one Python file makes, and another one uses, counts where it is used.
* A variable that a program of the project reads is no misspelling of another where it is exported,
  nor without use where a job gets it.

What cannot be found, or not for certain, stays unknown.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from .completing import CONDA_FILE, NamedFiles, find, over
from .containers import installs
from .document import Language, is_example
from .facts import DeploymentFacts, Style, Variables
from .forms import YAML, form_of
from .paths import Kind
from .usage import is_read
from .values import Known, Unknown
from .written_files import laid_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .document import Place
    from .facts import DeploymentOverride, EnvironmentFacts, FileFacts
    from .workspace import Workspace

_GIVEN_LATER = "the command that deploys it gives another"


class Joined(NamedTuple):
    """The facts of all files, those that had to be read as well at the end.

    ``variants`` are deployments of one file with the changes of another: what is wrong with the
    first is wrong with these too. Each comes with the file that changes it.
    """

    files: list[FileFacts]
    variants: list[tuple[FileFacts, DeploymentFacts]]


def join(
    files: Iterable[FileFacts], workspace: Workspace, load: Callable[[str], bytes | None]
) -> Joined:
    """Join the facts of files. ``load`` gives the bytes of a file of the workspace, or ``None`` if
    it cannot be read."""
    named = NamedFiles(list(files), load)
    if not any(map(_says_of_others, named.files)):
        return Joined(named.files, [])
    return _Joining(named, workspace).run()


def _says_of_others(file: FileFacts) -> bool:
    """Whether a file says something of another one."""
    return bool(
        file.overrides
        or file.modules
        or any(each.environment_file or each.env_files for each in file.deployments)
        or any(each.exported for each in file.environments)
        or file.others
        or (file.deployments and CONDA_FILE in file.document.text)
    )


class _Joining:
    def __init__(self, named: NamedFiles, workspace: Workspace) -> None:
        self.named = named
        self.workspace = workspace
        self._users: dict[Place, list[str]] = {}
        """By the place of a deployment: other files that deploy it as it is."""
        self._changed: dict[Place, list[DeploymentOverride]] = {}
        """Likewise the commands that deploy it with other values."""
        self._variants: list[tuple[FileFacts, DeploymentFacts]] = []
        self._of_unknown: dict[str, list[DeploymentOverride]] = {}
        """Those of a file that is not known, or is not there, by what its path is like."""

    def run(self) -> Joined:
        done: list[FileFacts] = []
        for file in self.named.files:  # grows while it is gone through
            seen = laid_over(file, self.workspace)
            deployments = tuple(self.named.complete(each, file, seen) for each in file.deployments)
            self.named.taken.update(
                each.place for each in deployments if _is_elsewhere(each.place, file)
            )
            changed = file._replace(deployments=deployments)
            for override in file.overrides:
                changed = self._override(override, changed, seen)
            done.append(changed)
        # To compare places is to ask where they are, which costs more than parsing.
        noted = (*self.named.taken, *self._users, *self._changed)
        paths = {place.document.path for place in noted}
        files = [self._without_read(self._without_taken(file, paths)) for file in done]
        return Joined(files, self._variants)

    def _without_taken(self, file: FileFacts, paths: set[str]) -> FileFacts:
        """The facts without what another file uses, and with who else deploys what is in it.
        ``paths`` are those of the files in which there is any such thing."""
        placed: list[DeploymentFacts | EnvironmentFacts] = [*file.deployments, *file.environments]
        if not any(
            each.place.document.path in paths or any(self._may_mean(each)) for each in placed
        ):
            return file
        deployments = tuple(
            self._placed(each)._replace(parts=(*each.parts, *self._makers(each)))
            for each in file.deployments
            if each.place not in self.named.taken or _is_elsewhere(each.place, file)
        )
        environments = tuple(
            each for each in file.environments if each.place not in self.named.taken
        )
        return file._replace(deployments=deployments, environments=environments)

    def _without_read(self, file: FileFacts) -> FileFacts:
        """The facts without variables that a program of the project reads, where they are exported
        or given to what is no online deployment."""

        def unread(variables: Variables) -> Variables:
            names = (each.name.value for each in variables.items)
            read = {each for each in names if installs(each) and self._is_read(file, each)}
            items = (each for each in variables.items if each.name.value not in read)
            return variables._replace(items=tuple(items))

        environments = (
            each._replace(variables=unread(each.variables)) if each.exported else each
            for each in file.environments
        )
        others = (each._replace(variables=unread(each.variables)) for each in file.others)
        return file._replace(environments=tuple(environments), others=tuple(others))

    def _makers(self, facts: DeploymentFacts) -> Iterator[str]:
        """The other files that deploy what a file says, as it is or with other values."""
        yield from self._users.get(facts.place, ())
        yield from (each.document.path for each in self._changed.get(facts.place, ()))

    def _is_read(self, file: FileFacts, name: str) -> bool:
        return is_read(self.workspace, file.document.path, name)

    def _placed(self, facts: DeploymentFacts) -> DeploymentFacts:
        """A deployment, whose variables, or code that is not there, are unknown where a command
        gives others: what the file says may only hold the place."""
        reasons: dict[str, str] = {}
        given = None
        for override, reason in self._changes_of(facts):
            for variable in override.variables.items:
                reasons.setdefault(variable.name.value, reason)
            if override.source_directory is not None or override.entry_script is not None:
                given = given or reason
        if reasons and facts.place not in self._users:
            facts = facts._replace(variables=_without_values(facts.variables, reasons))
        folder, script = facts.source_directory, facts.entry_script
        if given is None or not isinstance(folder, Known):
            return facts
        path = os.path.join(os.path.dirname(facts.document.path), folder.value)
        if isinstance(script, Known):
            path = os.path.join(path, script.value)
        if self.workspace.kind(os.path.normpath(path)) is not Kind.MISSING:
            return facts
        return facts._replace(source_directory=Unknown(given, folder.place))

    def _changes_of(self, facts: DeploymentFacts) -> Iterator[tuple[DeploymentOverride, str]]:
        """The commands that give a deployment other values, or may do so, with what to say of it;
        the certain ones first."""
        yield from ((each, _GIVEN_LATER) for each in self._changed.get(facts.place, ()))
        for each in self._may_mean(facts):
            yield each, f"`{os.path.basename(each.document.path)}` may give it another value"

    def _may_mean(self, facts: DeploymentFacts | EnvironmentFacts) -> Iterator[DeploymentOverride]:
        """The commands that may mean the file of a deployment, for all that they say of its path:
        only files of CLI v2 can be meant."""
        if not self._of_unknown or facts.style is not Style.CLI_V2:
            return
        document = facts.document
        if document.language is Language.YAML and form_of(document.path) is YAML:
            path = document.path.replace(os.sep, "/")
            for pattern, overrides in self._of_unknown.items():
                if _is_like(path, pattern):
                    yield from overrides

    # ---- overrides -----------------------------------------------------------------------------

    def _override(
        self, override: DeploymentOverride, file: FileFacts, seen: Workspace
    ) -> FileFacts:
        """Note the deployment that a command makes of a file. Returns the facts of the command's
        file, with a deployment of which little is known if the other one is not to be had."""
        base = self._base(override, file, seen)
        if base is None:
            if not is_example(override.document):  # a page's file is nobody's in particular
                self._of_unknown.setdefault(override.file_like, []).append(override)
            if not override.variables.items and isinstance(override.file, Known):
                return file
            return file._replace(deployments=(*file.deployments, _of_something(override)))
        own = override.document.path
        if not _changes(override):
            self._users.setdefault(base.place, []).append(own)
            return file
        variables = over(base.variables, override.variables)
        variables = variables._replace(open=override.variables.open or base.variables.open)
        made = base._replace(
            place=override.place,
            name=override.name or base.name,
            image=override.image or base.image,
            source_directory=override.source_directory or base.source_directory,
            entry_script=override.entry_script or base.entry_script,
            variables=variables,
            parts=(*base.parts, base.document.path, own),
        )
        self._changed.setdefault(base.place, []).append(override)
        self._variants.append((file, made))
        return file

    def _base(
        self, override: DeploymentOverride, file: FileFacts, seen: Workspace
    ) -> DeploymentFacts | None:
        """The one deployment of the file that a command names."""
        given = override.file
        if not isinstance(given, Known):
            return None
        path = find(given.value, override.document.path, override.paths_from, seen)
        if path is None:
            return None
        if path in seen.written:
            found = [each for each in file.deployments if each.document.path == path]
        else:
            facts = self.named.facts_of(path, seen)
            found = list(facts.deployments) if facts is not None else []
        return self.named.complete(found[0], file, seen) if len(found) == 1 else None


def _without_values(variables: Variables, reasons: dict[str, str]) -> Variables:
    """Variables of which some have a value that is given later; ``reasons`` say why, by name."""
    items = tuple(
        each._replace(value=Unknown(reasons[each.name.value], each.value.place))
        if each.name.value in reasons
        else each
        for each in variables.items
    )
    return variables._replace(items=items)


def _is_like(path: str, pattern: str) -> bool:
    """Whether a path may end as a pattern says."""
    written = map(re.escape, pattern.split("*"))
    return re.search(f"(?:^|/){'.*'.join(written)}$", path) is not None


def _changes(override: DeploymentOverride) -> bool:
    given = (override.image, override.source_directory, override.entry_script)
    variables = override.variables
    return bool(variables.items or variables.open) or any(each is not None for each in given)


def _of_something(override: DeploymentOverride) -> DeploymentFacts:
    """The deployment that a command makes of a file that is not to be had."""
    variables, why = override.variables, override.file
    if isinstance(why, Known):
        why = Unknown("the deployment that it changes is not here", why.place)
    else:
        variables = variables._replace(open=variables.open or why)
    return DeploymentFacts(
        style=override.style,
        document=override.document,
        place=override.place,
        name=override.name,
        image=override.image or why,
        source_directory=override.source_directory or why,
        entry_script=override.entry_script or why,
        variables=variables,
    )


def _is_elsewhere(place: Place, file: FileFacts) -> bool:
    """Whether a place is in a module that the file imports."""
    return any(place.document.path == each.path for each in file.modules)
