"""What is read out of YAML and JSON files, beyond what the literate cases show."""

from __future__ import annotations

import codecs
import json
from itertools import product
from pathlib import Path

import pytest
from aml_preflight import forms
from aml_preflight.configs.reader import read, read_document
from aml_preflight.document import Document, Embedded, Language, verbatim
from aml_preflight.facts import DeploymentFacts, FileFacts, PathsFrom, Style
from aml_preflight.values import Known, Unknown
from checking import check, mend, short

HEAD = """\
name: blue
endpoint_name: scoring
code_configuration:
  code: src
  scoring_script: score.py
"""
NAME = "AZUREML_EXTRA_REQUIREMENTS_TXT"
MISSING = object()


def only(text: str, path: str = "/project/deployment.yml") -> DeploymentFacts:
    [found] = read(path, text.encode()).deployments
    return found


def reason(value: object) -> str:
    assert isinstance(value, Unknown)
    return value.reason


ENVIRONMENTS = {
    "environment: azureml:AzureML-sklearn-1.5@latest": "it is registered in the workspace",
    "environment: azureml://registries/azureml/environments/x/versions/1":
        "it is registered in the workspace",
    "environment: my-env:3": "it is registered in the workspace",
    "environment: {name: my-env, version: 3}": "it is registered in the workspace",
    "environment: {build: {path: .}}": "it is built from a Dockerfile",
    "environment: file:./env.yml": "it is in another file",
    "environment: environments/env.yml": "it is in another file",
    "environment: ../env": "it is in another file",
    "environment: {{ENV}}": "it is filled in by a template",
    "environment: {image: '{{ENV}}'}": "it is filled in by a template",
    "environment: < your environment >": "it is filled in by a template",
    "environment: {image: 3}": "it is not text",
}  # fmt: skip


@pytest.mark.parametrize("line", ENVIRONMENTS)
def test_why_an_image_is_not_known(line: str) -> None:
    found = only(f"{HEAD}{line}\n")
    assert reason(found.image) == ENVIRONMENTS[line]
    if "another file" in ENVIRONMENTS[line]:
        assert found.environment_file is not None
        assert found.environment_file.value == line.split(": ")[1].removeprefix("file:")
    else:
        assert found.environment_file is None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("azureml:code:1", "it is registered in the workspace"),
        ("/subscriptions/x/codes/1", "it is registered in the workspace"),
        ("azureml://registries/x/codes/1", "the code is not in the project"),
        ("https://example.com/code", "the code is not in the project"),
        ("git+https://example.com/code", "the code is not in the project"),
        ("git@example.com:code", "the code is not in the project"),
        ("file:./src", "the code is not in the project"),
        ("$(Build.SourcesDirectory)/src", "it is filled in by a template"),
        ("__CODE__", "it is filled in by a template"),
        ("'#{CODE}#/src'", "it is filled in by a template"),
        ("2021", "it is not text"),
    ],
)
def test_why_a_code_folder_is_not_known(code: str, why: str) -> None:
    found = only(f"endpoint_name: x\ncode_configuration: {{code: {code}, scoring_script: a.py}}\n")
    assert reason(found.source_directory) == why
    assert isinstance(found.entry_script, Known)


@pytest.mark.parametrize("code", ["C:\\src", "__init__", "src", "a b", "a$b", "./src"])
def test_a_code_folder_is_known(code: str) -> None:
    found = only(f"endpoint_name: x\ncode_configuration:\n  code: {code}\n  scoring_script: a.py\n")
    assert isinstance(found.source_directory, Known)
    assert found.source_directory.value == code


def test_a_template_that_may_give_anything_makes_what_is_missing_unknown() -> None:
    found = only("endpoint_name: x\ninstance_count: 1\nmodel: m\n{{ include 'rest' }}\n")
    for value in (found.image, found.source_directory, found.entry_script, found.variables.open):
        assert reason(value) == "a template decides what is written here"


def test_what_a_template_chooses_between_is_unknown() -> None:
    text = "{% if x %}\nenvironment: {image: a}\n{% else %}\nenvironment: {image: b}\n{% endif %}\n"
    assert reason(only(HEAD + text).image) == "a template decides what is written here"


def test_places_are_short_and_of_the_name() -> None:
    assert only(HEAD).place.text == "blue"
    assert only("endpoint_name: x\ninstance_count: 1\nmodel: m\n").place.text == "endpoint_name"


OTHERS = {
    "a command job": "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n"
    "command: x\nenvironment_variables: {A: b}\n",
    "a sweep job": "type: sweep\ntrial: {command: x}\nenvironment_variables: {A: b}\n",
    "a step of a pipeline": "jobs: {one: {command: x, environment_variables: {A: b}}}\n",
    "a batch deployment": "endpoint_name: x\ntype: model\nname: y\ncompute: z\n"
    "settings: {environment_variables: {A: b}}\n",
    "a run of a prompt flow": "flow: x\nenvironment_variables: {A: b}\n",
    "a training job": "script: x\ntarget: y\nenvironment: {environmentVariables: {A: b}}\n",
}


@pytest.mark.parametrize("what", OTHERS)
def test_variables_of_what_is_no_online_deployment(what: str) -> None:
    found = read("/x.yml", OTHERS[what].encode())
    [other] = found.others
    assert other.what == what
    assert [item.name.value for item in other.variables.items] == ["A"]
    assert not found.deployments


PARTS: dict[str, list[object]] = {
    "docker": ["python:3.12", {"baseImage": "i"}, {"enabled": True}, {}],
    "python": ["3.12", {"condaDependencies": None}, {}],
    "inferencingStackVersion": [None],
    "name": ["n"],
    "entryScript": ["score.py", "main.js"],
}
VARIABLES: list[dict[str, object]] = [
    {"A": 1}, {"WORKER_COUNT": 2}, {"AZUREML_EXTRA_X": "y"}, {"azureml_requirements_txt": "r.txt"},
]  # fmt: skip


@pytest.mark.parametrize("name", ["azureml_environment.json", "a.json"])
def test_nothing_that_is_read_is_ruled_out_by_its_bytes(name: str) -> None:
    """Of all ways to put the parts of an environment together."""
    read_at_all = 0
    for given in product(*([MISSING, *values] for values in PARTS.values())):
        for variables in VARIABLES:
            parts = {
                key: value for key, value in zip(PARTS, given, strict=True) if value is not MISSING
            }
            text = json.dumps({**parts, "environmentVariables": variables})
            facts = read(f"/project/{name}", text.encode())
            if facts.environments or facts.deployments:
                read_at_all += 1
                assert forms.may_deploy(forms.JSON, text.encode()), text
    assert read_at_all > 100


# ---- texts inside other files ---------------------------------------------------------------


def fence(text: str, path: str | None = None) -> Embedded:
    page = Document("/project/docs/README.md", f"# Title\n\n{text}", language=Language.MARKDOWN)
    inside, pieces = verbatim(page, [(9, len(page.text))])
    return Embedded(inside, pieces, source=page, language=Language.YAML, path=path)


def test_paths_in_a_page_start_somewhere_in_the_project() -> None:
    [found] = read_document(fence(HEAD)).deployments
    assert found.paths_from is PathsFrom.PROJECT
    origin = found.place.origin
    assert origin.document.language is Language.MARKDOWN
    assert origin.text == "blue"


def test_paths_in_a_written_file_start_in_its_folder() -> None:
    [found] = read_document(fence(HEAD, "/project/docs/deployment.yml")).deployments
    assert found.paths_from is PathsFrom.OWN_FOLDER


def test_a_part_of_a_deployment_in_a_page_is_for_the_rules_about_names() -> None:
    [found] = read_document(fence("environment_variables:\n  AML_X: b\n")).environments
    assert found.style is Style.CLI_V2
    assert [item.name.value for item in found.variables.items] == ["AML_X"]


@pytest.mark.parametrize("line", ["...", "  ...", "# ...", "  # ... more", "…"])
def test_a_page_that_leaves_something_out_says_nothing_about_the_rest(line: str) -> None:
    text = f"{HEAD}environment_variables:\n  A: b\n{line}\n"
    [found] = read_document(fence(text)).deployments
    assert found.variables.open is not None


# ---- what cannot be read ----------------------------------------------------------------------


def troubles(facts: FileFacts) -> list[tuple[str, int]]:
    return [
        (each.reason, each.place.document.position(each.place.start)[0]) for each in facts.trouble
    ]


def test_a_mistake_is_said_with_its_line_and_the_rest_is_read() -> None:
    facts = read("/x.yml", f"{HEAD}tags: 'a\n".encode())
    assert troubles(facts) == [("line 6 is not valid YAML", 6)]
    [found] = facts.deployments
    assert reason(found.variables.open) == "the rest of the file could not be read"
    assert isinstance(found.source_directory, Known)
    assert not facts.document.exact


@pytest.mark.parametrize(
    "text",
    [
        "jobs: [\nenvironment_variables: x\n",
        "$schema: x/commandJob.schema.json\nenvironment_variables: [\nendpoint_name: x\n",
        "{{- if x }}\nkind: Deployment\nspec: [\n  environment_variables\n",
        "scoring_script: [",
        "compute: x\nendpoint_name: [\ncode_configuration:\n",
    ],
)
def test_what_is_not_for_us_may_be_broken(text: str) -> None:
    facts = read("/x.yml", text.encode())
    assert facts.trouble == ()
    assert facts.deployments == ()


# ---- bytes ------------------------------------------------------------------------------------

WRONG = f"# é 🙂\n{HEAD}environment_variables:\n  # why\n  {NAME}: 'src/requirements.txt' # é\n"
BYTES = {
    "crlf": WRONG.replace("\n", "\r\n").encode(),
    "cr": WRONG.replace("\n", "\r").encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + WRONG.encode(),
    "utf-16, little end first": codecs.BOM_UTF16_LE + WRONG.encode("utf-16-le"),
    "utf-16, big end first": codecs.BOM_UTF16_BE + WRONG.encode("utf-16-be"),
}


@pytest.mark.parametrize("name", BYTES)
def test_a_fix_keeps_every_other_byte(name: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/score.py").touch()
    (tmp_path / "src/requirements.txt").write_text("scipy==1.2.3\n")
    path = tmp_path / "deployment.yml"
    path.write_bytes(BYTES[name])
    if "utf-16" in name:  # no file of this encoding shows the words that are searched for
        [found] = read(str(path), BYTES[name]).deployments
        value = found.variables.items[0].value
        assert value.place.text == "'src/requirements.txt'"
        text = value.place.document.text
        assert value.place.document.encode(text) == BYTES[name]
        return
    assert short(tmp_path, check(tmp_path, [path])) == [
        ("deployment.yml", 9, "AML201", "'src/requirements.txt'")
    ]
    [mended] = mend(tmp_path, [path]).contents.values()
    assert mended == BYTES[name].replace(b"'src/requirements.txt'", b"'requirements.txt'")


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/score.py").touch()
    (tmp_path / "real/requirements.txt").write_text("scipy==1.2.3\n")
    (tmp_path / "src").symlink_to("real")
    path = tmp_path / "deployment.yml"
    path.write_text(f"{HEAD}environment_variables: {{{NAME}: real/requirements.txt}}\n")
    result = check(tmp_path, [path])
    assert [code for _, _, code, _ in short(tmp_path, result)] == ["AML201"]
    assert result.deployments[0].outcome.container_path == (
        "/var/azureml-app/real/real/requirements.txt"
    )
