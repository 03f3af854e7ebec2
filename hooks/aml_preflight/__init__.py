"""Catch at commit what would fail when a model's container starts on Azure Machine Learning."""

from __future__ import annotations

__version__ = "0.1.0"
