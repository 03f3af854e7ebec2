"""What commands and env files say, as facts."""

from __future__ import annotations

import pytest
from aml_preflight.document import Document, Language
from aml_preflight.facts import DeploymentFacts, DeploymentOverride, FileFacts, PathsFrom
from aml_preflight.shell.env_file import variables_of
from aml_preflight.shell.reader import read, read_document
from aml_preflight.values import Known, Unknown

REQ = "AZUREML_EXTRA_REQUIREMENTS_TXT"
IMAGE = "mcr.microsoft.com/azureml/x:1"


def facts(text: str, path: str = "/p/run.sh") -> FileFacts:
    return read(path, text.encode("utf-8"))


def container(text: str) -> DeploymentFacts:
    (deployment,) = facts(text).deployments
    return deployment


def values(deployment: DeploymentFacts) -> dict[str, object]:
    return {
        item.name.value: item.value.value if isinstance(item.value, Known) else None
        for item in deployment.variables.items
    }


@pytest.mark.parametrize(
    ("before", "option", "value"),
    [
        ("", f"-e {REQ}=a", "a"),
        ("", f"-e={REQ}=a", "a"),
        ("", f"-dite{REQ}=a", "a"),
        ("", f"--env '{REQ}=a b'", "a b"),
        ("", f"--env={REQ}=", ""),
        ("", f"-e {REQ}", None),
        (f"export {REQ}=a;", f"-e {REQ}", "a"),
        (f"{REQ}=a;", f"-e {REQ}", None),
        (f"{REQ}=a; export {REQ};", f"-e {REQ}", "a"),
        (f"set -a; {REQ}=a;", f"-e {REQ}", "a"),
        (f"{REQ}=a", f"-e {REQ}", "a"),
        (f"env {REQ}=a", f"-e {REQ}", "a"),
        ("A=a; B=$A/b;", f"-e {REQ}=$B", "a/b"),
        ("A=a; A=b;", f"-e {REQ}=$A", None),
        ("if x; then A=a; fi;", f"-e {REQ}=$A", None),
        ("A=a; source x;", f"-e {REQ}=$A", None),
        ("A=a; read A;", f"-e {REQ}=$A", None),
        ("for A in a b; do x; done; A=a;", f"-e {REQ}=$A", None),
        ("A='a b';", f"-e {REQ}=$A", None),
        ("A='a b';", f'-e "{REQ}=$A"', "a b"),
        ("x && A=a &&", f"-e {REQ}=$A", "a"),
        ("x && A=a;", f"-e {REQ}=$A", None),
        ("(A=a);", f"-e {REQ}=$A", None),
        ("", f"-e {REQ}={{{{ path }}}}", None),
        ("", f"-e {REQ}=%PATH%", None),
    ],
)
def test_values_of_a_container(before: str, option: str, value: str | None) -> None:
    made = container(f"{before} docker run --rm -p 1:1 {option} --name x {IMAGE}\n")
    assert values(made) == {REQ: value}
    assert isinstance(made.image, Known)
    assert made.image.value == IMAGE


def test_what_may_set_more() -> None:
    assert container(f"docker run $MORE -e {REQ}=a $IMAGE").variables.open is not None
    assert container(f"docker run -e {REQ}=a $IMAGE").variables.open is None
    made = container(f"docker run --env-file a.env -e {REQ}=a --env-file=b.env {IMAGE}")
    assert [each.value for each in made.env_files] == ["a.env", "b.env"]
    assert made.variables.open is not None
    assert made.variables.open.place == made.env_files[0].place


@pytest.mark.parametrize(
    ("option", "mounts"),
    [
        ('-v "$PWD/src:/a/src:ro"', [("src", "/a/src")]),
        ("-v $(pwd):/a/", [(".", "/a")]),
        ("-v `pwd`/src:/a", [("src", "/a")]),
        ("--volume=./src:/a", [("src", "/a")]),
        ("-v ../src:/a", [("../src", "/a")]),
        ("--mount type=bind,src=$PWD/src,dst=/a,readonly", [("src", "/a")]),
        ("-v src:/a", []),
        ("-v /home/me/src:/a", []),
        ("-v ~/src:/a", []),
        ("-v $DIR:/a", []),
        ("--mount src=x,dst=/a", []),
        ("-v C:\\\\src:/a", []),
    ],
)
def test_mounts(option: str, mounts: list[tuple[str, str]]) -> None:
    made = container(f"docker run {option} -e {REQ}=a {IMAGE}")
    assert [(each.local.value, each.container) for each in made.mounts] == mounts
    assert (made.more_files is None) is bool(mounts)


def test_the_folder_that_a_script_goes_to() -> None:
    own = container(f'cd "$(dirname "$0")"\ndocker run -v $PWD:/a -e {REQ}=a {IMAGE}')
    assert own.paths_from is PathsFrom.OWN_FOLDER
    assert own.mounts
    other = container(f"cd src\ndocker run -v $PWD:/a -e {REQ}=a {IMAGE}")
    assert not other.mounts
    assert other.more_files is not None


def _file(override: DeploymentOverride) -> str:
    assert isinstance(override.file, Known)
    return override.file.value


def test_an_override_of_a_deployment_file() -> None:
    text = (
        "DEP=deploy/blue.yml\n"
        "az ml online-deployment create -n blue --file $DEP --all-traffic \\\n"
        f'  --set environment_variables.{REQ}="a b" environment_variables.B=$(x) \\\n'
        "  --set code_configuration.code=../src instance_count=2 --no-wait\n"
    )
    (override,) = facts(text).overrides
    assert _file(override) == "deploy/blue.yml"
    assert [item.name.value for item in override.variables.items] == [REQ, "B"]
    first, second = override.variables.items
    assert isinstance(first.value, Known)
    assert first.value.value == "a b"
    assert not isinstance(second.value, Known)
    assert isinstance(override.source_directory, Known)
    assert override.source_directory.value == "../src"
    assert facts(text).environments == ()


ORIGIN = '"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"'
LONG_ORIGIN = '"$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd -P )"'


@pytest.mark.parametrize(
    ("before", "file", "path", "own"),
    [
        ("", "cli/d.yml", "cli/d.yml", False),
        ("cd cli\n", "d.yml", "cli/d.yml", False),
        ("cd cli && ", "d.yml", "cli/d.yml", False),
        ("(cd cli; ", "d.yml", "cli/d.yml", False),
        ("cd cli || exit 1\n", "d.yml", "cli/d.yml", False),
        ("pushd cli > /dev/null\n", "../d.yml", "d.yml", False),
        ("pushd cli\nls\npopd\n", "d.yml", "d.yml", False),
        ("(cd cli && ls)\n", "d.yml", "d.yml", False),
        ("X=$(cd cli && ls)\n", "d.yml", "d.yml", False),
        ("FOLDER=cli\ncd -P $FOLDER/a\ncd ..\n", "d.yml", "cli/d.yml", False),
        ("cd cli\n", '"$PWD/d.yml"', "cli/d.yml", False),
        ('cd "$(git rev-parse --show-toplevel)"\n', "cli/d.yml", "cli/d.yml", False),
        ('cd "$(dirname "$0")"\n', "d.yml", "d.yml", True),
        ('cd "$(dirname "$0")/.."\n', "d.yml", "../d.yml", True),
        ('cd "$(dirname "$(readlink -f "$0")")"; cd cli\n', "d.yml", "cli/d.yml", True),
        (f"DIR={ORIGIN}\n", '"$DIR/cli/d.yml"', "cli/d.yml", True),
        (f"DIR={ORIGIN}\ncd other\n", "$DIR/cli/d.yml", "cli/d.yml", True),
        (f"readonly DIR={LONG_ORIGIN}\n", '"${DIR}"/cli/d.yml', "cli/d.yml", True),
        (f"DIR={ORIGIN}\nROOT=$DIR/..\ncd $ROOT\n", "d.yml", "../d.yml", True),
        ("DIR=$(dirname $0)\n", "$DIR/d.yml", "d.yml", True),
        ('DIR="$(cd "$(dirname "$0")/.." && pwd)"\n', "$DIR/d.yml", "../d.yml", True),
    ],
)
def test_the_file_of_an_override(before: str, file: str, path: str, own: bool) -> None:
    command = f"az ml online-deployment create -f {file} --set environment_variables.A=b\n"
    (override,) = facts(before + command + ")" * before.startswith("(cd cli;")).overrides
    assert _file(override) == path
    assert (override.paths_from is PathsFrom.OWN_FOLDER) is own


@pytest.mark.parametrize(
    "before",
    [
        "cd $1\n", "cd\n", "cd -\n", "cd ~/src\n", "popd\n", "if x; then cd cli; fi\n",
        "ls && cd cli\n", "false || cd cli\n", "for x in a b; do cd $x\n", "cd a b\n",
        "cd cli\nDIR=$(dirname $0)\ncd $DIR\n", "DIR=a\nDIR=b\ncd $DIR\n", "cd /srv/app\n",
    ],
)  # fmt: skip
def test_a_file_that_is_somewhere(before: str) -> None:
    command = f"az ml online-deployment create -f d.yml --set environment_variables.{REQ}=b\n"
    (override,) = facts(before + command).overrides
    assert isinstance(override.file, Unknown)
    assert override.file_like == "d.yml"


@pytest.mark.parametrize(
    ("file", "like"),
    [
        ("$DIR/cli/d.yml", "*/cli/d.yml"),
        ("$DIR/../d.yml", "d.yml"),
        (r"'${{ env.DIR }}/d.yml'", "*/d.yml"),
        ("deploy/${NAME}.yml", "deploy/*.yml"),
        ("$DIR/$NAME", "*/*"),
        ("/srv/d.yml", "srv/d.yml"),
        ("./d.yml", "d.yml"),
        ("../../cli/d.yml", "cli/d.yml"),
    ],
)
def test_what_a_path_is_like(file: str, like: str) -> None:
    command = f"az ml online-deployment create -f {file} --set environment_variables.{REQ}=b\n"
    (override,) = facts(command).overrides
    assert override.file_like == like


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("az ml online-deployment create -f a.yml --set instance_count=2", (1, 0, 0, 0)),
        ("az ml online-deployment update -n a --set environment_variables.A=b", (0, 0, 1, 0)),
        ("az ml online-deployment create -f $X --set environment_variables.A=b", (1, 0, 0, 0)),
        ("az ml online-deployment create -f $X --set instance_count=2", (0, 0, 0, 0)),
        ("az ml batch-deployment create -f a.yml --set environment_variables.A=b", (0, 0, 0, 1)),
        ("az ml job create -f a.yml --set environment_variables.A=b", (0, 0, 0, 1)),
        ("az ml model create -f a.yml --set environment_variables.A=b", (0, 0, 0, 0)),
    ],
)
def test_what_is_no_override(text: str, counts: tuple[int, int, int, int]) -> None:
    found = facts(text)
    kinds = (found.overrides, found.deployments, found.environments, found.others)
    assert tuple(map(len, kinds)) == counts


ENV = 'A=x\n# c\n  B="x"\nC=x # y\nD=\nE\nF =x\nexport G=x\nH=$A\n\nI= x\nJ=x y\n=k\nA=z\n'


def test_env_files_as_docker_reads_them() -> None:
    document = Document("/p/.env", ENV, language=Language.ENV_FILE)
    found = {
        item.name.value: getattr(item.value, "value", None)
        for item in variables_of(document, docker=True).items
    }
    assert found == {
        "A": "z", "B": '"x"', "C": "x # y", "D": "", "E": None, "H": "$A", "I": " x", "J": "x y",
    }  # fmt: skip
    assert len(variables_of(document, docker=True).repeated) == 1


def test_env_files_as_anybody_reads_them() -> None:
    document = Document("/p/.env", ENV, language=Language.ENV_FILE)
    found = {
        item.name.value: getattr(item.value, "value", None) for item in variables_of(document).items
    }
    assert found == {
        "A": "z", "B": None, "C": None, "D": "", "E": None, "F": "x", "G": "x", "H": None,
        "I": None, "J": "x y",
    }  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"\0", b"docker run -e \xff", b"\xef\xbb\xbfAZUREML_EXTRA_X='", b"a" * 1_000_001]
)
def test_bad_files_are_told(data: bytes) -> None:
    assert read("/p/run.sh", data).trouble


def test_what_a_script_of_something_else_leaves_open_is_its_own_affair() -> None:
    assert not read("/p/run.sh", b"curl 'x: mcr.microsoft.com/azureml/openmpi\n").trouble


def test_listings_are_read_past_what_is_no_command() -> None:
    text = f"It's ready\n$ x\ndocker run -e {REQ}=a {IMAGE}\n"
    source = Document("/p/README.md", text, language=Language.MARKDOWN)
    from aml_preflight.document import Embedded, verbatim

    whole, pieces = verbatim(source, [(0, len(text))])
    found = read_document(Embedded(whole, pieces, source=source, language=Language.SHELL))
    assert len(found.deployments) == 1
    assert not found.trouble
