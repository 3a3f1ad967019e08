"""What the policies of a CDK program say."""

from __future__ import annotations

from lambdalint.deployment.cdk.constructs import identifier, setting_of
from lambdalint.deployment.cdk.names import snake
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.cdk.values import UNKNOWN as ANYTHING
from lambdalint.deployment.cdk.values import Instance, Made, Part, Qualified, Record, Row, Value
from lambdalint.deployment.model import Rights
from lambdalint.deployment.rights import UNKNOWN, decoded, hedged, joined, managed, stated

_IAM = "aws_cdk.aws_iam."
# The constructs of policies: these have statements, those a document as JSON.
POLICIES = frozenset({f"{_IAM}Policy", f"{_IAM}ManagedPolicy"})
_LOW_LEVEL = frozenset({f"{_IAM}Cfn{name}" for name in ("Policy", "ManagedPolicy", "RolePolicy")})
_MAX_DEPTH = 20


class Policies:
    """Reads policies; `usage` knows what is called on them later."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def of_role(self, role: Made) -> Rights:
        """What a role grants by its own settings."""
        parts = [self.policy(one) for one in _items(role.option("managed_policies"))]
        parts += [self.policy(one) for one in _items(role.option("managed_policy_arns"))]
        inline = role.option("inline_policies")
        if isinstance(inline, Record) and inline.complete:
            parts += map(self.document, inline.entries.values())
        elif inline is not None:
            parts.append(UNKNOWN)
        parts += [self.document(setting_of(one, "policy_document")) for one in _items(role.option("policies"))]
        return joined(parts)

    def policy(self, value: Value) -> Rights:
        """What a policy grants: one of AWS's own, or one that the program makes."""
        if isinstance(value, str):
            return managed(value)
        one = _made(value)
        if one is None:
            return UNKNOWN
        if one.path == f"{_IAM}ManagedPolicy.from_aws_managed_policy_name":
            name = one.argument(0, "managed_policy_name")
            return managed(name if isinstance(name, str) else None)
        if one.path == f"{_IAM}ManagedPolicy.from_managed_policy_arn":
            arn = one.argument(2, "managed_policy_arn")
            return managed(arn if isinstance(arn, str) else None)
        if one.path in _LOW_LEVEL:
            return self.document(one.option("policy_document"))
        if one.path not in POLICIES:
            return UNKNOWN
        given = one.option("document")
        parts = [self.document(given)] if given is not None else []
        return joined([*parts, self._stated_in(one)])

    def document(self, value: Value) -> Rights:
        """What a policy's document says."""
        one = _made(value)
        if one is not None and one.path == f"{_IAM}PolicyDocument":
            return self._stated_in(one)
        if one is not None and one.path == f"{_IAM}PolicyDocument.from_json":
            return decoded(_plain(one.argument(0, "obj")), _place(one), _resource)
        return decoded(_plain(value), "", _resource) if isinstance(value, Record) else UNKNOWN

    def _stated_in(self, holder: Made) -> Rights:
        """The statements that a document or a policy is made with, and those that are added later."""
        parts = [self.statements(holder.option("statements"))]
        for call in self._usage.calls(holder):
            if call.method == "add_statements":
                added = self.statements(call.arguments)
                parts.append(added if call.branches == holder.branches else hedged(added))
        return joined(parts)

    def statements(self, value: Value) -> Rights:
        """What a list of statements says; nothing where there is none."""
        return joined(map(self.statement, _items(value)))

    def statement(self, value: Value) -> Rights:
        """What one statement says."""
        one = _made(value)
        if one is None:
            return UNKNOWN
        if one.path == f"{_IAM}PolicyStatement.from_json":
            return decoded({"Statement": _plain(one.argument(0, "obj"))}, _place(one), _resource)
        if one.path != f"{_IAM}PolicyStatement" or one.option("not_actions") is not None:
            return UNKNOWN
        actions, resources = _items(one.option("actions")), _items(one.option("resources"))
        conditional = one.option("conditions") is not None
        for call in self._usage.calls(one):
            if call.method == "add_actions":
                actions += call.arguments.items if call.branches == one.branches else [ANYTHING]
            elif call.method == "add_resources":
                resources += call.arguments.items
            elif call.method == "add_all_resources":
                resources.append("*")
            conditional |= call.method.startswith("add_condition")
        effect = one.option("effect")
        effects = {"ALLOW": "Allow", "DENY": "Deny"}
        said = "Allow" if effect is None else effects.get(_member(effect))
        return stated(_texts(actions), _resources(one, resources), said, conditional)

    @staticmethod
    def allowed(one: Made, actions: Value, resources: Value) -> Rights:
        """What a call allows that is given actions, and resources, one or several."""
        several: list[Value] = _items(resources) if isinstance(resources, Row) else [resources]
        return stated(_texts(_items(actions)), _resources(one, several), "Allow")


def _made(value: Value) -> Made | None:
    made = value.made if isinstance(value, Instance) else value
    return made if isinstance(made, Made) else None


def _items(value: Value) -> list[Value]:
    """The items of a list that may be given; one that isn't known is one unknown item."""
    if value is None:
        return []
    known = isinstance(value, Row) and value.complete
    return list(value.items) if isinstance(value, Row) and known else [ANYTHING]


def _texts(values: list[Value]) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in values]


def _resources(one: Made, values: list[Value]) -> list[str]:
    return [_resource(value, f"{_place(one)}.{index}") for index, value in enumerate(values)]


def _plain(value: Value, depth: int = 0) -> object:
    """A value as decoded JSON; what isn't known stays what it is."""
    if depth < _MAX_DEPTH and isinstance(value, Record) and value.complete:
        return {name: _plain(one, depth + 1) for name, one in value.entries.items()}
    if depth < _MAX_DEPTH and isinstance(value, Row) and value.complete:
        return [_plain(one, depth + 1) for one in value.items]
    return value


def _resource(value: object, place: str) -> str:
    """A resource as a text: the same for the same construct, and for what isn't known another one at each place."""
    if isinstance(value, Part) and snake(value.name).endswith("arn"):
        return place_of(value.of)
    return value if isinstance(value, str) else f"?{place}"


def place_of(one: Made) -> str:
    """A construct's name, which no other has."""
    return f"{_place(one)} {identifier(one)}"


def _place(one: Made) -> str:
    return f"{one.file}:{one.line}"


def _member(value: Value) -> str:
    return value.path.rpartition(".")[2] if isinstance(value, Qualified) else ""
