"""Notebooks made from readable cells, and a look at what is found in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aml_preflight.analysis import Result
from aml_preflight.facts import FileFacts
from aml_preflight.notebooks.reader import read
from checking import check

Cells = Iterable[str | tuple[str, str]]
"""Code, or the type of a cell and its text."""

WAYS = ("jupyter", "minified", "ascii", "strings", "windows")


def notebook(cells: Cells, *, way: str = "jupyter", language: str = "python") -> str:
    """The text of a notebook in format 4, as some program writes it."""
    made = [_cell(each, number, way) for number, each in enumerate(cells, 1)]
    content = {
        "cells": made,
        "metadata": {
            "kernelspec": {"display_name": language, "language": language, "name": language},
            "language_info": {"name": language, "version": "3.10.0"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    if way == "minified":
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return json.dumps(content, indent=1, ensure_ascii=way == "ascii") + "\n"


def _cell(cell: str | tuple[str, str], number: int, way: str) -> dict[str, Any]:
    kind, text = ("code", cell) if isinstance(cell, str) else cell
    if way == "windows":
        text = text.replace("\n", "\r\n")
    source: str | list[str] = text if way == "strings" else text.splitlines(keepends=True)
    made: dict[str, Any] = {"cell_type": kind, "id": f"a{number}", "metadata": {}, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def sources(text: str) -> list[str]:
    """The texts of all cells of a notebook, as ``json`` reads it."""
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


def facts(*cells: str | tuple[str, str], way: str = "jupyter") -> FileFacts:
    """What the reader finds in a notebook with these cells."""
    return read("/project/deploy.ipynb", notebook(cells, way=way).encode("utf-8"))


def program(*cells: str | tuple[str, str]) -> str:
    """The program that the code cells make; an import brings the reader to look at it."""
    return facts("from azureml.core.model import InferenceConfig", *cells).embedded[0].text


def texts(found: FileFacts) -> list[tuple[str, str]]:
    """The embedded texts but for the program: language and text."""
    return [(each.language.value, each.text) for each in found.embedded[1:]]


def checked(folder: Path, cells: Cells, *, way: str = "jupyter") -> Result:
    """What is found in a notebook in a folder."""
    path = folder / "deploy.ipynb"
    path.write_bytes(notebook(cells, way=way).encode("utf-8"))
    return check(folder, [path])


def found(result: Result) -> list[tuple[str, int | None, int, str]]:
    """Findings as code, cell, line in the cell and the text there, sorted."""
    rows = []
    for finding in result.findings:
        place = finding.place.shown
        line, _ = place.document.position(place.start)
        rows.append((finding.code, getattr(place.document, "cell", None), line, place.text))
    return sorted(rows, key=str)
