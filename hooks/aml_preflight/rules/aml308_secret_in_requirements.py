"""A requirements file holds a password or a token.

## What it does

Looks at the URLs of all lines, of package indexes as well as of packages, for a password or a token
before the `@` and for a signature or a key in the query. What is found is never printed. `${NAME}`
in its place is fine, and so are a placeholder and the name of an account without a password.

## Why it matters

The file is committed, uploaded to the workspace's storage with the code, and lies in every
container. A token that expires also ends the deployment: from then on no new instance starts, with
exit code 95:

    ERROR: HTTP error 403 while getting https://account.blob.core.windows.net/wheels/mine-1.0-py3-none-any.whl
    Error occurred. Sleeping to send error logs.

## Example

```text
--extra-index-url https://build:hunter2@pkgs.example.com/simple
```

## Use instead

```text
--extra-index-url https://${FEED_USER}:${FEED_TOKEN}@pkgs.example.com/simple
```

pip replaces `${NAME}`, in upper case, by an environment variable of the deployment. Revoke a secret
that was committed: it stays in the history.

## Fix safety

There is no fix.

## Source

pip's documentation, "Using environment variables" in "Requirements File Format"; what a secret
looks like: GitHub's, GitLab's, Azure's and PyPI's documentation of their tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..requirements.credentials import secrets_in
from ..requirements.records import USERINFO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..installation import Installation

SEVERITY = Severity.ERROR
FIX = None


def check_installation(installation: Installation) -> Iterator[Report]:
    for file in installation.each_file():
        for kind, span in secrets_in(installation.document(file).text):
            if kind == USERINFO:
                message = "this URL holds a password or a token, which everybody with the code sees"
                advice = "write ${NAME}, such as https://${FEED_USER}:${FEED_TOKEN}@..., "
            else:
                message = (
                    "this URL holds a signature or a key, which everybody with the code sees and "
                    "which may expire"
                )
                advice = "write ${NAME} for it, "
            yield Report(
                installation.place(file, span),
                message,
                help=f"{advice}and set the variable in the deployment; revoke the secret, since it "
                "stays in the history",
            )
