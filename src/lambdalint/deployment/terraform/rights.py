"""What the roles of Terraform's functions grant: by policies of their own, and by those that other blocks attach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from lambdalint.deployment.model import Rights
from lambdalint.deployment.rights import UNKNOWN, hedged, joined
from lambdalint.deployment.terraform.expressions import evaluate
from lambdalint.deployment.terraform.hcl import Block, references
from lambdalint.deployment.terraform.modules import Element, Module, elements, local_source, scope_of, settled
from lambdalint.deployment.terraform.packages import is_function_module
from lambdalint.deployment.terraform.policies import document, items, ready_made, statement
from lambdalint.deployment.terraform.values import Reference, Value, text

# The resources that give a role a policy, and the attribute that names it.
_ATTACHING = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_policy_attachment": "roles",
    "aws_iam_role_policies_exclusive": "role_name",
    "aws_iam_role_policy_attachments_exclusive": "role_name",
}
# The Lambda module's settings, each with the switch that makes it count.
_SWITCHED = {
    "policy_statements": "attach_policy_statements",
    "policy_json": "attach_policy_json",
    "policy_jsons": "attach_policy_jsons",
    "policy": "attach_policy",
    "policies": "attach_policies",
}
_MAX_STEPS = 5
_MAX_SOURCES = 10  # levels of documents that take up others


class _Holder(NamedTuple):
    """A role, or a call of the Lambda module, which makes one: the element `key` of a module's block."""

    module: Module
    block: Block
    key: str | None


class Roles:
    """The roles of all `modules` of a project, as they are called."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self._modules = modules
        self._called: dict[tuple[str, tuple[str, ...]], list[Module]] = defaultdict(list)
        for module in modules:
            self._called[module.root, module.path].append(module)

    def of_function(self, module: Module, scope: Module | Element, block: Block, key: str) -> Rights:
        """What the role of a function's resource, or of a call of the Lambda module, grants."""
        if block.kind != "module":
            return self.of_role(_value(block, "role", scope))
        created = _value(block, "create_role", scope) if "create_role" in block.attributes else True
        if created is not True:
            return self.of_role(_value(block, "lambda_role", scope)) if created is False else UNKNOWN
        own = [self._setting(block, name, scope) for name in _SWITCHED]
        return joined([*own, self._attached_to(_Holder(module, block, key or None))])

    def of_role(self, value: Value) -> Rights:
        """What the role grants that a value names; unknown for one that isn't the project's."""
        role = self._holder(value)
        scope = scope_of(role.module, role.block, role.key or "") if role is not None else None
        if role is None or scope is None or role.block.kind != "resource":
            return UNKNOWN
        own = [self._policy(one) for one in _listed(role.block, "managed_policy_arns", scope)]
        for inner in role.block.blocks:
            if inner.kind == "inline_policy" and inner.attributes:
                own.append(self._document(_value(inner, "policy", scope), _place(inner)))
            elif inner.kind == "dynamic":
                own.append(UNKNOWN)
        return joined([*own, self._attached_to(role)])

    def _setting(self, block: Block, name: str, scope: Module | Element) -> Rights:
        """What one of the Lambda module's settings grants."""
        switch = _value(block, _SWITCHED[name], scope) if _SWITCHED[name] in block.attributes else False
        if switch is not True:
            return joined([]) if switch is False else UNKNOWN
        value = _value(block, name, scope)
        if name == "policy_statements":
            listed = items(list(value.values()) if isinstance(value, dict) else value)
            return joined(statement(one, f"{_place(block)}.{index}") for index, one in enumerate(listed))
        if name.startswith("policy_json"):
            return joined(self._document(one, f"{_place(block)}.{name}") for one in items(value))
        return joined(map(self._policy, items(value)))

    # Attachments

    def _attached_to(self, role: _Holder) -> Rights:
        """What all blocks together attach to a role; one of an element that isn't known may be another's."""
        found = []
        for key, rights in self._attached.get((role.module, role.block), ()):
            if key == role.key:
                found.append(rights)
            elif key is None or role.key is None:
                found.append(hedged(rights))
        own = self._name_of(role)
        for named, rights in self._attached_by_name.get(role.module.root, ()):
            if own is None or named is None:
                found.append(hedged(rights))
            elif own == named:
                found.append(rights)
        return joined(found)

    @staticmethod
    def _name_of(role: _Holder) -> str | None:
        """A role's name, where it is known; that of the Lambda module is the function's."""
        scope = scope_of(role.module, role.block, role.key or "") or role.module
        names = ("name",) if role.block.kind == "resource" else ("role_name", "function_name")
        given = next((name for name in names if name in role.block.attributes), "")
        return text(_value(role.block, given, scope))

    @cached_property
    def _attached(self) -> dict[tuple[Module, Block], list[tuple[str | None, Rights]]]:
        """By role, what is attached to which element of it."""
        found: dict[tuple[Module, Block], list[tuple[str | None, Rights]]] = defaultdict(list)
        for _, value, rights in self._attachments:
            holder = self._holder(value)
            if holder is not None:
                found[holder.module, holder.block].append((holder.key, rights))
        return found

    @cached_property
    def _attached_by_name(self) -> dict[str, list[tuple[str | None, Rights]]]:
        """By the folder in which Terraform runs, what is attached to roles by their names; None for an unknown name."""
        found: dict[str, list[tuple[str | None, Rights]]] = defaultdict(list)
        for module in self._modules:
            if not module.whole:
                found[module.root].append((None, UNKNOWN))
        for module, value, rights in self._attachments:
            followed = self._followed(value)
            if not isinstance(followed, Reference):
                found[module.root].append((text(followed), rights))
            elif followed.names[0] == "module" and self._holder(followed) is None:
                found[module.root].append((None, rights))
        return found

    @cached_property
    def _attachments(self) -> list[tuple[Module, Value, Rights]]:
        """The module of each attachment, what its role comes to, and what it grants."""
        return [one for module in self._modules for block in module.blocks for one in self._attaching(module, block)]

    def _attaching(self, module: Module, block: Block) -> Iterator[tuple[Module, Value, Rights]]:
        if block.kind == "module" and not is_function_module(block):
            folder = local_source(module.folder, block)
            if folder is None or folder not in module.sources.files:
                # What isn't read may attach anything to the roles that it is given.
                for names in references(block):
                    if names[0] == "aws_iam_role" and len(names) > 1:
                        yield module, Reference(names, home=module), UNKNOWN
        named_by = _ATTACHING.get(block.labels[0]) if block.kind == "resource" and block.labels else None
        if named_by is None:
            return
        sure = settled(module, block)
        for _, scope in elements(module, block):
            granted = self._granted(block, scope)
            rights = granted if sure else hedged(granted)
            role = _value(block, named_by, scope)
            for one in role if isinstance(role, list) else [role]:
                yield module, one, rights

    def _granted(self, block: Block, scope: Module | Element) -> Rights:
        """What the policy of an attaching block grants."""
        if "policy" in block.attributes:
            return self._document(_value(block, "policy", scope), _place(block))
        return self._policy(_value(block, "policy_arn", scope))

    # Policies

    def _policy(self, value: Value) -> Rights:
        """What a managed policy grants, by its ARN or its block."""
        value = self._followed(value)
        found = self._block(value)
        if found is None:
            return ready_made(value)
        module, block, key = found
        scope = scope_of(module, block, key or "")
        if scope is None or block.labels[:1] != ("aws_iam_policy",):
            return UNKNOWN
        if block.kind == "resource":
            return self._document(_value(block, "policy", scope), _place(block))
        return ready_made(_value(block, "arn", scope), _value(block, "name", scope))

    def _document(self, value: Value, place: str, depth: int = 0) -> Rights:
        """What a policy's text allows and denies, which stands at `place` or in a block that the value names."""
        value = self._followed(value)
        found = self._block(value)
        if found is None:
            return document(value, place)
        module, block, key = found
        scope = scope_of(module, block, key or "")
        if scope is None or depth > _MAX_SOURCES:
            return UNKNOWN
        if block.kind == "resource" and block.labels[0] == "aws_iam_policy":
            return self._document(_value(block, "policy", scope), _place(block), depth + 1)
        if block.labels[:1] != ("aws_iam_policy_document",):
            return UNKNOWN
        return joined(self._parts(block, scope, depth))

    def _parts(self, block: Block, scope: Module | Element, depth: int) -> Iterator[Rights]:
        """The parts of an `aws_iam_policy_document`: what it takes up from others, and its own statements."""
        if any(name.startswith("override_") for name in block.attributes):
            yield UNKNOWN
        for name in ("source_json", "source_policy_documents"):
            for one in _listed(block, name, scope):
                yield self._document(one, f"{_place(block)}.{name}", depth + 1)
        for inner in block.blocks:
            if inner.kind == "statement":
                # Of the blocks in it only conditions matter.
                kinds = (
                    part.labels[0] if part.kind == "dynamic" and part.labels else part.kind for part in inner.blocks
                )
                values: dict[str, Value] = dict.fromkeys(kinds)
                values.update((name, evaluate(one.value, scope)) for name, one in inner.attributes.items())
                yield statement(values, _place(inner))
            else:
                # Statements that are made for each of something.
                yield UNKNOWN

    # Names

    def _followed(self, value: Value) -> Value:
        """The value, with the output of a local module as what it stands for there."""
        for _ in range(_MAX_STEPS):
            if not isinstance(value, Reference) or value.names[0] != "module" or not isinstance(value.home, Module):
                break
            called = self._called.get((value.home.root, (*value.home.path, value.names[1])), [])
            output = called[0].by_labels.get(("output", *value.names[2:])) if len(called) == 1 else None
            if output is None:
                break
            key, value = value.key, _value(output, "value", called[0])
            if isinstance(value, dict):
                value = value.get(key or "")
        return value

    def _block(self, value: Value) -> _Holder | None:
        found = Module.referred(value)
        return _Holder(*found, value.key) if found is not None and isinstance(value, Reference) else None

    def _holder(self, value: Value) -> _Holder | None:
        """The role that a value names, or the call of the Lambda module that makes it."""
        found = self._block(self._followed(value))
        if found is None or found.block.labels[:1] == ("aws_iam_role",) or is_function_module(found.block):
            return found
        return None


def _value(block: Block, name: str, scope: Module | Element) -> Value:
    attribute = block.attributes.get(name)
    return evaluate(attribute.value, scope) if attribute is not None else None


def _listed(block: Block, name: str, scope: Module | Element) -> list[Value]:
    """The items of a list that a block may have."""
    return items(_value(block, name, scope)) if name in block.attributes else []


def _place(block: Block) -> str:
    return f"{block.path}:{block.line}"
