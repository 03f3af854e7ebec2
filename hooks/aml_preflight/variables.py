"""The environment variables that the images read, and the spelling of their names.

Sources: the images' start script, azureml-inference-server-http 1.5.1 (its configuration), and
Microsoft's pages about the prebuilt images. Real code sets hundreds of other names that begin with
``AZUREML_`` or ``AML_``, so an unknown name says nothing by itself; only ``AZUREML_EXTRA_`` belongs
to the start script alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

LIBRARY_PATH = "AZUREML_EXTRA_PYTHON_LIB_PATH"
CONDA_YAML = "AZUREML_EXTRA_CONDA_YAML"
CONDA_YAML_ABSOLUTE = "AZUREML_EXTRA_CONDA_YAML_ABS_PATH"
REQUIREMENTS = "AZUREML_EXTRA_REQUIREMENTS_TXT"

INSTALL_VARIABLES = (LIBRARY_PATH, CONDA_YAML_ABSOLUTE, CONDA_YAML, REQUIREMENTS)
"""Those that make the start script add packages; the first that is set wins."""

APP_ROOT = "AML_APP_ROOT"
ENTRY_SCRIPT = "AZUREML_ENTRY_SCRIPT"
SOURCE_DIRECTORY = "AZUREML_SOURCE_DIRECTORY"
DYNAMIC_INSTALLATION = "DYNAMIC_DEP_INSTALLATION"

KNOWN = frozenset(
    {
        *INSTALL_VARIABLES,
        APP_ROOT, ENTRY_SCRIPT, SOURCE_DIRECTORY, DYNAMIC_INSTALLATION,
        "AML_APP_INSIGHTS_ENABLED", "AML_APP_INSIGHTS_ENDPOINT", "AML_APP_INSIGHTS_KEY",
        "AML_CORS_ORIGINS", "AML_DBG_MODEL_INFO", "AML_DBG_RESOURCE_INFO",
        "AML_MDC_STORAGE_ENABLED", "AML_MODEL_DC_STORAGE_ENABLED", "AML_SERVER_ROOT",
        "APP_INSIGHTS_LOG_RESPONSE_ENABLED", "AZUREML_BACKEND_HOST", "AZUREML_BACKEND_PORT",
        "AZUREML_CONDA_DEFAULT_ENVIRONMENT", "AZUREML_CONDA_ENVIRONMENT_PATH",
        "AZUREML_CONFIG_FILE", "AZUREML_DEBUG_PORT", "AZUREML_INFERENCE_PYTHON_PATH",
        "AZUREML_INFERENCE_SERVER_HTTP_ENABLED", "AZUREML_LOG_LEVEL", "AZUREML_MODEL_DIR",
        "HEALTH_PORT", "HOSTNAME", "MLFLOW_MODEL_FOLDER", "SCORING_TIMEOUT_MS",
        "SEPERATE_HEALTH_ENDPOINT",  # spelled so by the server itself
        "SERVER_PORT", "SERVER_VERSION_LOG_RESPONSE_ENABLED", "SERVICE_NAME",
        "SERVICE_PATH_PREFIX", "SERVICE_VERSION", "WORKER_COUNT", "WORKER_PRELOAD",
        "WORKER_TIMEOUT", "WORKSPACE_NAME",
    }
)  # fmt: skip

OF_SERVER = KNOWN - {
    "AZUREML_LOG_LEVEL", "AZUREML_MODEL_DIR", "HEALTH_PORT", "HOSTNAME", "SERVER_PORT",
    "SERVICE_NAME", "SERVICE_PATH_PREFIX", "SERVICE_VERSION", "WORKSPACE_NAME",
}  # fmt: skip
"""Those that hardly anything but an inference server is given."""

CONFUSIONS = {
    "AZUREML_APP_ROOT": APP_ROOT,
    "AML_ENTRY_SCRIPT": ENTRY_SCRIPT,
    "AML_SOURCE_DIRECTORY": SOURCE_DIRECTORY,
    "AML_APPINSIGHTS_ENABLED": "AML_APP_INSIGHTS_ENABLED",
    "AZUREML_CONDA_ENVIRONMENT": "AZUREML_CONDA_ENVIRONMENT_PATH",
}
"""Names that people write, Microsoft's pages among them, and that nothing reads."""

PREFIX = "AZUREML_EXTRA_"
"""Begins the names that belong to the start script alone."""

_LONGEST_NAME = 100
_CUT_OFF = 0.80
_CERTAIN = 0.90
"""Measured on 74 misspellings and 328 real names: no real name is taken for a misspelling of one
of the install variables, and none of them for another."""


class Misspelling:
    """A name that was meant to be ``meant``; ``certain`` if no doubt is left about which."""

    __slots__ = ("certain", "meant")

    def __init__(self, meant: str, *, certain: bool) -> None:
        self.meant = meant
        self.certain = certain


def normalised(name: str) -> str:
    """The name with the differences removed that people make without noticing."""
    plain = re.sub(r"[^0-9A-Za-z]+", "_", name.strip()).upper().strip("_")
    return re.sub(r"^(?:AZURE_?ML|AZ_ML|AMLS|AML|AZURE)_?(?=EXTRA)", "AZUREML_", plain)


@lru_cache(maxsize=1 << 14)
def misspelling(name: str) -> Misspelling | str | None:
    """What a name that nothing reads was meant to be.

    Returns a ``Misspelling``; or the text ``"unknown"`` for a name that begins with
    ``AZUREML_EXTRA_`` and resembles none; or ``None`` for any other name.
    """
    if name in KNOWN or len(name) > _LONGEST_NAME:
        return None
    if name in CONFUSIONS:
        return Misspelling(CONFUSIONS[name], certain=True)
    plain = normalised(name)
    for known in INSTALL_VARIABLES:
        if plain == known:
            return Misspelling(known, certain=True)
    if "EXTRA" not in plain and "REQUIREMENTS_TXT" not in plain:
        return None
    near = _nearest(plain)
    if near is not None:
        return near
    return "unknown" if plain.startswith(PREFIX) else None


def _nearest(plain: str) -> Misspelling | None:
    import difflib

    best, ratio = "", 0.0
    for known in INSTALL_VARIABLES:
        found = difflib.SequenceMatcher(None, plain, known, autojunk=False).ratio()
        if found > ratio:
            best, ratio = known, found
    if ratio < _CUT_OFF:
        return None
    return Misspelling(best, certain=ratio >= _CERTAIN)
