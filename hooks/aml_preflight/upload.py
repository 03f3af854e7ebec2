"""What of a project lies where in the container.

Azure uploads one folder and unpacks it below ``/var/azureml-app`` under its own name: v1's
``source_directory``, v2's ``code``. Without a ``source_directory`` v1 uploads the script alone.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from .boot import APP_ROOT
from .paths import Kind

if TYPE_CHECKING:
    from .workspace import Workspace

_IMAGE_FOLDERS = frozenset(
    {"bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root",
     "run", "sbin", "srv", "sys", "tmp", "usr", "azureml-envs"}
)  # fmt: skip
_IMAGE_FOLDERS_IN_VAR = frozenset(
    {"azureml-server", "backups", "cache", "lib", "local", "lock", "log", "mail",
     "mlflow_resources", "opt", "run", "runit", "spool", "tmp"}
)  # fmt: skip
_PLATFORM_PATHS = frozenset({f"{APP_ROOT}/azureml-models", f"{APP_ROOT}/main.py"})


class Upload:
    """A file or folder of the project at its place in the container.

    ``local`` is its absolute path here, ``container`` the absolute path there.
    """

    def __init__(self, workspace: Workspace, local: str, container: str) -> None:
        self.workspace = workspace
        self.local = local
        self.container = posixpath.normpath(container)

    def local_path(self, container_path: str) -> str | None:
        """Where a normalised path of the container is in the project, if it is in the upload."""
        if container_path == self.container:
            return self.local
        if container_path.startswith(self.container + "/"):
            relative = container_path[len(self.container) + 1 :]
            return os.path.join(self.local, *relative.split("/"))
        return None

    def container_path(self, local: str) -> str | None:
        """The inverse of ``local_path``, for a normalised absolute path."""
        if local == self.local:
            return self.container
        if local.startswith(self.local + os.sep):
            relative = local[len(self.local) + 1 :].replace(os.sep, "/")
            return f"{self.container}/{relative}"
        return None

    def kind(self, path: str) -> Kind:
        """What stands at an absolute path of the container, spelled in any way.

        Walked one name after the other as Linux does it: ``missing/..`` is missing, and a file
        with a slash behind it is missing too.
        """
        current = "/"
        kind = Kind.FOLDER
        for name in path.split("/"):
            if name in ("", "."):
                if kind is Kind.FILE:
                    return Kind.MISSING
                continue
            if kind is Kind.UNKNOWN:
                return Kind.UNKNOWN
            if kind is not Kind.FOLDER:
                return Kind.MISSING
            current = posixpath.normpath(posixpath.join(current, name))
            kind = Kind.FOLDER if name == ".." else self._kind(current)
        return kind

    def _kind(self, path: str) -> Kind:
        local = self.local_path(path)
        if local is not None:
            return self.workspace.kind(local)
        if path in ("/", "/var", APP_ROOT) or self.container.startswith(path + "/"):
            return Kind.FOLDER
        parts = path.split("/")
        if path in _PLATFORM_PATHS or len(parts) > 3:
            return Kind.UNKNOWN if not path.startswith(APP_ROOT + "/") else self._beside(path)
        known = _IMAGE_FOLDERS if len(parts) == 2 else _IMAGE_FOLDERS_IN_VAR
        if len(parts) == 3 and parts[1] != "var":
            return Kind.UNKNOWN
        return Kind.FOLDER if parts[-1] in known else Kind.MISSING

    def _beside(self, path: str) -> Kind:
        """Below the app root but not in the upload: nothing but what the platform puts there."""
        below = any(path == each or path.startswith(each + "/") for each in _PLATFORM_PATHS)
        return Kind.UNKNOWN if below else Kind.MISSING
