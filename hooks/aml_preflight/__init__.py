"""Catch at commit what would fail when a model's container starts on Azure Machine Learning."""

__version__ = "0.1.0"
