"""What a rule asks for when it can repair: changes in terms of syntax nodes.

A rule builds requests; the engine resolves them to text edits (`fixing.resolve`)
once, where a finding is really kept, because positions are only computed then.
New text stands for code: a `cst.CSTNode` is rendered, a string is taken as it
is, with lines indented from column 0 and `\\n` for newlines.
"""

from __future__ import annotations

import libcst as cst
from msgspec import Struct

from lambdalint.findings import Safety

Code = cst.CSTNode | str


class Replace(Struct, frozen=True):
    """Put `code` in place of an expression or of a simple statement's part."""

    node: cst.CSTNode
    code: Code


class InsertBefore(Struct, frozen=True):
    """Put whole lines before `statement` (a statement line or a compound statement).

    The lines get the statement's indentation and go between the comments that
    lead the statement and what is above them, or below these comments, where what
    they say holds for both.
    """

    statement: cst.CSTNode
    code: str
    blank_lines: int = 0
    below_comments: bool = False


class InsertAfter(Struct, frozen=True):
    """Put whole lines after `statement`, at its indentation."""

    statement: cst.CSTNode
    code: str
    blank_lines: int = 0


class Remove(Struct, frozen=True):
    """Take a statement out, with its line where it is alone on it.

    Comments that lead the statement stay. A block that would become empty gets
    `pass`. `node` is a `SimpleStatementLine`, a small statement in one, a
    compound statement, or an `ImportAlias` among several.
    """

    node: cst.CSTNode


class NameValue(Struct, frozen=True):
    """Give the value of an expression that is a statement a name: `name = ` in front of it."""

    statement: cst.Expr
    name: str


class Wrap(Struct, frozen=True):
    """Put a compound statement one level deeper, into a block that `header` (`with …:`) opens."""

    statement: cst.BaseCompoundStatement
    header: str


class Unwrap(Struct, frozen=True):
    """Put the body of a `with` in its place, one level less deep."""

    statement: cst.With


class NeedImport(Struct, frozen=True):
    """Make `module` (or `name` of it) available at module scope.

    Nothing happens where the module already binds it there. `import functools`
    is NeedImport("functools"); `from a import b` is NeedImport("a", "b"); a third
    argument is the name that it is bound to.
    """

    module: str
    name: str = ""
    alias: str = ""


class AddArgument(Struct, frozen=True):
    """Append `keyword=code` to a call.

    `unless_spread`: not where `**` passes arguments. Otherwise the argument goes in front of these, which the
    caller knows.
    """

    call: cst.Call
    keyword: str
    code: Code
    unless_spread: bool = True


class AddTopLevel(Struct, frozen=True):
    """Put a function or assignment at module scope, two blank lines around a def.

    It goes directly before the first top-level function or class definition (or
    the one that holds `before`), after the imports. `key` names it, so that two
    fixes of one file that need the same helper write it once.
    """

    code: str
    key: str
    before: cst.CSTNode | None = None


Change = (
    Replace | InsertBefore | InsertAfter | Remove | NameValue | Wrap | Unwrap | NeedImport | AddArgument | AddTopLevel
)


class FixRequest(Struct, frozen=True):
    """Changes of one file that repair one finding: all of them, or none."""

    changes: tuple[Change, ...]
    safety: Safety
    message: str
    isolation: str = ""
