"""What the readers find in files: variables, environments and deployments, as they are written.

Nothing here asks the disk. Whether a path exists, and where it lies in the container, is worked
out from these facts in ``deployments``.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document, Embedded, Place

Scalar = str | bool | int | float | None
"""What a variable's value can be in source code; the container sees text only."""

Text = Known[str] | Unknown
Value = Known[Scalar] | Unknown


class Style(Enum):
    """The way a deployment is written."""

    SDK_V1 = "sdk-v1"
    SDK_V2 = "sdk-v2"
    CLI_V1 = "cli-v1"
    CLI_V2 = "cli-v2"
    DOCKER = "docker"

    @property
    def is_v1(self) -> bool:
        """Whether it is for what deploys with SDK v1, which uploads a ``source_directory``."""
        return self in (Style.SDK_V1, Style.CLI_V1)


class PathsFrom(Enum):
    """The folder that relative paths start from."""

    PROJECT = "the folder in which somebody runs it, somewhere in the project"
    OWN_FOLDER = "the folder of the file"
    NOTEBOOK = "the folder of the notebook, unless whatever runs it starts it in one above"


class Variable(NamedTuple):
    """One environment variable as somebody set it."""

    name: Known[str]
    value: Value


class Variables(NamedTuple):
    """The environment variables of one deployment or environment.

    ``items`` are those in force, in the order in which they were set, a name once.
    ``repeated`` are pairs (overwritten, overwriting) of one name inside one dictionary display.
    ``replaced`` were lost when the whole dictionary was assigned anew: pairs of the lost variable
    and the place of the assignment.
    ``late`` were set only after the deploy: pairs of the variable and the deploy's place.
    ``open`` is set when there may be more variables than ``items``, or when they may differ.
    """

    items: tuple[Variable, ...] = ()
    repeated: tuple[tuple[Variable, Variable], ...] = ()
    replaced: tuple[tuple[Variable, Place], ...] = ()
    late: tuple[tuple[Variable, Place], ...] = ()
    open: Unknown | None = None

    def get(self, name: str) -> Variable | None:
        """The variable of exactly this name that is in force, or ``None``."""
        for variable in self.items:
            if variable.name.value == name:
                return variable
        return None


class EnvironmentFacts(NamedTuple):
    """An environment that no deployment in its file uses. One of SDK v1 is evidently for
    deployments, or a deployment of another file names it.

    ``exported`` tells that the variables are for whoever runs there or reads the file: that need
    be no container.
    """

    style: Style
    document: Document
    place: Place
    variables: Variables
    image: Text | None = None
    exported: bool = False


class IgnoredVariables(NamedTuple):
    """Variables given where the SDK drops or rejects them.

    ``style`` tells which: SDK v1 drops the argument without a word, SDK v2 raises ``TypeError``,
    CLI v2 refuses the file.
    """

    style: Style
    document: Document
    place: Place
    variables: Variables


class OtherUse(NamedTuple):
    """Variables of something that is no online deployment: ``what`` is it in the field's words,
    such as "a batch deployment" or "a training job"."""

    style: Style
    document: Document
    place: Place
    what: str
    variables: Variables


class Mount(NamedTuple):
    """A file or folder of the project at its place in a container: mounted by ``docker run``, or
    copied by a Dockerfile.

    ``local`` is relative as the deployment's ``paths_from`` says, ``container`` an absolute
    normalised path. What is ``copied`` joins what is there already, a mount hides it. ``into``
    tells that a file keeps its name and goes into the folder ``container``.
    """

    local: Known[str]
    container: str
    copied: bool = False
    into: bool = False


class DeploymentFacts(NamedTuple):
    """A deployment as it is written.

    ``source_directory`` is v1's ``source_directory`` or v2's ``code``; ``entry_script`` is v1's
    ``entry_script`` or v2's ``scoring_script``. ``None`` means that the author gave none;
    an ``Unknown`` that it is given and cannot be told.
    ``source_directory_reassigned`` is the place of a later ``x.source_directory = ...``.
    ``environment_file`` is the environment where it is given as another file: the path of that
    file or of the folder it is in, relative as ``paths_from`` says. What may be in it is unknown
    until it is read: ``image``, or ``variables.open``, has its place then.

    A container that ``docker run`` starts, or that a Dockerfile describes, has no source directory:
    its ``entry_script`` is the value of ``AZUREML_ENTRY_SCRIPT``, and ``mounts`` say what of the
    project is where in it. ``more_files`` is set when files may be there that do not show here.
    ``env_files`` are the files of ``--env-file`` in the order in which they count; ``variables``
    win over what is in them. As long as they are not read, ``variables.open`` is set; if its place
    is that of the first env file, then there is no other reason for it.

    ``parts`` are the absolute paths of other files that it was put together from.
    """

    style: Style
    document: Document
    place: Place
    name: Text | None
    image: Text | None
    source_directory: Text | None
    entry_script: Text | None
    variables: Variables
    source_directory_reassigned: Place | None = None
    paths_from: PathsFrom = PathsFrom.PROJECT
    environment_file: Known[str] | None = None
    mounts: tuple[Mount, ...] = ()
    more_files: Unknown | None = None
    env_files: tuple[Known[str], ...] = ()
    parts: tuple[str, ...] = ()


class DeploymentOverride(NamedTuple):
    """A command that makes the deployment of a file, with settings of its own over those there:
    ``az ml online-deployment create --file f --set environment_variables.NAME=value``.

    ``file`` is relative as ``paths_from`` says; where that is not known, its path may end as
    ``file_like`` says, in which ``*`` stands for anything. ``variables`` replace those of the file
    one by one; what is ``None`` is as the file has it. ``source_directory`` and ``entry_script``
    mean what they would in the file: they are relative to its folder. The variables are in no
    ``EnvironmentFacts``: whoever joins the override with its file makes a deployment of it, or one
    of which little is known where the file is not to be had.
    """

    style: Style
    document: Document
    place: Place
    file: Text
    variables: Variables
    name: Text | None = None
    image: Text | None = None
    source_directory: Text | None = None
    entry_script: Text | None = None
    paths_from: PathsFrom = PathsFrom.PROJECT
    file_like: str = ""


class WrittenFile(NamedTuple):
    """A file that a notebook writes with ``%%writefile``, or that a page shows under its name.

    ``path`` is as it is written, relative to the folder of the notebook or page. ``append`` tells
    that the text goes behind what the file has already. ``document`` has no path of its own yet:
    where the file is, is worked out when it is laid over the disk.
    """

    path: str
    document: Embedded
    append: bool = False


class FileFacts(NamedTuple):
    """All that a reader found in one file.

    ``trouble`` says why the file, or a part of it, could not be read; what could be read still
    counts. ``others`` are uses of variables that no online deployment makes. ``mentions`` are
    names of variables in running text. ``embedded`` are texts in other languages inside the file,
    which are read by the readers of those; ``mentions_in`` are names in such texts, which count
    only if nothing comes of the text. ``written`` are whole files inside it. ``overrides``
    are commands that make the deployment of another file, with changes. ``modules`` are other
    files whose code was followed; ``taken`` are the places of environments that are made there and
    that this file uses.
    """

    document: Document
    deployments: tuple[DeploymentFacts, ...] = ()
    environments: tuple[EnvironmentFacts, ...] = ()
    ignored: tuple[IgnoredVariables, ...] = ()
    trouble: tuple[Unknown, ...] = ()
    others: tuple[OtherUse, ...] = ()
    mentions: tuple[Known[str], ...] = ()
    embedded: tuple[Embedded, ...] = ()
    mentions_in: tuple[tuple[Embedded, Known[str]], ...] = ()
    written: tuple[WrittenFile, ...] = ()
    overrides: tuple[DeploymentOverride, ...] = ()
    modules: tuple[Document, ...] = ()
    taken: tuple[Place, ...] = ()

    def documents(self) -> Iterator[Document]:
        """The texts in which comments may stand: the file and what is embedded in it."""
        yield self.document
        yield from self.embedded
