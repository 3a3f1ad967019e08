"""Who uses a template's functions: what the resources' references to each other tell."""

from __future__ import annotations

from msgspec import Struct, field

from lambdalint.deployment.nodes import Mapping, Scalar, descendants
from lambdalint.deployment.values import Values, references

# Resources that mention a function without calling it.
_BYSTANDERS = ("AWS::Logs::", "AWS::IAM::", "AWS::CloudWatch::")
_DEPLOYMENT_SERVICES = ("cloudformation.amazonaws.com", "secretsmanager.amazonaws.com")


class Usage(Struct):
    """Logical ids of functions, by who calls or configures them."""

    tokens: set[str] = field(default_factory=set)
    rotations: set[str] = field(default_factory=set)
    provisioned: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def only_custom(self, name: str) -> bool:
        return name in self.tokens and name not in self.others and name not in self.rotations


def kind_of(resource: Mapping) -> str:
    """A resource's type, or empty."""
    node = resource.get("Type")
    return node.value if isinstance(node, Scalar) else ""


def usage_of(resources: Mapping, values: Values) -> Usage:
    """Sorts all references between `resources`."""
    usage = Usage()
    for name, _, resource in resources:
        if not isinstance(resource, Mapping):
            continue
        kind, properties = kind_of(resource), resource.mapping("Properties")
        for key, _, value in properties:
            named: set[str] = set()
            for node in descendants(value):
                named |= references(node)
            named.discard(name)
            if key == "ServiceToken":
                usage.tokens |= named
            elif kind == "AWS::SecretsManager::RotationSchedule" and key == "RotationLambdaARN":
                usage.rotations |= named
            elif kind.startswith(_BYSTANDERS):
                continue
            elif kind == "AWS::Lambda::Permission":
                if values.text(properties.get("Principal")) not in _DEPLOYMENT_SERVICES:
                    usage.others |= named
            else:
                usage.others |= named
        if kind in ("AWS::Lambda::Alias", "AWS::Lambda::Version") and provisions(properties, values):
            usage.provisioned |= references(properties.get("FunctionName"))
    return usage


def provisions(properties: Mapping, values: Values) -> bool:
    """Whether a function's, alias's or version's properties keep environments warm."""
    settings = properties.get("ProvisionedConcurrencyConfig")
    if not isinstance(settings, Mapping):
        return False
    return values.number(settings.get("ProvisionedConcurrentExecutions")) != 0
