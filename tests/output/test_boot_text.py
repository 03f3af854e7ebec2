from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.output import boot_text
from aml_preflight.output.terminal import Style, width
from hypothesis import given, settings
from hypothesis import strategies as st

from .support import Project, unprintable, v1

REQUIREMENTS = "AZUREML_EXTRA_REQUIREMENTS_TXT"
LIBRARY_PATH = "AZUREML_EXTRA_PYTHON_LIB_PATH"
FILES = {"src/score.py": "", "src/requirements.txt": "flask==2.0.1\n"}
REGISTRY = "mcr.microsoft.com/azureml/"
PLAIN = Style()


def render(project: Project, style: Style = PLAIN) -> str:
    return boot_text.render(project.deployments, shown_path=project.shown, style=style)


def view(folder: Path, deploy: str, files: dict[str, str] = FILES) -> str:
    """The view of one deployment, without the first two lines, which are always the same."""
    text = render(Project(folder, {**files, "deploy.py": deploy}))
    return text.split("\n", 2)[2]


def requirements(value: str, **given: str | None) -> str:
    return v1(f'{{"{REQUIREMENTS}": "{value}"}}', **given)


def test_a_sound_deployment_is_short(tmp_path: Path) -> None:
    deploy = requirements("requirements.txt")
    assert (
        render(Project(tmp_path, {**FILES, "deploy.py": deploy}))
        == """\
deploy.py:7:10  Python SDK v1
│ image         minimal-ubuntu20.04-py38-cpu-inference:latest, can add packages
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "requirements.txt" (line 6)
│ installs      /var/azureml-app/src/requirements.txt (src/requirements.txt)
└ ✓ install step passes, the server starts

"""
    )


def test_sdk_v2_with_a_name_and_a_shadowed_variable(tmp_path: Path) -> None:
    deploy = """\
from azure.ai.ml.entities import CodeConfiguration, Environment, ManagedOnlineDeployment

deployment = ManagedOnlineDeployment(
    name="blue",
    endpoint_name="scoring",
    environment=Environment(
        image="mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
    ),
    code_configuration=CodeConfiguration(code="src", scoring_script="score.py"),
    environment_variables={
        "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
        "AZUREML_EXTRA_PYTHON_LIB_PATH": "src/myenv/lib/python3.8/site-packages",
    },
)
"""
    assert (
        render(Project(tmp_path, {**FILES, "deploy.py": deploy}))
        == """\
deploy.py:3:14  Python SDK v2, "blue"
│ image         minimal-ubuntu20.04-py38-cpu-inference:latest, can add packages
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ decided by    AZUREML_EXTRA_PYTHON_LIB_PATH =
│               "src/myenv/lib/python3.8/site-packages" (line 12)
│ looks for     /var/azureml-app/src/src/myenv/lib/python3.8/site-packages
│ here          src/src/myenv/lib/python3.8/site-packages, not found
│ ignored       AZUREML_EXTRA_REQUIREMENTS_TXT: the library path comes first
└ ✗ exit code 97: folder with pre-installed packages not found, no logs are sent

"""
    )


def test_ascii(tmp_path: Path) -> None:
    deploy = requirements("gone.txt")
    text = render(Project(tmp_path, {**FILES, "deploy.py": deploy}), Style(ascii_only=True))
    assert (
        text
        == """\
deploy.py:7:10  Python SDK v1
| image         minimal-ubuntu20.04-py38-cpu-inference:latest, can add packages
| score script  /var/azureml-app/src/score.py (src/score.py)
| decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "gone.txt" (line 6)
| looks for     /var/azureml-app/src/gone.txt
| here          src/gone.txt, not found
+ FAILS: exit code 99: expected requirements file not found, no logs are sent

"""
    )


def test_colours_of_the_verdict(tmp_path: Path) -> None:
    style = Style(colour=True)
    for number, (value, start) in enumerate(
        [("requirements.txt", "\x1b[1;32m✓ install"), ("x.txt", "\x1b[1;31m✗ exit code 99")]
    ):
        project = Project(tmp_path / str(number), {**FILES, "deploy.py": requirements(value)})
        assert start in render(project, style)


def test_exit_code_98(tmp_path: Path) -> None:
    deploy = v1('{"AZUREML_EXTRA_CONDA_YAML": "c.yml", "AZUREML_EXTRA_REQUIREMENTS_TXT": "x"}')
    assert (
        view(tmp_path, deploy)
        == """\
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ decided by    AZUREML_EXTRA_CONDA_YAML = "c.yml" (line 6)
│ looks for     /var/azureml-app/src/c.yml
│ here          src/c.yml, not found
│ ignored       AZUREML_EXTRA_REQUIREMENTS_TXT: the conda file comes first
└ ✗ exit code 98: expected conda yaml file not found, no logs are sent

"""
    )


def test_exit_code_95(tmp_path: Path) -> None:
    project = Project(tmp_path, {**FILES, "deploy.py": requirements("requirements.txt")})
    project.deployments = [project.only.with_install((), fails=True)]
    assert (
        render(project).split("\n", 4)[4]
        == """\
│ installs      /var/azureml-app/src/requirements.txt (src/requirements.txt)
└ ✗ exit code 95: pip refuses a line of this file ("Error occurred. Sleeping to
    send error logs."), logs are sent for 45 seconds

"""
    )


def test_nothing_asks_for_packages(tmp_path: Path) -> None:
    assert (
        view(tmp_path, v1('{"WORKER_COUNT": "2"}'))
        == """\
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ packages      none are added: no variable asks for any
└ ✓ install step passes, the server starts

"""
    )


def test_names_that_nothing_reads(tmp_path: Path) -> None:
    deploy = v1(
        '{"AZUREML_EXTRA_REQUIREMENT_TXT": "requirements.txt", "AZUREML_EXTRA_FOO_BAR": "1",'
        ' "AZUREML_EXTRA_PYTHON_LIB_PATH": ""}'
    )
    assert (
        view(tmp_path, deploy)
        == """\
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ packages      none are added: no variable asks for any
│ ignored       AZUREML_EXTRA_PYTHON_LIB_PATH: it is empty, which counts as not
│               set
│ ignored       AZUREML_EXTRA_REQUIREMENT_TXT: nothing reads this name, did you
│               mean AZUREML_EXTRA_REQUIREMENTS_TXT?
│ ignored       AZUREML_EXTRA_FOO_BAR: nothing reads this name
└ ! install step passes, the server starts, without what is ignored

"""
    )


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            f"{REGISTRY}curated/minimal-py39-inference:1",
            """\
│ image         curated/minimal-py39-inference:1, can no longer add packages:
│               the variables do nothing
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ ignored       AZUREML_EXTRA_REQUIREMENTS_TXT: this image does not look at it
└ ! install step passes, the server starts, without what is ignored

""",
        ),
        (
            f"{REGISTRY}curated/mlflow-model-inference",
            """\
│ image         curated/mlflow-model-inference, can add packages
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ ignored       AZUREML_EXTRA_REQUIREMENTS_TXT: this image takes the conda.yaml
│               of the MLflow model instead
└ ? cannot be told: the image installs the conda.yaml of the MLflow model, which
    is not in the code

""",
        ),
        (
            f"{REGISTRY}mlflow-ubuntu20.04-py38-cpu-inference",
            """\
│ image         mlflow-ubuntu20.04-py38-cpu-inference, can add packages
│ score script  src/score.py, the image decides where in the container
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "requirements.txt" (line 6)
└ ? cannot be told: the image sets its own app root, so the path may lead into
    the image

""",
        ),
        (
            "registry.example.com/serve:1",
            """\
│ image         registry.example.com/serve:1, which is not listed, taken to add
│               packages
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "requirements.txt" (line 6)
│ installs      /var/azureml-app/src/requirements.txt (src/requirements.txt)
└ ✓ install step passes, the server starts

""",
        ),
    ],
    ids=["removed", "mlflow", "preset", "foreign"],
)
def test_images(image: str, expected: str, tmp_path: Path) -> None:
    deploy = requirements("requirements.txt", image=image)
    text = render(Project(tmp_path, {**FILES, "deploy.py": deploy}))
    assert text.split("\n", 1)[1] == expected


def test_no_image(tmp_path: Path) -> None:
    deploy = requirements("requirements.txt", image=None)
    text = render(Project(tmp_path, {**FILES, "deploy.py": deploy}))
    assert "│ image         none is given here, taken to add packages\n" in text


def test_a_value_from_the_environment(tmp_path: Path) -> None:
    assert (
        view(tmp_path, v1(f'{{"{REQUIREMENTS}": os.environ["FILE"]}}'))
        == """\
│ score script  /var/azureml-app/src/score.py (src/score.py)
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT, whose value is not known: read
│               from the environment when the script runs (line 6)
└ ? cannot be told: the value of AZUREML_EXTRA_REQUIREMENTS_TXT is not known

"""
    )


def test_more_variables_than_are_shown(tmp_path: Path) -> None:
    text = view(tmp_path, v1(f'{{"{REQUIREMENTS}": "requirements.txt", **load()}}'))
    assert "│ variables     there may be more: " in text
    assert "decided by" not in text
    assert "└ ? cannot be told: there may be more variables than this file shows\n" in text


def test_a_folder_that_is_not_known(tmp_path: Path) -> None:
    deploy = requirements("requirements.txt").replace('"src"', 'os.environ["CODE"]')
    assert (
        view(tmp_path, deploy)
        == """\
│ score script  not known: read from the environment when the script runs
│               (line 7)
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "requirements.txt" (line 6)
└ ? cannot be told: it depends on where the score script is

"""
    )


def test_a_score_script_that_is_not_there(tmp_path: Path) -> None:
    files = {"src/requirements.txt": ""}
    assert (
        view(tmp_path, requirements("requirements.txt"), files)
        == """\
│ score script  /var/azureml-app/src/score.py, but src/score.py is not there
│ decided by    AZUREML_EXTRA_REQUIREMENTS_TXT = "requirements.txt" (line 6)
│ installs      /var/azureml-app/src/requirements.txt (src/requirements.txt)
└ ✗ install step passes, then the server cannot load the score script

"""
    )


@pytest.mark.parametrize(
    ("variables", "folder", "here"),
    [
        (f'{{"{REQUIREMENTS}": "."}}', "src", "src, a folder where a file is needed"),
        (f'{{"{LIBRARY_PATH}": "requirements.txt"}}', "src",
         "src/requirements.txt, a file where a folder is needed"),
        (f'{{"{REQUIREMENTS}": "requirements.txt"}}', None,
         "nothing: only the score script is uploaded"),
        (f'{{"{REQUIREMENTS}": "../requirements.txt"}}', "src",
         "nothing: that is outside of what is uploaded"),
        (f'{{"{LIBRARY_PATH}": "../../../opt/x"}}', "src",
         "not in what is uploaded, but perhaps in the image"),
    ],
)  # fmt: skip
def test_what_is_here(variables: str, folder: str | None, here: str, tmp_path: Path) -> None:
    assert f"│ here          {here}\n" in view(tmp_path, v1(variables, folder=folder))


def test_several_deployments_are_counted(tmp_path: Path) -> None:
    deploy = "\n".join(
        [
            requirements("requirements.txt"),
            requirements("requirements.txt").replace("score.py", "./score.py"),
            requirements("gone.txt"),
            v1(f'{{"{REQUIREMENTS}": os.environ["FILE"]}}'),
        ]
    )
    text = render(Project(tmp_path, {**FILES, "deploy.py": deploy}))
    assert text.endswith("\n\n4 deployments: 2 start, 1 fails, 1 cannot be told.\n")


def test_none() -> None:
    assert boot_text.render([], shown_path=str) == "No deployments found.\n"


def test_long_paths_keep_the_layout(tmp_path: Path) -> None:
    deploy = requirements("a_folder_with_a_long_name/" * 8 + "日本語 requirements.txt")
    for columns in (40, 60, 80):
        project = Project(tmp_path / str(columns), {**FILES, "deploy.py": deploy})
        lines = render(project, Style(columns=columns)).split("\n")
        assert all(width(line) <= columns for line in lines)
        assert all(line[:1] in ("│", "└", " ", "d", "") for line in lines)


@settings(deadline=None, max_examples=60)
@given(value=st.text(st.characters(exclude_categories=()), max_size=30), columns=st.integers(1, 90))
def test_hostile_values(value: str, columns: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    deploy = v1(f"{{{REQUIREMENTS!r}: {value!a}}}") + "config.name = 1\n"
    project = Project(tmp_path_factory.mktemp("hostile"), {**FILES, "deploy.py": deploy})
    text = boot_text.render(
        project.deployments,
        shown_path=lambda path: value + project.shown(path),
        style=Style(columns=columns),
    )
    assert unprintable(text) == set()
