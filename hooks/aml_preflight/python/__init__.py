"""Reading Python: the deployments that code of the two SDKs makes.

``source`` cuts a file into statements, ``expressions``, ``folding`` and ``interpreter`` follow
them with the values of ``objects``, ``sdk`` adds what the SDKs do, and ``reader`` turns the result
into facts.
"""
