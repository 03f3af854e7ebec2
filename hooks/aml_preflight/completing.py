"""What the files that a deployment names add to it.

* An environment in a file of its own gives it its image and, in v1, its variables.
* ``--env-file`` gives a container variables.
* The conda file of an environment belongs to the deployment.

What cannot be found, or not for certain, stays unknown.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .document import Language
from .facts import PathsFrom, Variables
from .forms import ENV_FILE, JSON, YAML, form_of
from .paths import Kind
from .python.modules import folders_above
from .readers import read
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .document import Document, Place
    from .facts import DeploymentFacts, EnvironmentFacts, FileFacts
    from .workspace import Workspace

_ENVIRONMENT_JSON = "azureml_environment.json"
"""The file in the folder that SDK v1 saves an environment to and loads it from."""

CONDA_FILE = "conda_file"
_MOST_BYTES = 1_000_000


class NamedFiles:
    """The files that deployments name, each read once.

    ``files`` are the facts of those that were read before; what is read here is added to them.
    ``taken`` are the places of environments that belong to a deployment elsewhere. ``load`` gives
    the bytes of a file of the workspace, or ``None`` if it cannot be read.
    """

    def __init__(self, files: list[FileFacts], load: Callable[[str], bytes | None]) -> None:
        self.files = files
        self.taken: set[Place] = {place for file in files for place in file.taken}
        self._load = load
        self._by_path = {each.document.path: each for each in files}

    def complete(self, facts: DeploymentFacts, file: FileFacts, seen: Workspace) -> DeploymentFacts:
        """A deployment with what its environment file and its env files say."""
        if file.modules:
            modules = dict.fromkeys(each.path for each in file.modules)
            facts = facts._replace(parts=(*facts.parts, *modules))
        if facts.environment_file is not None:
            facts = self._with_environment(facts, facts.environment_file, seen)
        if facts.env_files:
            facts = self._with_env_files(facts, seen)
        return self._with_conda_files(facts, facts.document, seen)

    def _with_conda_files(
        self, facts: DeploymentFacts, document: Document, seen: Workspace
    ) -> DeploymentFacts:
        """A deployment with the conda files that a document of CLI v2 gives for its environment."""
        if document.language is not Language.YAML or CONDA_FILE not in document.text:
            return facts
        found = (
            find(given.value, document.path, facts.paths_from, seen)
            for given in _conda_files(document)
        )
        return facts._replace(parts=(*facts.parts, *filter(None, found)))

    def _with_environment(
        self, facts: DeploymentFacts, given: Known[str], seen: Workspace
    ) -> DeploymentFacts:
        path = find(given.value, facts.document.path, facts.paths_from, seen)
        environment = self._environment(path, seen) if path is not None else None
        if path is None or environment is None:
            return facts
        self.taken.add(environment.place)
        self.facts_of(path, seen)
        if isinstance(facts.image, Unknown) and facts.image.place == given.place:
            facts = facts._replace(image=environment.image)
        opened = facts.variables.open
        if opened is not None and opened.place == given.place:
            variables = over(environment.variables, facts.variables)
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
            path = find(given.value, facts.document.path, facts.paths_from, seen)
            variables = self._env_file(path, seen) if path is not None else None
            if path is None or variables is None:
                return facts
            below = over(below, variables)
            parts.append(path)
        opened = facts.variables.open
        variables = over(below, facts.variables)
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
        self.taken.update(each.place for each in reader.read_document(document).environments)
        self.facts_of(path, seen)
        return env_file.variables_of(document, docker=True)

    def facts_of(self, path: str, seen: Workspace) -> FileFacts | None:
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


def find(given: str, own: str, paths_from: PathsFrom, seen: Workspace) -> str | None:
    """The one file that a relative path leads to, or that is in the folder that it leads to."""
    folder = os.path.dirname(own)
    above = folders_above(folder, seen.project(own))
    if paths_from is PathsFrom.PROJECT:
        return _find_from(given, above, seen)
    found = _find_from(given, [folder], seen)
    if not found and paths_from is PathsFrom.NOTEBOOK:
        return _find_from(given, above, seen)
    return found


def _find_from(given: str, folders: list[str], seen: Workspace) -> str | None:
    found = []
    for folder in folders:
        path = os.path.normpath(os.path.join(folder, given))
        if seen.kind(path) is Kind.FOLDER:
            path = os.path.join(path, _ENVIRONMENT_JSON)
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
        given = source.text(source.fields(inside) if inside else fields, CONDA_FILE)
        if isinstance(given, Known):
            yield given


def over(below: Variables, above: Variables) -> Variables:
    """Variables with others set over them. What may be more of them is what ``below`` says."""
    items = {each.name.value: each for each in below.items}
    items.update({each.name.value: each for each in above.items})
    return above._replace(
        items=tuple(items.values()),
        repeated=(*below.repeated, *above.repeated),
        replaced=(*below.replaced, *above.replaced),
        open=below.open,
    )
