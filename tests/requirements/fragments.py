"""Requirements files for hypothesis, put together from pieces that people and editors write."""

from __future__ import annotations

from hypothesis import strategies as st

BLANKS = st.sampled_from(["", "", " ", "  ", "\t", " \t ", "\u00a0", "\u3000"])
NAMES = st.sampled_from(
    [
        "scipy",
        "Scikit.Learn",
        "foo_bar",
        "a",
        "3to2",
        "foo-",
        "_x",
        "x" * 40,
        "zope.interface",
        "foo_",
        "sçipy",
        "file",
        "git",
        "${NAME}",
        "numpy",
    ]
)
EXTRAS = st.sampled_from(
    ["", "", "", "[x]", "[x,y]", "[ x , y ]", "[]", "[ ]", "[x", "[x y]", "[x,]", "[!]", " [x]"]
)
OPERATORS = st.sampled_from(["==", "==", "==", "===", ">=", "<=", "<", ">", "!=", "~=", "=", "=>"])
VERSIONS = st.sampled_from(
    [
        "1.2.3",
        "1.2.3",
        "1",
        "1.*",
        "1.0+cpu",
        "v1.2",
        "1!2.0",
        "1.0rc1",
        "2020.1.post1",
        "1.0.dev1",
        "",
        "*",
        "1.2.3-foo",
        "1.0.*+cpu",
        "foobar",
        "${VER}",
        "${ver}",
        "1.0.0*",
        "1 .2",
        "1_2",
    ]
)
MARKERS = st.sampled_from(
    [
        "",
        "",
        "",
        ';python_version<"3.9"',
        "; python_version < '3.9'",
        " ; os_name == 'posix'",
        "; extra == 'x'",
        "; python_versio < '3'",
        "; python_version = '3'",
        ";",
        " ; ",
        "; '1'=='1'",
        "; (python_version > '3' and os_name == 'x') or sys_platform == 'linux'",
        "; python_version in '2.7 3.8'",
        "; sys.platform not in 'win32'",
        '; os_name == "a\'b"',
    ]
)
DIGEST = "0" * 64
OPTIONS_OF_A_REQUIREMENT = st.sampled_from(
    [
        "",
        "",
        "",
        f" --hash=sha256:{DIGEST}",
        f" --hash sha256:{DIGEST}",
        " --hash=md5:00",
        f" \\\n    --hash=sha256:{DIGEST} \\\n    --hash=sha384:00",
        " --hash=sha256",
        "\t--hash=x:y",
        " --config-settings k=v",
        " -C k=v",
        " -Ck=v",
        " --config-settings k",
        " --ha sha256:0",
        " -c x.txt",
        " --index-url https://h/s",
        " -e .",
        " -e ./p",
        " --global-option=x",
        " --pre",
        ' --install-option="--x y"',
        " --upgrade",
        " -r b.txt",
        " -",
        " --",
        " -- x",
        " --hash=sha512:",
        " -e git+https://h/r#egg=foo",
        ' --global-option="a',
        " --no-binary :all:",
    ]
)
URLS = st.sampled_from(
    [
        "https://h.org/foo-1.0-py3-none-any.whl",
        "https://h.org/foo.whl",
        "http://h/foo-1.0.tar.gz",
        f"https://h/foo-1.0.tar.gz#sha256={DIGEST}",
        "https://u:p@h/f-1-py3-none-any.whl?sig=a%3D",
        "git+https://h/o/r.git",
        "git+https://h/o/r.git@v1#egg=foo",
        "git+ssh://git@h/o/r@main",
        "git+https://h/r#egg=foo[x]",
        "git+https://h/r#egg=",
        "git+https://h/r#egg=foo==1.0",
        "git+https://h/r#egg=foo-1&subdirectory=x",
        "git+git@h:o/r.git",
        "hg+http://h/r",
        "svn+x://h",
        "file:///opt/foo-1.0-py3-none-any.whl",
        "file:./pkg",
        "file://host/x.whl",
        "file:///x[y]",
        "https://[::1/x.zip",
        "ftp://h/x.zip",
        "s3://b/k.zip",
        "HTTPS://H/X.zip",
        "https://h/a b.zip",
        "1.2.3",
        "./pkg",
        "https://${TOKEN}@h/x.zip",
        "https://h/a;b.zip",
        "C:\\p\\foo-1-py3-none-any.whl",
        "git://h/r#egg=foo",
        "svn://h/r#egg=foo",
        "hg://h/r#egg=foo",
        "https://h/foo-1.0-1-py3-none-any.whl",
    ]
)
PATHS = st.sampled_from(
    [
        "./pkg",
        "./pkg[x]",
        "../pkg",
        ".",
        "..",
        "pkg/",
        "/abs/pkg",
        "~/pkg",
        "./a b",
        ".[x,y]",
        "./w/foo-1.0-py3-none-any.whl",
        "foo-1.0-py3-none-any.whl",
        "foo-1.0-py3-none-any.whl[x]",
        "a.whl [a]",
        "x.tar.gz",
        "./x.zip[!]",
        "a@b.zip",
        "a/b@c.tar.gz",
        "x.TAR.BZ2",
        "foo-1-py3.whl",
        "./foo-1.0-foo-py3-none-any.whl",
        "foo-bar-1.0-py3-none-any.whl",
        "foo-1.x-py3-none-any.whl",
        "foo-1.0-py3-none-any.whl [x]",
        "foo_-1-py3-none-any.whl",
        "foo-1_0-py3-none-any.whl",
    ]
)
OPTION_LINES = st.sampled_from(
    [
        "-r base.txt",
        "-rbase.txt",
        "--requirement=base.txt",
        '-r "a b.txt"',
        "--req base.txt",
        "-r",
        "-c c.txt",
        "-r a.txt -r b.txt",
        "-c c.txt -r a.txt --pre",
        "-r https://h/r.txt",
        "-c",
        "-cc.txt",
        "-i https://h/s",
        "--index-url=https://u:p@h/s",
        "--pypi-url https://h",
        "--index_url x",
        "-i a -i b",
        "--extra-index-url https://h",
        "--extra-index https://h",
        "--extra",
        "--no-index -i x",
        "--no",
        "-f ./w",
        "--find-links ./w -f ./v",
        "--no-binary :all:",
        "--only-binary=:all:",
        "--only foo",
        "--no-binary -x",
        "--prefer-binary",
        "--pre",
        "--prefer-binary=1",
        "--p",
        "--pr",
        "--require",
        "--require-hashes",
        "--req-h",
        "--trusted-host h",
        "--trusted",
        "--use-feature=fast-deps",
        "--a x",
        "--use-feature build-constraint",
        "--use-feature 2020-resolver",
        "--use-feature x",
        "--all x",
        "--no-require-hashes",
        "--no-re",
        "--all-releases foo",
        "--only-final :all:",
        "--only-f x",
        "- scipy==1.2.3",
        "  - pip:",
        "-\tscipy",
        "--",
        "-- -r x.txt",
        "-",
        "- -r x.txt",
        "-scipy==1",
        "-e .",
        "-e ./pkg",
        "-e ./pkg[x]",
        "-e git+https://h/r@v1#egg=foo",
        "-e git+https://h/r",
        "-e foo",
        "-e foo@git+https://h/r",
        "-e \"foo @ git+https://h/r ; os_name=='x'\"",
        "-e https://h/x.zip",
        "-e",
        "-e git://h/r#egg=foo",
        "-e hg://h/r#egg=foo",
        "-e 'foo==1.0'",
        "-e file:///x",
        "-e file:x[y]",
        "-e svn+http://h/r#egg=foo -e b",
        "-e ./p --hash=sha256:0",
        "-e ./p -C a=b",
        "-e 'a b'",
        "-e ''",
        "--hash=sha256:0",
        "-C a=b",
        "--no-deps",
        "--user",
        "-Z",
        "--timeout 100",
        "--frobnicate",
        '--index-url "https://h/s',
        "--index-url https://h/\\",
        "-i 'https://h'/s",
        "-i ${URL}",
        "-r ${X}.txt",
        "--index-url=",
        "-i ''",
        '-f "a\\"b"',
        "-f 'a\\b'",
        "-f a\\ b",
        "--=x",
        "-x",
        "-ifoo-bar",
        "-r=x",
    ]
)
OTHER_LINES = st.sampled_from(
    [
        "",
        "",
        "# comment",
        "  # comment",
        "#",
        "#x \\",
        "\\",
        "\\\\",
        "\\# c \\",
        "'scipy'",
        '"scipy==1"',
        "pip install scipy",
        "<html>",
        "</html>",
        "[section]",
        "a:",
        "<<<<<<< HEAD",
        "numpy==1 scipy==2",
        "numpy==1, scipy==2",
        "conda-forge::scipy",
        "scipy=1.2=py38_0",
        "${LINE}",
        "${lower}",
        "$X",
        "@",
        ";",
        "scipy (==1.0)",
        "scipy ()",
        "scipy(>=1,<2)",
        "scipy (1.0)",
        "scipy==1,>=0",
        "scipy==1,,<2",
        "a,b",
        "scipy>=1,<2,",
        "scipy,",
        "scipy==1;os_name=='x';",
        "x===1,==2",
        "x=== 1",
        "x===",
        "x===[!]",
    ]
)
COMMENTS = st.sampled_from(
    ["", "", "", "", " # c", "#c", "\t#c", " #", " # -r x.txt", " # note \\", "  \\ "]
)
ENDS = st.sampled_from(
    ["\n", "\n", "\n", "\n", "\r\n", "\r", "\f", "\x0b", "\u2028", "\x85", "\x1d"]
)
JOINS = st.sampled_from(["", "", "", "\\\n", " \\\n", "\\\n  ", "\\\\\n", "\\\r\n", " \\\n# c\n"])


@st.composite
def requirements(draw: st.DrawFn) -> str:
    """``name[extras] specifier ; marker --options``, rightly or wrongly spelled."""
    text = draw(NAMES) + draw(EXTRAS)
    for index in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        comma = "," if index else ""
        text += comma + draw(BLANKS) + draw(OPERATORS) + draw(BLANKS) + draw(VERSIONS)
    return text + draw(MARKERS) + draw(OPTIONS_OF_A_REQUIREMENT)


@st.composite
def links(draw: st.DrawFn) -> str:
    """A URL or a path, with or without a name."""
    before = draw(st.sampled_from(["", "", "foo @ ", "foo@", "foo[x] @ ", "foo @", "@ "]))
    place = draw(URLS | PATHS)
    return before + place + draw(MARKERS) + draw(OPTIONS_OF_A_REQUIREMENT)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line with its end, perhaps broken in the middle."""
    text = draw(requirements() | requirements() | links() | OPTION_LINES | OTHER_LINES)
    join = draw(JOINS)
    if join:
        place = draw(st.integers(0, len(text)))
        text = text[:place] + join + text[place:]
    return draw(BLANKS) + text + draw(COMMENTS) + draw(ENDS)


def files() -> st.SearchStrategy[str]:
    """A few lines, or any text."""
    noise = st.text(alphabet="ab=1.,;@#-\\ \t\n\r'\"[]()<>!~${}:/ré\u2028\x00", max_size=40)
    return st.lists(lines(), max_size=4).map("".join) | noise
