"""Where a text carries credentials, in its URLs. Only places are told, never the credential."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lines import logical_lines, swallowed_lines
from .records import QUERY, USERINFO, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
"""A variable that pip replaces from its environment (pip 26.3's ``req_file.ENV_VAR_RE``)."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z", re.IGNORECASE)
_LONGEST_SCHEME = 32
_AFTER_SCHEME = re.compile(r"([^/?#\s]*)([^?#\s]*)(?:\?([^#\s]*))?")
_SECRET_KEYS = re.compile(
    r"sig|signature|token|\w+[_-]token|private-token|sas|api[_-]?key|key|password|passwd|pwd|secret"
    r"|client[_-]secret|x-amz-signature|x-amz-security-token|x-goog-signature|auth|code",
    re.IGNORECASE,
)
# A name before the @ is an account here, not a token.
_ACCOUNT_SCHEMES = ("ssh", "sftp", "svn", "git+ssh", "hg+ssh", "bzr+ssh", "bzr+sftp", "svn+ssh")
_PLACEHOLDER = re.compile(
    r"<.*>|\$?\{.*\}|\[.*\]|\$(?:env:)?\w+|\$\([\w.]+\)|%\w+%|#\{.*\}#|__(?!token__)\w+__|[*.]+"
    r"|[xX]{3,}"
)
_SECRET = r"(?:token|password|passwd|pass|pwd|secret|pat|key|credentials?)"
_IN_CAPITALS = re.compile(rf"(?:[A-Z]+[_-])*{_SECRET.upper()}")
_DESCRIPTION = re.compile(
    rf"your[_-]?(?:[a-z]+[_-])*{_SECRET}(?:[_-][a-z]+)*"
    rf"|(?:[a-z]+[_-])*{_SECRET}[_-](?:goes[_-])?here",
    re.IGNORECASE,
)
"""Words for what belongs there. Alone, and in small letters, they may be the password."""

_FIXED_USER = re.compile(
    r"VssSessionToken|oauth2accesstoken|__token__|x-access-token|x-token-auth|gitlab-ci-token"
    r"|gitlab\+deploy-token-\d+",
    re.IGNORECASE,
)
"""Names that services give to whoever comes with a token, which is asked for, or comes from a
keyring: of Azure Artifacts, Google Cloud, PyPI, GitHub, Bitbucket and GitLab."""

_TOKEN = re.compile(
    r"(?:gh[pousr]_|github_pat_|glpat-|gldt-|pypi-|dckr_|hf_|xox).+|.*(?:token|secret|passw).*"
    r"|(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_]{16,}",
    re.IGNORECASE,
)


def find_secrets(text: str) -> list[tuple[str, int, int]]:
    """``(kind, start, end)`` for each credential in the URLs of ``text``, indices in ``text``.

    ``${VAR}`` in place of a credential is none.
    """
    found = []
    place = text.find("://")
    while place >= 0:
        # Looking back from "://" keeps this linear; a scheme at the front of the pattern would not.
        scheme = _SCHEME.search(text[max(0, place - _LONGEST_SCHEME) : place])
        match = _AFTER_SCHEME.match(text, place + 3)
        if scheme is not None and match is not None:
            userinfo = match.group(1).rpartition("@")[0]
            if _is_written_out(scheme.group().lower(), userinfo):
                found.append((USERINFO, place + 3, place + 3 + len(userinfo)))
            if match.group(3):
                found += _in_query(match.group(3), match.start(3))
        place = text.find("://", match.end() if match is not None else place + 3)
    return found


def _is_written_out(scheme: str, userinfo: str) -> bool:
    user, _, password = userinfo.partition(":")
    if password:
        return bool(VARIABLE.sub("", password))
    return bool(VARIABLE.sub("", user)) and scheme not in _ACCOUNT_SCHEMES


def _in_query(query: str, start: int) -> list[tuple[str, int, int]]:
    found = []
    for field in query.split("&"):
        key, equals, value = field.partition("=")
        if equals and _SECRET_KEYS.fullmatch(key) and VARIABLE.sub("", value):
            begin = start + len(key) + 1
            found.append((QUERY, begin, begin + len(value)))
        start += len(field) + 1
    return found


def secrets_in(text: str) -> Iterator[tuple[str, Span]]:
    """The kind and the place of each credential that a line of a requirements file holds; not those
    in comments, and no placeholders."""
    if ":" not in text:  # "://" may be written over two lines
        return
    for line in logical_lines(text):
        for part in (line, *(each for _, each in swallowed_lines(line))):
            for kind, start, end in find_secrets(part.text):
                if is_secret(kind, part.text[start:end]):
                    yield kind, part.span(start, end)


def spans_to_hide(text: str) -> list[Span]:
    """Every place of a requirements file that can hold a credential, comments included: nothing
    there is to be shown."""
    spans = {Span(start, end) for _, start, end in find_secrets(text)}
    spans.update(span for _, span in secrets_in(text))
    return sorted(spans)


def is_secret(kind: str, text: str) -> bool:
    """Whether this is a credential and not a placeholder, or the name of an account."""
    if kind != USERINFO:
        return not _is_placeholder(text)
    user, _, password = text.partition(":")
    if password:
        return not _is_placeholder(password)
    # "https://organisation@dev.azure.com/..." names an account; a token looks like one.
    if _FIXED_USER.fullmatch(user) or _is_placeholder(user):
        return False
    return _TOKEN.fullmatch(user) is not None


def _is_placeholder(text: str) -> bool:
    """Whether this stands for a value that somebody, or something, is to put in its place."""
    return any(each.fullmatch(text) for each in (_PLACEHOLDER, _IN_CAPITALS, _DESCRIPTION))


def hidden(text: str) -> str:
    """The text without the credentials in it."""
    for _, start, end in reversed(find_secrets(text)):
        text = f"{text[:start]}***{text[end:]}"
    return text
