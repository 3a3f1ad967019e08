"""Reads `.chalice/config.json`: the settings of a Chalice application's function, stage by stage."""

from __future__ import annotations

import posixpath

from lambdalint.deployment.cloudformation import variables
from lambdalint.deployment.model import DeployedFunction, Deployment
from lambdalint.deployment.nodes import Mapping, Node
from lambdalint.deployment.values import Values

DEFAULT_MEMORY = 128
DEFAULT_TIMEOUT = 60
_HANDLER = "app.app"  # by convention, and there is no setting for it


def read(path: str, root: Mapping) -> Deployment:
    """One function per stage: the application object, which gets all requests."""
    values = Values()
    folder = posixpath.dirname(posixpath.dirname(path)) or "."
    functions: list[DeployedFunction] = []
    for name, key, stage in root.mapping("stages"):
        if not isinstance(stage, Mapping):
            continue

        def setting(key: str, stage: Mapping = stage) -> Node | None:
            return stage.get(key) or root.get(key)

        memory, timeout = setting("lambda_memory_size"), setting("lambda_timeout")
        environment: dict[str, str] = {}
        for section in (root, stage):
            environment.update(variables(section.mapping("environment_variables"), values))
        functions.append(
            DeployedFunction(
                template=path,
                line=key.line,
                name=name,
                handler=_HANDLER,
                code_roots=(folder,),
                memory=values.number(memory) if memory is not None else DEFAULT_MEMORY,
                timeout=values.number(timeout) if timeout is not None else DEFAULT_TIMEOUT,
                environment=tuple(environment.items()),
                application=True,
            )
        )
    return Deployment(tuple(functions))
