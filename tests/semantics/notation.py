"""A short notation for questions to the model: a project as one text, with a mark at the place asked about.

    text = '''
    === clients.py
    s3 = boto3.client("s3")
    === app.py
    from clients import s3
    def lambda_handler(event, context):
        s3.get_object(Bucket="b")  #? s3
    '''

`=== path` begins a file (a text without one is app.py). `#?` at the end of a line
marks the call that ends last on that line; `#? code` marks the expression that is
spelled so there. Modules that a file uses without importing them (`boto3.client`)
are imported for it, so that a case is about one thing only.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
import pytest
from _pytest.mark import ParameterSet
from libcst.metadata import MetadataWrapper, PositionProvider

from lambdalint.deployment import DeployedFunction
from lambdalint.semantics import ir
from lambdalint.semantics.model import Model
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.project import Inputs, Options, Project, import_roots
from lambdalint.semantics.values import Value, Values

_FILE = re.compile(r"^=== (\S+)$", re.MULTILINE)
_MARK = re.compile(r"#\?[ ]*(.*)$")
_GIVEN = (
    *("asyncio", "boto3", "botocore", "cachetools", "concurrent.futures", "contextlib", "functools"),
    *("httpx", "json", "logging", "os", "random", "requests", "threading", "time", "typing", "uuid"),
)


def files_of(text: str) -> dict[str, str]:
    """The files of a project that is written as one text, with what they leave unsaid."""
    head, *rest = _FILE.split(textwrap.dedent(text).strip("\n") + "\n")
    parts = {"app.py": head} if head.strip() else {}
    parts.update(zip(rest[::2], rest[1::2], strict=True))
    return {path: _with_imports(code.strip("\n") + "\n") for path, code in parts.items()}


def _with_imports(code: str) -> str:
    needed = [
        module
        for module in _GIVEN
        if re.search(rf"(?<![\w.\"']){re.escape(module)}\.\w", code)
        and not re.search(rf"^\s*(import|from) {re.escape(module)}\b|import .*\b{module}\b", code, re.MULTILINE)
    ]
    return "".join(f"import {module}\n" for module in needed) + code


def project_of(
    files: Mapping[str, str],
    functions: Sequence[DeployedFunction] = (),
    options: Options | None = None,
) -> Project:
    """A project that lives in memory, with every tree kept."""
    data = {path: code.encode() for path, code in files.items()}

    def read(path: str) -> bytes:
        if path not in data:
            raise FileNotFoundError(path)
        return data[path]

    inputs = Inputs(sorted(data), read, sorted(data), functions, options=options or Options())
    return Project(inputs, Modules(inputs.files, read, import_roots(inputs), keep=data))


@dataclass(frozen=True, repr=False)
class Place:
    """The model of the file that holds the mark, and what is marked there."""

    model: Model
    node: ir.Expr

    @property
    def value(self) -> str:
        """What the marked expression may evaluate to, in words."""
        return spell(self.model.values(self.node))

    @property
    def sure(self) -> str:
        """The one thing that the marked expression surely is, in words, or ""."""
        value = self.model.value(self.node)
        return _spell(value) if value is not None else ""

    @property
    def when(self) -> str:
        """When the marked code runs: "never" per invocation, "once", or the way there.

        "cold: " stands in front where only an error path or a deployment comes there.
        """
        if self.model.function(self.node) not in self.model.project.reach.ways:
            return "never"
        if self.model.once(self.node):
            return "once"
        names, others = self.model.way(self.node)
        way = " → ".join(names) + (f" and {others} more" if others else "")
        return way if self.model.runs_per_invocation(self.node, hot=True) else f"cold: {way}"

    @property
    def depends(self) -> str:
        """What the marked value may depend on: "event", "loop", "event loop" or "nothing"."""
        found = []
        if self.model.depends_on_event(self.node):
            found.append("event")
        if self.model.depends_on_loop(self.node):
            found.append("loop")
        return " ".join(found) or "nothing"

    @property
    def effect(self) -> str:
        assert isinstance(self.node, ir.Call)
        return self.model.effect(self.node)


def look(text: str, functions: Sequence[DeployedFunction] = (), options: Options | None = None) -> Place:
    """The place that the text's one mark names."""
    files = files_of(text)
    project = project_of(files, functions, options)
    (path,) = [path for path, code in files.items() if "#?" in code]
    project.modules.load(path)
    kept = project.modules.kept[path]
    model = Model(project, kept.lowering, kept.source, kept.tree)
    node = model.expr(_marked(files[path], kept.tree))
    assert node is not None, "what is marked was not lowered"
    return Place(model, node)


def _marked(code: str, tree: cst.Module) -> cst.CSTNode:
    ((line, wanted),) = [
        (number, found[1].strip()) for number, text in enumerate(code.splitlines(), 1) if (found := _MARK.search(text))
    ]
    positions = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    best: tuple[tuple[int, int], cst.CSTNode] | None = None
    for node, span in positions.items():
        if not isinstance(node, cst.BaseExpression) or not span.start.line <= line == span.end.line:
            continue
        if tree.code_for_node(node).strip() != wanted if wanted else not isinstance(node, cst.Call):
            continue
        # The one that ends last; of those that end together, the outermost.
        rank = (span.end.column, -span.start.column)
        if best is None or rank > best[0]:
            best = rank, node
    assert best is not None, f"nothing on line {line} is {wanted or 'a call'}"
    return best[1]


# --- answers in words -----------------------------------------------------------------


def spell(values: Values) -> str:
    return " | ".join(sorted(_spell(value) for value in values)) or "nothing"


def _spell(value: Value) -> str:
    base = value.base
    match value.kind:
        case "unknown":
            return "?"
        case "const":
            return repr(value.constant)
        case "external":
            return value.name
        case "client" | "resource":
            return f"{value.kind} {value.name or '?'}"
        case "subresource":
            return f"{value.name} of {value.service or '?'}"
        case "paginator" | "waiter":
            return f"{value.kind} {value.service or '?'}.{value.name or '?'}"
        case "operation" | "response":
            return f"{value.kind} {value.name} of {_spell(base) if base is not None else '?'}"
        case "result":
            return f"{value.name}()"
        case "session" | "container" | "batch":
            return value.kind
        case _:
            return f"{value.kind} {value.name}".strip()


def functions_of(project: Project, path: str = "app.py") -> dict[str, ir.Function]:
    """The functions of a file by their qualified name."""
    module = project.modules.load(path)
    return {f.qualname: f for f in module.functions} if module is not None else {}


def handlers_of(project: Project) -> list[str]:
    """`path:name (evidence)` of every handler found."""
    return [f"{handler.path}:{handler.name} ({handler.evidence})" for handler in project.handlers]


def lines(names: Iterable[object]) -> str:
    return "\n".join(map(str, names))


def nodes(body: list[ir.Stmt]) -> Iterator[ir.Node]:
    """Every statement of a body and every expression of those, in source order."""
    for stmt in ir.statements(body):
        yield stmt
        for expr in ir.expressions(stmt):
            yield from ir.walk(expr)


# --- tables of cases -------------------------------------------------------------------


def case(label: str, *values: object) -> ParameterSet:
    return pytest.param(*values, id=label)


def wrong(label: str, *values_and_reason: object) -> ParameterSet:
    """What ought to be, where the model still says something else; the last argument says why."""
    *values, reason = values_and_reason
    return pytest.param(*values, id=label, marks=pytest.mark.xfail(reason=str(reason), strict=True))
