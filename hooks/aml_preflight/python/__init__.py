"""Reading Python: the deployments that code of the two SDKs makes.

``source`` cuts a file into statements, ``memory``, ``expressions``, ``folding``, ``statements``,
``calls`` and ``interpreter`` follow them with the values of ``objects``, ``sdk_v1``, ``sdk_v2`` and
``deploys`` add what the SDKs do, and ``reader`` turns the result into facts.
"""
