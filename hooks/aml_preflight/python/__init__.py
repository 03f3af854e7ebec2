"""Reading Python: the deployments that code of the two SDKs makes.

``source`` cuts a file into statements, of which ``relevance`` leaves out those that cannot matter;
``nesting`` refuses what is too deep to be parsed. ``memory``, ``arguments``, ``expressions``,
``folding``, ``statements``, ``calls`` and ``interpreter`` follow the others with the values of
``objects``. ``sdk_v1``, ``sdk_v2``, ``other_uses`` and ``deploys`` know what the SDKs do, which
``sdk`` adds. ``imports`` follows a file into the ``modules`` of its project. ``to_facts`` turns
what was noted into facts, and ``reader`` is the whole way, from the bytes of a file.
"""
