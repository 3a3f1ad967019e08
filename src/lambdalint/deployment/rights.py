"""What a function's role grants, in the notation of CloudFormation and SAM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cached_property

from msgspec.structs import replace

from lambdalint.deployment.model import Rights, Statement
from lambdalint.deployment.nodes import MAX_DEPTH, Mapping, Node, Scalar, Sequence, descendants
from lambdalint.deployment.usage import kind_of
from lambdalint.deployment.values import Values, intrinsic, references
from lambdalint.knowledge import rights as known

UNKNOWN = Rights()
_ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


def joined(parts: Iterable[Rights]) -> Rights:
    """All that several policies grant."""
    kept = list(parts)
    statements = tuple(statement for part in kept for statement in part.statements)
    return Rights(statements, all(part.complete for part in kept))


def stated(
    actions: Collection[str | None], resources: Iterable[str], effect: str | None, conditional: bool = False
) -> Rights:
    """What one statement says; unknown where it names no actions, or some that aren't known."""
    named = tuple(action for action in actions if action)
    if not named or len(named) < len(actions) or effect not in ("Allow", "Deny"):
        return UNKNOWN
    said = Statement(named, tuple(resources) or ("",), effect == "Allow", conditional)
    return Rights((said,), complete=True)


def hedged(rights: Rights) -> Rights:
    """The same, where it isn't sure that it is granted."""
    return Rights(tuple(replace(one, conditional=True) for one in rights.statements), rights.complete)


def managed(name: str | None) -> Rights:
    """What one of AWS's own policies grants, by its name or ARN, of which the end is enough."""
    own = name and (":policy/" not in name or "::aws:policy/" in name)
    granted = known.of_managed(name) if name and own else None
    return UNKNOWN if granted is None else Rights((Statement(granted),), complete=True)


class Policies:
    """Reads the policies of one template; `resources` is its section of that name."""

    def __init__(self, resources: Mapping, values: Values) -> None:
        self.resources = resources
        self.values = values

    def of_role(self, node: Node | None) -> Rights:
        """What the role that `node` names or refers to grants; unknown for one that isn't the template's."""
        named = references(node) if intrinsic(node) else {self.values.text(node)}
        names = [name for name in named if name is not None and name in self.resources.entries]
        if len(names) != 1:
            return UNKNOWN
        role = self.resources.mapping(names[0])
        if kind_of(role) != "AWS::IAM::Role":
            return UNKNOWN
        properties = role.mapping("Properties")
        parts = [self.listed(properties.get("ManagedPolicyArns")), self.listed(properties.get("Policies"))]
        return joined([*parts, self.attached(names[0])])

    def of_sam(self, name: str, node: Node | None) -> Rights:
        """What the role grants that SAM makes for the function `name` with these `Policies`."""
        return joined([self.listed(node), self.attached(f"{name}Role")])

    def attached(self, role: str) -> Rights:
        """What the template's further policies grant a role, by its logical id."""
        return joined(self._attached.get(role, ())) if self._attached is not None else UNKNOWN

    @cached_property
    def _attached(self) -> dict[str, list[Rights]] | None:
        """By role, what further policies grant it; None where something may make more of them."""
        found: dict[str, list[Rights]] = defaultdict(list)
        for _, _, other in self.resources:
            if not isinstance(other, Mapping) or kind_of(other) == "AWS::Serverless::Connector":
                return None
            if kind_of(other) not in _ATTACHED:
                continue
            properties = other.mapping("Properties")
            holders = [*properties.sequence("Roles"), properties.get("RoleName")]
            for role in set().union(*map(references, holders)):
                found[role].append(self.document(properties.get("PolicyDocument")))
        return found

    def listed(self, node: Node | None) -> Rights:
        """One policy or several; nothing where there is none."""
        return joined(map(self.policy, _items(node)))

    def policy(self, node: Node) -> Rights:
        """A document, a policy template of SAM, or a managed policy by its name, ARN or resource."""
        if isinstance(node, Mapping) and intrinsic(node) is None:
            if node.get("PolicyDocument") is not None:
                return self.document(node.get("PolicyDocument"))
            if node.get("Statement") is not None:
                return self.document(node)
            return joined(self._template(name, given) for name, _, given in node) if node.entries else UNKNOWN
        text = self.values.ending(node) if intrinsic(node) else self.values.text(node)
        ready = managed(text)
        if ready.complete:
            return ready
        for name in references(node):
            resource = self.resources.mapping(name)
            if kind_of(resource) == "AWS::IAM::ManagedPolicy" and intrinsic(node):
                return self.document(resource.get("Properties", "PolicyDocument"))
        return UNKNOWN

    def _template(self, name: str, given: Node) -> Rights:
        granted = known.of_template(name)
        if granted is None:
            return UNKNOWN
        return Rights((Statement(granted, (_written(given),)),), complete=True)

    def document(self, node: Node | None) -> Rights:
        """What a policy document allows and denies."""
        if not isinstance(node, Mapping) or intrinsic(node) is not None:
            return UNKNOWN
        return self.statements(node.get("Statement"))

    def statements(self, node: Node | None) -> Rights:
        """What statements allow and deny, one or a list of them."""
        return joined(map(self.statement, _items(node)))

    def statement(self, node: Node | None) -> Rights:
        """What one statement allows or denies; unknown where it names what it leaves out."""
        if not isinstance(node, Mapping) or intrinsic(node) is not None:
            return UNKNOWN
        actions = [self.values.text(action) for action in _items(node.get("Action"))]
        resources = [_written(resource) for resource in _items(node.get("Resource"))]
        conditional = node.get("Condition") is not None
        return stated(actions, resources, self.values.text(node.get("Effect")), conditional)


def decoded(document: object, place: str, written: Callable[[object, str], str]) -> Rights:
    """What a policy's document says that is given as dicts, lists and texts, and stands at `place`.

    `written` makes a text of what else is in it, and isn't known, by its own place.
    """

    def node(value: object, place: str, depth: int) -> Node:
        if depth < MAX_DEPTH and isinstance(value, dict):
            inner = ((str(key), node(one, f"{place}.{key}", depth + 1)) for key, one in value.items())
            return Mapping("map", 1, 0, {key: (Scalar("str", 1, 0, key), one) for key, one in inner})
        if depth < MAX_DEPTH and isinstance(value, (list, tuple)):
            return Sequence("seq", 1, 0, [node(one, f"{place}.{i}", depth + 1) for i, one in enumerate(value)])
        if isinstance(value, (str, int, float)):
            return Scalar("str", 1, 0, str(value))
        # No function of a template is called so: what has this tag comes to no text.
        return Scalar("!Unknown", 1, 0, written(value, place))

    return _DECODED.document(node(document, place, 0))


def _plain(text: str) -> str | None:
    """A text without parts that only a deployment knows."""
    return None if "${" in text else text


_DECODED = Policies(Mapping("map", 1, 0), Values(expand=_plain))


def _items(node: Node | None) -> list[Node]:
    if isinstance(node, Sequence) and intrinsic(node) is None:
        return node.items
    return [node] if node is not None else []


def _written(node: Node) -> str:
    """What stands in a description, in any layout: the same for the same resource."""
    return " ".join(part.value for part in descendants(node) if isinstance(part, Scalar))
