"""Facts of several files, joined: what one file says of a deployment that is written in another.

* An environment in a file of its own gives the deployment its image and, in v1, its variables.
* A command, or a script, that makes the deployment of a YAML file with other values makes a
  deployment of its own.
* ``--env-file`` gives a container variables.
* What one Python file makes, and another one uses, counts where it is used.
* A variable that a program of the project reads is no misspelling of another where it is exported.
* The conda file of an environment belongs to the deployment.

What cannot be found, or not for certain, stays unknown.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .document import Language
from .facts import DeploymentFacts, PathsFrom, Variables
from .forms import ENV_FILE, JSON, YAML, form_of
from .paths import Kind
from .python.modules import folders_above
from .readers import read
from .usage import is_read
from .values import Known, Unknown
from .written_files import laid_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .document import Document, Place
    from .facts import DeploymentOverride, EnvironmentFacts, FileFacts
    from .workspace import Workspace

ENVIRONMENT_JSON = "azureml_environment.json"
"""The file in the folder that SDK v1 saves an environment to and loads it from."""

_MOST_BYTES = 1_000_000
_CONDA_FILE = "conda_file"
_NOTEBOOK = PathsFrom.NOTEBOOK
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
    joining = _Joining(list(files), workspace, load)
    if not joining.anything:
        return Joined(joining.files, [])
    return joining.run()


class _Joining:
    def __init__(
        self,
        files: list[FileFacts],
        workspace: Workspace,
        load: Callable[[str], bytes | None],
    ) -> None:
        self.files = files
        self.workspace = workspace
        self._load = load
        self._by_path = {each.document.path: each for each in files}
        self._taken: set[Place] = {place for file in files for place in file.taken}
        self._users: dict[Place, list[str]] = {}
        """By the place of a deployment: other files that deploy it as it is."""
        self._variants: list[tuple[FileFacts, DeploymentFacts]] = []
        self._given: set[Place] = set()
        """The places of deployments that a command gives another code folder or score script."""
        self._overridden: dict[Place, set[str]] = {}
        """By the place of a deployment: the variables to which a command gives other values."""

    @property
    def anything(self) -> bool:
        """Whether any file says something of another one."""
        return any(
            file.overrides
            or file.modules
            or any(each.environment_file or each.env_files for each in file.deployments)
            or any(each.exported for each in file.environments)
            or (file.deployments and _CONDA_FILE in file.document.text)
            for file in self.files
        )

    def run(self) -> Joined:
        done: list[FileFacts] = []
        for file in self.files:  # grows while it is gone through
            seen = laid_over(file, self.workspace)
            deployments = tuple(self._complete(each, file, seen) for each in file.deployments)
            self._taken.update(
                each.place for each in deployments if _is_elsewhere(each.place, file)
            )
            changed = file._replace(deployments=deployments)
            for override in file.overrides:
                changed = self._override(override, changed, seen)
            done.append(changed)
        # To compare places is to ask where they are, which costs more than parsing.
        noted = (*self._taken, *self._users, *self._given, *self._overridden)
        paths = {place.document.path for place in noted}
        files = [self._without_read(self._without_taken(file, paths)) for file in done]
        return Joined(files, self._variants)

    def _without_taken(self, file: FileFacts, paths: set[str]) -> FileFacts:
        """The facts without what another file uses, and with who else deploys what is in it.
        ``paths`` are those of the files in which there is any such thing."""
        placed: list[DeploymentFacts | EnvironmentFacts] = [*file.deployments, *file.environments]
        if not any(each.place.document.path in paths for each in placed):
            return file
        deployments = tuple(
            self._placed(each)._replace(parts=(*each.parts, *self._users.get(each.place, ())))
            for each in file.deployments
            if each.place not in self._taken or _is_elsewhere(each.place, file)
        )
        environments = tuple(each for each in file.environments if each.place not in self._taken)
        return file._replace(deployments=deployments, environments=environments)

    def _without_read(self, file: FileFacts) -> FileFacts:
        """The facts without exported variables that a program of the project reads."""
        environments = []
        for each in file.environments:
            if each.exported:
                items = tuple(
                    item
                    for item in each.variables.items
                    if not is_read(self.workspace, file.document.path, item.name.value)
                )
                each = each._replace(variables=each.variables._replace(items=items))
            environments.append(each)
        return file._replace(environments=tuple(environments))

    def _placed(self, facts: DeploymentFacts) -> DeploymentFacts:
        """A deployment, whose variables, or code that is not there, are unknown where a command
        gives others: what the file says may only hold the place."""
        names = self._overridden.get(facts.place)
        if names and facts.place not in self._users:
            facts = facts._replace(variables=_without_values(facts.variables, names))
        folder, script = facts.source_directory, facts.entry_script
        if facts.place not in self._given or not isinstance(folder, Known):
            return facts
        path = os.path.join(os.path.dirname(facts.document.path), folder.value)
        if isinstance(script, Known):
            path = os.path.join(path, script.value)
        if self.workspace.kind(os.path.normpath(path)) is not Kind.MISSING:
            return facts
        return facts._replace(source_directory=Unknown(_GIVEN_LATER, folder.place))

    # ---- environments --------------------------------------------------------------------------

    def _complete(
        self, facts: DeploymentFacts, file: FileFacts, seen: Workspace
    ) -> DeploymentFacts:
        """A deployment with what its environment file and its env files say."""
        if file.modules:
            facts = facts._replace(parts=(*facts.parts, *_modules(file)))
        if facts.environment_file is not None:
            facts = self._with_environment(facts, facts.environment_file, seen)
        if facts.env_files:
            facts = self._with_env_files(facts, seen)
        return self._with_conda_files(facts, facts.document, seen)

    def _with_conda_files(
        self, facts: DeploymentFacts, document: Document, seen: Workspace
    ) -> DeploymentFacts:
        """A deployment with the conda files that a document of CLI v2 gives for its environment."""
        if document.language is not Language.YAML or _CONDA_FILE not in document.text:
            return facts
        found = (
            _find(given.value, document.path, facts.paths_from, seen)
            for given in _conda_files(document)
        )
        return facts._replace(parts=(*facts.parts, *filter(None, found)))

    def _with_environment(
        self, facts: DeploymentFacts, given: Known[str], seen: Workspace
    ) -> DeploymentFacts:
        path = _find(given.value, facts.document.path, facts.paths_from, seen)
        environment = self._environment(path, seen) if path is not None else None
        if path is None or environment is None:
            return facts
        self._taken.add(environment.place)
        self._note(path, seen)
        if isinstance(facts.image, Unknown) and facts.image.place == given.place:
            facts = facts._replace(image=environment.image)
        opened = facts.variables.open
        if opened is not None and opened.place == given.place:
            variables = _over(environment.variables, facts.variables)
            facts = facts._replace(variables=variables)
        facts = self._with_conda_files(facts, environment.document, seen)
        return facts._replace(parts=(*facts.parts, path))

    def _environment(self, path: str, seen: Workspace) -> EnvironmentFacts | None:
        from .configs import environment_files

        if form_of(path) not in (YAML, JSON):
            return None
        written = seen.written.get(path)
        if written is not None:
            language = Language.JSON if form_of(path) is JSON else Language.YAML
            written.language = language
            return environment_files.read_document(written)
        data = self._bytes(path)
        return None if data is None else environment_files.read(path, data)

    def _with_env_files(self, facts: DeploymentFacts, seen: Workspace) -> DeploymentFacts:
        from .containers import entry_script

        below = Variables()
        parts = []
        for given in facts.env_files:
            path = _find(given.value, facts.document.path, facts.paths_from, seen)
            variables = self._env_file(path, seen) if path is not None else None
            if path is None or variables is None:
                return facts
            below = _over(below, variables)
            parts.append(path)
        opened = facts.variables.open
        variables = _over(below, facts.variables)
        if opened is not None and opened.place != facts.env_files[0].place:
            variables = variables._replace(open=opened)
        return facts._replace(
            variables=variables,
            entry_script=facts.entry_script or entry_script(variables),
            parts=(*facts.parts, *parts),
        )

    def _env_file(self, path: str, seen: Workspace) -> Variables | None:
        """The variables in an env file of any name, as Docker reads them."""
        from .decoding import document_of
        from .shell import env_file, reader

        document: Document | None = seen.written.get(path)
        if document is None:
            data = self._bytes(path)
            if data is None:
                return None
            document, trouble = document_of(path, data, Language.ENV_FILE)
            if trouble:
                return None
        document.language = Language.ENV_FILE
        self._taken.update(each.place for each in reader.read_document(document).environments)
        self._note(path, seen)
        return env_file.variables_of(document, docker=True)

    # ---- overrides -----------------------------------------------------------------------------

    def _override(
        self, override: DeploymentOverride, file: FileFacts, seen: Workspace
    ) -> FileFacts:
        """Note the deployment that a command makes of a file. Returns the facts of the command's
        file, with a deployment of which little is known if the other one is not to be had."""
        base = self._base(override, file, seen)
        if base is None:
            if not override.variables.items:
                return file
            return file._replace(deployments=(*file.deployments, _of_something(override)))
        own = override.document.path
        if not _changes(override):
            self._users.setdefault(base.place, []).append(own)
            return file
        variables = _over(base.variables, override.variables)
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
        if override.source_directory or override.entry_script:
            self._given.add(base.place)
        names = {each.name.value for each in override.variables.items}
        self._overridden.setdefault(base.place, set()).update(names)
        self._variants.append((file, made))
        return file

    def _base(
        self, override: DeploymentOverride, file: FileFacts, seen: Workspace
    ) -> DeploymentFacts | None:
        """The one deployment of the file that a command names."""
        given = override.file
        if not isinstance(given, Known):
            return None
        path = _find(given.value, override.document.path, override.paths_from, seen)
        if path is None:
            return None
        if path in seen.written:
            found = [each for each in file.deployments if each.document.path == path]
        else:
            facts = self._note(path, seen)
            found = list(facts.deployments) if facts is not None else []
        return self._complete(found[0], file, seen) if len(found) == 1 else None

    def _note(self, path: str, seen: Workspace) -> FileFacts | None:
        """The facts of a file on the disk; it counts as read."""
        if path in seen.written or form_of(path) not in (YAML, JSON, ENV_FILE):
            return None
        known = self._by_path.get(path)
        if known is None:
            data = self._bytes(path)
            if data is not None:
                known = self._by_path[path] = read(path, data)
                self.files.append(known)
        return known

    def _bytes(self, path: str) -> bytes | None:
        data = self._load(path)
        return data if data is not None and len(data) <= _MOST_BYTES else None


def _find(given: str, own: str, paths_from: PathsFrom, seen: Workspace) -> str | None:
    """The one file that a relative path leads to, or that is in the folder that it leads to."""
    folder = os.path.dirname(own)
    above = folders_above(folder, seen.project(own))
    if paths_from is PathsFrom.PROJECT:
        return _find_from(given, above, seen)
    found = _find_from(given, [folder], seen)
    return _find_from(given, above, seen) if not found and paths_from is _NOTEBOOK else found


def _find_from(given: str, folders: list[str], seen: Workspace) -> str | None:
    found = []
    for folder in folders:
        path = os.path.normpath(os.path.join(folder, given))
        if seen.kind(path) is Kind.FOLDER:
            path = os.path.join(path, ENVIRONMENT_JSON)
        if seen.kind(path) is Kind.FILE:
            found.append(path)
    return found[0] if len(set(found)) == 1 else None


def _conda_files(document: Document) -> Iterator[Known[str]]:
    """The paths of conda files in a document that is an environment, or has one in it."""
    from .configs.reader import source_of

    source = source_of(document)
    for root in source.roots:
        fields = source.fields(root)
        inside = fields.mapping("environment")
        given = source.text(source.fields(inside) if inside else fields, _CONDA_FILE)
        if isinstance(given, Known):
            yield given


def _over(below: Variables, above: Variables) -> Variables:
    """Variables with others set over them. What may be more of them is what ``below`` says."""
    items = {each.name.value: each for each in below.items}
    items.update({each.name.value: each for each in above.items})
    return above._replace(
        items=tuple(items.values()),
        repeated=(*below.repeated, *above.repeated),
        replaced=(*below.replaced, *above.replaced),
        open=below.open,
    )


def _without_values(variables: Variables, names: set[str]) -> Variables:
    """Variables of which some have a value that is given later."""
    items = tuple(
        each._replace(value=Unknown(_GIVEN_LATER, each.value.place))
        if each.name.value in names
        else each
        for each in variables.items
    )
    return variables._replace(items=items)


def _changes(override: DeploymentOverride) -> bool:
    given = (override.image, override.source_directory, override.entry_script)
    variables = override.variables
    return bool(variables.items or variables.open) or any(each is not None for each in given)


def _of_something(override: DeploymentOverride) -> DeploymentFacts:
    """The deployment that a command makes of a file that is not to be had."""
    why = Unknown("the deployment that it changes is not here", override.file.place)
    return DeploymentFacts(
        style=override.style,
        document=override.document,
        place=override.place,
        name=override.name,
        image=override.image or why,
        source_directory=why,
        entry_script=override.entry_script or why,
        variables=override.variables,
    )


def _is_elsewhere(place: Place, file: FileFacts) -> bool:
    """Whether a place is in a module that the file imports."""
    return any(place.document.path == each.path for each in file.modules)


def _modules(file: FileFacts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.path for each in file.modules))
