"""What the roles of a CDK program's functions grant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lambdalint.deployment.cdk.policies import POLICIES, Policies, place_of
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.cdk.values import UNKNOWN as ANYTHING
from lambdalint.deployment.cdk.values import Either, Made, Part, Row, Value, things
from lambdalint.deployment.model import Rights
from lambdalint.deployment.rights import UNKNOWN, hedged, joined, stated
from lambdalint.knowledge import rights as known

_LIBRARY = "aws_cdk."
_ROLES = frozenset({"aws_cdk.aws_iam.Role", "aws_cdk.aws_iam.CfnRole"})
_GRANT = "aws_cdk.aws_iam.Grant.add_to_principal"
_LOW_LEVEL = "aws_cdk.aws_lambda.CfnFunction"
# What adds to the role that it is called on, or to that of the function.
_ADDS_STATEMENT = frozenset({"add_to_role_policy", "add_to_policy", "add_to_principal_policy"})
_ADDS_POLICY = frozenset({"add_managed_policy", "attach_inline_policy"})
# What takes anything and grants nothing: of the languages and of other libraries, and as methods of what isn't known.
_HARMLESS = ("cdk_nag.", "console.", "json.", "JSON.", "Map.", "Object.", "Set.", "print")
_HARMLESS_METHODS = (".add_dependency", ".add_depends_on", ".append", ".push", ".set")


class Roles:
    """Answers for each function of a program.

    `made` is what the program makes, `lost` its calls of what isn't known; `whole`: that is all.
    """

    def __init__(self, made: Sequence[Made], lost: Sequence[Made], whole: bool, usage: Usage) -> None:
        self._policies = Policies(usage)
        self._whole = whole
        self._holders: dict[Made, list[Made]] = defaultdict(list)  # what has a role, by the role
        # By function or role, the calls that give it something, and what; under None what anybody may get.
        self._given: dict[Made | None, list[tuple[Made, Rights]]] = defaultdict(list)
        for one in (*made, *lost):
            role = _role(one)
            if role is not None:
                self._holders[role].append(one)
            for holder, rights in self._giving(one):
                self._given[holder].append((one, rights))

    def of_function(self, function: Made) -> Rights:
        """What a function's role grants: the one that it is given, or the one that is made for it."""
        role = _role(function)
        if role is not None:
            parts = [self._policies.of_role(role)]
            holders = [role, *self._holders[role]]
        elif function.option("role") is None and function.path != _LOW_LEVEL:
            parts = [self._policies.statements(function.option("initial_policy"))]
            holders = [function]
        else:
            return UNKNOWN
        for holder in holders:
            for call, rights in self._given.get(holder, ()):
                sure = call.branches == function.branches[: len(call.branches)]
                parts.append(rights if sure else hedged(rights))
        parts += [hedged(rights) for _, rights in self._given.get(None, ())]
        return joined([*parts, Rights(complete=self._whole)])

    def _giving(self, one: Made) -> Iterator[tuple[Made | None, Rights]]:
        """To whom a call gives something, and what."""
        if one.method in _ADDS_STATEMENT:
            yield one.receiver, self._policies.statement(one.argument(0, "statement"))
        elif one.method in _ADDS_POLICY:
            yield one.receiver, self._policies.policy(one.argument(0, "policy"))
        elif one.method == "attach_to_role":
            for holder in _principals(one.argument(0, "role")):
                yield holder, self._policies.policy(one.receiver)
        elif one.path in POLICIES and one.option("roles") is not None:
            for holder in _principals(one.option("roles")):
                yield holder, self._policies.policy(one)
        elif one.path.startswith(_LIBRARY):
            yield from self._granting(one)
        elif one.method.startswith("grant"):
            for holder in _principals(_grantee(one)):
                yield holder, UNKNOWN
        elif not one.path.startswith(_HARMLESS) and one.path not in _HARMLESS_METHODS:
            # What isn't of the library, or isn't known, may do anything with what it is given.
            for holder in things(*one.arguments.items, *one.keywords.entries.values()):
                yield holder, UNKNOWN

    def _granting(self, one: Made) -> Iterator[tuple[Made | None, Rights]]:
        """To whom a call of the library's grants something, and what."""
        if one.path.startswith(_GRANT):
            rights = self._policies.allowed(one, one.option("actions"), one.option("resource_arns"))
            for holder in _principals(one.option("grantee")):
                yield holder, rights
            return
        granted = known.of_grant(one.path.split(".")[1], one.method)
        if one.receiver is None or granted == ():
            return
        if granted is not None:
            rights = stated(granted, [place_of(one.receiver)], "Allow")
        elif one.method == "grant":
            actions = Row(one.arguments.items[1:], one.arguments.complete)
            rights = self._policies.allowed(one, actions, Part(one.receiver, "arn"))
        elif one.method.startswith("grant"):
            rights = UNKNOWN
        else:
            return
        for holder in _principals(_grantee(one)):
            yield holder, rights


def _role(one: Made) -> Made | None:
    """The role of the program's that something is given."""
    value = one.option("role") if one.path.startswith(_LIBRARY) else None
    if value is None or isinstance(value, Either):
        return None
    found = list(things(value))
    return found[0] if len(found) == 1 and found[0].path in _ROLES else None


def _grantee(one: Made) -> Value:
    """The first argument, which has another name with each method."""
    if one.arguments.items:
        return one.arguments.items[0]
    return next(iter(one.keywords.entries.values()), ANYTHING)


def _principals(value: Value) -> list[Made | None]:
    """What a value means that may have a role, among it None where that isn't known."""
    one_each = value.items if isinstance(value, Row) and value.complete else [value]
    found: list[Made | None] = []
    for one in one_each:
        found += list(things(one)) or [None]
        if isinstance(one, Either):
            found.append(None)
    return found
