from __future__ import annotations

from aml_preflight.document import Document, Place
from aml_preflight.findings import Fix, Severity
from aml_preflight.output import concise
from aml_preflight.output.terminal import Style

from .support import document, finding, place, repeated_directory, shown


def test_one_line_each() -> None:
    source = document("a = 1\nb = 2\n")
    found = [
        repeated_directory(),
        finding(place(source, "b"), severity=Severity.WARNING, fix=Fix("x", (), safe=False)),
        finding(place(source, "2"), severity=Severity.INFO),
    ]
    assert concise.render(found, shown_path=shown) == (
        "deploy.py:7:39: error AML201 this path repeats the source directory: the container would "
        "look for /var/azureml-app/src/src/requirements.txt and exit with code 99 [--fix]\n"
        "deploy.py:2:1: warning AML999 this is wrong [--fix --unsafe-fixes]\n"
        "deploy.py:2:5: info AML999 this is wrong\n"
    )


def test_colour() -> None:
    found = finding(place(document("x"), "x"))
    assert concise.render([found], shown_path=shown, style=Style(colour=True)) == (
        "\x1b[1mdeploy.py\x1b[0m:1:1: \x1b[1;31merror\x1b[0m \x1b[1mAML999\x1b[0m this is wrong\n"
    )


def test_nothing() -> None:
    assert concise.render([], shown_path=shown) == ""


def test_hostile_names_and_messages_stay_one_line() -> None:
    source = Document("/project/a\n\x1b[2J\u202eb\udcff\t.py", "x")
    found = finding(Place(source, (0, 1)), message="one\ntwo\x07\t\u2028three")
    assert concise.render([found], shown_path=shown) == (
        "a\\n\\x1b[2J\\u202eb\\udcff\\t.py:1:1: error AML999 one\\ntwo\\x07\\t\\u2028three\n"
    )
