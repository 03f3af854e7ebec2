"""The text of a deployment that many tests start from."""

from __future__ import annotations

IMAGE = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
"""An image whose start script installs packages."""

CLI_V2 = f"""\
name: blue
endpoint_name: scoring
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: {IMAGE}
"""
"""An online deployment that adds no packages; variables may follow."""


def cli_v2_with(requirements: str) -> str:
    """``CLI_V2`` with a requirements file, by the path that the deployment gives for it."""
    return f"{CLI_V2}environment_variables:\n  AZUREML_EXTRA_REQUIREMENTS_TXT: {requirements}\n"
