"""The handlers of a project and what each declaration of one came to, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.engine.inline import Places
from lambdalint.engine.run import Checker, display
from lambdalint.findings import Position
from lambdalint.syntax.locate import Locator

if TYPE_CHECKING:
    from lambdalint.semantics import ir


_APPLICATION = "it names an application, whose routes are the handlers"
_IMAGE = "the command of its image names the handler"


class HandlerRow(Struct, frozen=True):
    """One handler where it stands, and by what it is known; `deploy_time`: only a deployment calls it."""

    path: str
    line: int
    name: str
    evidence: str
    deploy_time: bool = False


class DeclarationRow(Struct, frozen=True):
    """One function of a deployment description.

    `places` are the functions that its handler text came to, as `path:line name`; where there are
    none, `reason` says why. `facts` are words on what the description says of it.
    """

    path: str
    line: int
    name: str
    handler: str
    places: tuple[str, ...] = ()
    reason: str = ""
    facts: tuple[str, ...] = ()


class Entries:
    """Rows of one project."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.project = checker.project
        self._locators: dict[str, Locator] = {}

    def handlers(self) -> Iterator[HandlerRow]:
        for handler in self.project.handlers:
            shown, line = self.place(handler.function)
            yield HandlerRow(shown, line, handler.name, handler.evidence, handler.deploy_time)

    def declarations(self) -> Iterator[DeclarationRow]:
        """Every function that a description declares, in the order of the descriptions."""
        rows = []
        for deployed, functions in self.project.declared:
            places = tuple("{}:{} ".format(*self.place(f)) + f.qualname for f in functions)
            rows.append((deployed, places, "" if places else _APPLICATION))
        rows += [(one.deployed, (), one.reason) for one in self.project.unresolved]
        rows += [(one, (), _IMAGE) for one in self.project.inputs.functions if not one.handler]
        for deployed, places, reason in sorted(rows, key=lambda row: (row[0].template, row[0].line)):
            facts = [deployed.note.partition(", ")[2]] if places and ", " in deployed.note else []
            facts += [f"{deployed.memory} MB"] if deployed.memory else []
            facts += [deployed.runtime] if deployed.runtime else []
            facts += ["snap start"] if deployed.snap_start else []
            facts += ["provisioned"] if deployed.provisioned else []
            facts += ["custom resource"] if deployed.custom_resource else []
            facts += ["rotation"] if deployed.rotation else []
            template = display(self.checker.workspace.absolute(deployed.template))
            yield DeclarationRow(template, deployed.line, deployed.name, deployed.handler, places, reason, tuple(facts))

    def place(self, function: ir.Function) -> tuple[str, int]:
        """The path to show and the line of a function."""
        path = function.module.path
        shown = display(self.checker.workspace.absolute(path))
        kept = self.project.modules.for_checking(path)
        if kept is None or function.site is None:
            return shown, 1
        node = kept.lowering.cst_of.get(id(function.site))
        if node is None:
            return shown, 1
        locator = self._locators.setdefault(path, Locator(kept.source, kept.tree, kept.pieces))
        line = locator.span(node).start.line
        code = self.checker.workspace.inline.get(path)
        template = self.checker.text_of(code.template) if code is not None else None
        if code is None or template is None:
            return shown, line
        return template.path, Places(code, template).position(Position(line, 0)).line
