"""What SDK v2 (azure-ai-ml 1.35) does with the values it is given.

A deployment copies the dictionary that it is given, and keeps environment and code configuration
as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import Style
from .deploys import FILE, V2_CODE, V2_DEPLOYMENT, V2_ENVIRONMENT, VARIABLES
from .objects import ABSENT, Dictionary, Literal, Opaque, Thing
from .sdk_v1 import SdkV1

if TYPE_CHECKING:
    from .arguments import Arguments
    from .objects import Value
    from .source import Site


_V2_DEPLOYMENTS = frozenset({"ManagedOnlineDeployment", "KubernetesOnlineDeployment"})
V2_DEPLOYING = frozenset({"begin_create_or_update", "create_or_update", "begin_create"})


class SdkV2(SdkV1):
    """Online deployments of SDK v2."""

    def call_v2(self, last: str, arguments: Arguments) -> Value | None:
        if last in _V2_DEPLOYMENTS:
            return self._v2_deployment(arguments)
        if last == "CodeConfiguration":
            made = self.thing(V2_CODE, arguments.site, "the SDK decides it")
            given = arguments.bind("code", "scoring_script")
            if "code" in given:
                given["code"] = self.from_current_folder(given["code"])
            made.cells.update(given)
            self.fill_unknown(made, ("code", "scoring_script"), arguments)
            return made
        if last == "Environment":
            return self._v2_environment(arguments)
        if last == "load_environment":
            return self._v2_load_environment(arguments)
        if last == "load_online_deployment":
            return self._v2_load_deployment(arguments)
        return self.other_v2(last, arguments)

    def _v2_environment(self, arguments: Arguments) -> Value:
        made = self.thing(V2_ENVIRONMENT, arguments.site, "the SDK decides it")
        made.cells.update(arguments.keywords)
        self.fill_unknown(made, ("image",), arguments)
        variables = arguments.keywords.get(VARIABLES)
        if variables is not None:
            self.ignored.append((Style.SDK_V2, arguments.keyword_sites[VARIABLES], variables))
        return made

    def _v2_load_environment(self, arguments: Arguments) -> Value:
        made = self.thing(V2_ENVIRONMENT, arguments.site, "the SDK decides it")
        made.cells["image"] = self._from_file(arguments)
        return made

    def _v2_load_deployment(self, arguments: Arguments) -> Value:
        """A deployment of which everything stands in a file, until it is changed."""
        made = self.thing(V2_DEPLOYMENT, arguments.site, "the SDK decides it")
        why = self._from_file(arguments)
        code = self.thing(V2_CODE, arguments.site, "the SDK decides it")
        code.cells.update(code=why, scoring_script=why)
        environment = self.thing(V2_ENVIRONMENT, arguments.site, "the SDK decides it")
        environment.cells["image"] = why
        variables = Dictionary(arguments.site, self.heap.tick())
        variables.opened[""] = why
        made.cells.update(name=why, code_configuration=code, environment=environment)
        made.cells[VARIABLES] = variables
        made.cells[FILE] = why
        self.configs.append(made)
        return made

    def _from_file(self, arguments: Arguments) -> Opaque:
        given = arguments.bind("source")
        path = given.get("source")
        if path is not None:
            path = self.from_current_folder(path)
        if not {"relative_origin", "params_override"}.isdisjoint(given):
            path = None
        return self.loaded("it is read from a file", path, arguments)

    def _v2_deployment(self, arguments: Arguments) -> Value:
        made = self.thing(V2_DEPLOYMENT, arguments.site, "the SDK decides it")
        given = dict(arguments.keywords)
        variables = given.pop(VARIABLES, None)
        made.cells.update(given)
        self.fill_unknown(made, ("environment", "code_configuration", VARIABLES), arguments)
        code, script = given.get("code_path"), given.get("scoring_script")
        if code is not None or script is not None:
            both = self.thing(V2_CODE, arguments.site)
            both.cells.update({k: v for k, v in (("code", code), ("scoring_script", script)) if v})
            made.cells["code_configuration"] = both
        made.cells.setdefault(VARIABLES, self._copied(variables, arguments.site))
        self.configs.append(made)
        return made

    def _copied(self, variables: Value | None, site: Site) -> Dictionary:
        """The dictionary that a deployment makes of what it is given: ``dict(x) if x else {}``."""
        if isinstance(variables, Dictionary):
            return self.copy_of(variables, variables.site)
        made = Dictionary(site, self.heap.tick())
        empty = isinstance(variables, Literal) and not variables.value
        if variables is not None and not empty:
            self.merge_into(made, variables, site.node)
        return made

    def opened(self, why: Opaque) -> Dictionary:
        made = Dictionary(why.site, self.heap.tick())
        self.blur(made, why)
        return made

    def code_of(self, deployment: Thing) -> Value:
        """A deployment's code configuration, made if there is none, as the SDK does."""
        code: Value = deployment.cells.get("code_configuration", ABSENT)
        if code is ABSENT:
            code = self.thing(V2_CODE, deployment.site)
            self.heap.set(deployment.cells, "code_configuration", code)
        return code
