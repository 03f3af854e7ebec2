"""Where a URL carries a credential. Only places are told, never the credential."""

from __future__ import annotations

import re

from .records import QUERY, USERINFO

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
            if _is_secret(scheme.group().lower(), userinfo):
                found.append((USERINFO, place + 3, place + 3 + len(userinfo)))
            if match.group(3):
                found += _in_query(match.group(3), match.start(3))
        place = text.find("://", match.end() if match is not None else place + 3)
    return found


def _is_secret(scheme: str, userinfo: str) -> bool:
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
