"""The oracle of the SDKs: programs are run with the real ones, and the reader has to agree."""

from __future__ import annotations
