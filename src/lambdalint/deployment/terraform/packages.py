"""Where Terraform takes a function's or a layer's code from."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from lambdalint.deployment.places import unique
from lambdalint.deployment.terraform.expressions import evaluate
from lambdalint.deployment.terraform.hcl import Block, text_of
from lambdalint.deployment.terraform.modules import PROJECT, Element, Module, scope_of
from lambdalint.deployment.terraform.values import FileText, Reference, Value, text

# How a source address names the community's module for functions and layers.
_FUNCTION_MODULES = ("terraform-aws-modules/lambda/aws", "terraform-aws-modules/terraform-aws-lambda")
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_MAX_STEPS = 4


class Code(Struct, frozen=True):
    """As the fields of the same names of `DeployedFunction`."""

    roots: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    artifact: str = ""


def is_function_module(block: Block) -> bool:
    """Whether a block calls the community's Lambda module."""
    source = block.attributes.get("source") if block.kind == "module" else None
    written = text_of(source.value) if source is not None and source.value is not None else ""
    return any(name in written for name in _FUNCTION_MODULES)


def code_of(module: Module, scope: Module | Element, block: Block, key: str = "") -> Code:
    """The code of a function or layer; `key` is its own of `for_each`."""

    def value(name: str) -> Value:
        attribute = block.attributes.get(name)
        return evaluate(attribute.value, scope) if attribute is not None else None

    if block.kind == "module":
        if "source_path" in block.attributes:
            return _source_path(module, value("source_path"))
        return _package(module, value("local_existing_package"), key)
    found = Code()
    # Where the package's own name leads nowhere, its hash is that of the same archive.
    for name in ("filename", "s3_key", "image_uri", "source_code_hash"):
        code = _package(module, value(name), key)
        if code.roots or code.moved:
            return code
        found = found if found.artifact else code
    return found


def layers_of(module: Module, value: Value) -> tuple[str, ...]:
    """The folders of the module's own layers among the values of `layers`."""
    found: list[str] = []
    for item in value if isinstance(value, list) else ():
        home, block = Module.referred(item) or (module, None)
        if block is not None and (block.kind == "module" or block.labels[0] == "aws_lambda_layer_version"):
            found += code_of(home, home, block).roots
    return unique(found)


def _package(module: Module, value: Value, key: str) -> Code:
    """The code of a built package: an archive that Terraform makes, or the mere name of one."""
    for _ in range(_MAX_STEPS):
        if not isinstance(value, Reference):
            break
        found = Module.referred(value)
        if found is None or not found[1].labels:
            return Code()
        module, block = found
        if block.labels[0] == "archive_file":
            return _archive(module, block, value.key or key)
        # An uploaded object's `source` is the package.
        key = value.key or key
        scope = scope_of(module, block, key)
        source = block.attributes.get("source") if block.labels[0] in _OBJECTS else None
        value = evaluate(source.value, scope) if source is not None and scope is not None else None
    written = text(value)
    if not written:
        return Code()
    place = module.place(written)
    archive = module.archive_at(place) if place is not None else None
    if archive is not None:
        return _archive(module, *archive)
    return Code(artifact=place if written.startswith(PROJECT) and place else written.removeprefix(PROJECT))


def _archive(module: Module, block: Block, key: str) -> Code:
    """What an `archive_file` packs, for the element `key` of its `for_each`."""
    scope = scope_of(module, block, key)
    if scope is None:
        return Code()

    def value(name: str, owner: Block = block) -> Value:
        attribute = owner.attributes.get(name)
        return evaluate(attribute.value, scope) if attribute is not None else None

    file = module.place(value("source_file"))
    roots = [module.place(value("source_dir")), posixpath.dirname(file) or "." if file else None]
    moved: list[tuple[str, str]] = []
    for source in block.blocks:
        content, name = value("content", source), text(value("filename", source))
        if source.kind != "source" or not isinstance(content, FileText) or not name:
            continue
        path = module.place(content.path)
        if path is None:
            continue
        moved.append((posixpath.normpath(name), path))
        if f"/{path}".endswith(f"/{name}"):
            roots.append(path[: -len(name)].rstrip("/") or ".")
    artifact = module.place(value("output_path"))
    return Code(unique(roots), tuple(moved), artifact or "")


def _source_path(module: Module, value: Value) -> Code:
    """The community module's `source_path`: a file or folder, or several, each with its place in the package."""
    roots: list[str | None] = []
    moved: list[tuple[str, str]] = []
    for item in value if isinstance(value, list) else [value]:
        written, prefix = (item.get("path"), text(item.get("prefix_in_zip"))) if isinstance(item, dict) else (item, "")
        place = module.place(written)
        if place is None:
            continue
        is_file = place.endswith(".py")
        if prefix:
            inner = posixpath.join(prefix, posixpath.basename(place)) if is_file else prefix
            moved.append((posixpath.normpath(inner), place))
        else:
            roots.append((posixpath.dirname(place) or ".") if is_file else place)
    return Code(unique(roots), tuple(moved))
