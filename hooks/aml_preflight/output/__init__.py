"""What people and machines get to see: findings, the boot view, the summary.

Every module here turns results into text and prints nothing; ``terminal.Writer`` prints.
"""

from __future__ import annotations
