"""Objects of S3 that are fetched, or listed, for what a head request tells."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import answers
from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.lengths import compared_with_zero
from lambdalint.semantics.parses import spelling
from lambdalint.semantics.uses import Use, uses_of_all

# How each face is asked for an object; its methods that download one write it to a file.
_FETCHING = {"client": ("get_object",), "resource": ("get",)}
_LISTINGS = ("s3.list_objects_v2", "s3.list_objects")
# Arguments by which a listing is about more than its prefix.
_WIDER = ("Delimiter", "StartAfter", "ContinuationToken", "Marker")
# What an entry of a listing tells of its object that a head request tells as well.
_TOLD = {"Key", "Size", "LastModified", "ETag", "StorageClass"}
_UNDER = ("get_object", "put_object", "head_object", "delete_object", "download_file", "upload_file")


class MetadataRead(Struct, frozen=True):
    """`aws` asks for more than is looked at: `listing` says whether by listing a prefix that is one key."""

    aws: AwsCall
    listing: bool

    @property
    def told_by_error(self) -> bool:
        """Whether code that may see its error knows a missing object by an error of the whole request alone."""
        return any(error in text for text in _texts_around(self.aws) for error in answers.missing_object_errors())


def metadata_read(aws: AwsCall) -> MetadataRead | None:
    """The request of which only what a head request tells is looked at; None where that can't be told."""
    if aws.name == "s3.get_object" and ir.last_name(aws.call.func) in _FETCHING.get(aws.face, ()):
        uses = aws.uses
        if uses.only("key", "has", "ignored", "truth") and uses.keys.isdisjoint(answers.head_lacks()):
            return MetadataRead(aws, listing=False)
    if aws.name in _LISTINGS and aws.face == "client" and not aws.has(*_WIDER) and "Prefix" in aws.arguments:
        if _one_key(aws):
            return MetadataRead(aws, listing=True)
    return None


def _one_key(aws: AwsCall) -> bool:
    """Whether a listing is only asked about the object whose key is its prefix."""
    uses = aws.uses
    if not uses.only("key", "has") or not uses.keys <= {"Contents", "KeyCount"}:
        return False
    prefix = aws.arguments["Prefix"]
    entries = uses_of_all(uses.reads("Contents"))
    if any(use.kind == "iterate" for use in entries):
        return all(_compares_keys(use, prefix) for use in entries)
    counted = all(compared_with_zero(read) for read in uses.reads("KeyCount"))
    return counted and all(map(_asks_of_first, entries)) and _is_whole_key(aws, prefix)


def _asks_of_first(use: Use) -> bool:
    """Whether of a listing's entries only their being there, or the first one's metadata, is asked."""
    if use.kind == "len":
        return compared_with_zero(use.node)
    if use.kind == "index" and use.name == 0 and isinstance(use.node, ir.Expr):
        fields = uses_of_all([use.node])
        return fields.only("key") and fields.keys <= _TOLD - {"Key"}
    return use.kind == "truth"


def _compares_keys(use: Use, prefix: ir.Expr) -> bool:
    """Whether a walk through the entries only looks for the one whose key is the prefix."""
    loop = use.node
    target = loop.target if isinstance(loop, ir.For) else None
    if isinstance(loop, ir.Comp) and len(loop.loops) == 1:
        target = loop.loops[0].target
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or len(binding.definitions) != 1:
        return False
    uses = uses_of_all(name for name in binding.uses if not name.store)
    keys = uses.reads("Key")
    return bool(keys) and uses.only("key") and uses.keys <= _TOLD and all(_equal(key, prefix) for key in keys)


def _equal(key: ir.Expr, prefix: ir.Expr) -> bool:
    compare = key.parent
    if not isinstance(compare, ir.Compare) or compare.ops not in (["=="], ("==",)):
        return False
    other = compare.rights[0] if compare.left is key else compare.left
    text = spelling(prefix)
    return bool(text) and spelling(other) == text


def _is_whole_key(aws: AwsCall, prefix: ir.Expr) -> bool:
    """Whether a prefix is a whole key: it ends like a file, or the function asks for it as a key."""
    end = prefix.items[-1] if isinstance(prefix, ir.Blend) and prefix.op in ("fstring", "Add") else prefix
    text = aws.model.constant(end)
    if isinstance(text, str):
        return text.rpartition(".")[2] in answers.key_endings() and "." in text
    wanted = spelling(prefix)
    function = aws.model.function(aws.call)
    for call in function.calls if function is not None and wanted else ():
        other = aws_call(aws.model, call)
        if other is not None and other.service == "s3" and other.operation in _UNDER:
            key = other.arguments.get("Key")
            if key is not None and spelling(key) == wanted:
                return True
    return False


def _texts_around(aws: AwsCall) -> Iterator[str]:
    """The code of the modules whose functions may see an error of a call: its own, and those on the way to it."""
    model = aws.model
    start = model.function(aws.call)
    pending = [start] if start is not None else []
    seen: set[ir.Function] = set(pending)
    paths = {model.module.path}
    while pending:
        function = pending.pop()
        paths.add(function.module.path)
        for edge in model.project.edges_to(function):
            if edge.caller not in seen:
                seen.add(edge.caller)
                pending.append(edge.caller)
    for path in sorted(paths):
        try:
            yield model.project.inputs.read(path).decode("utf-8", "replace")
        except OSError:
            continue
