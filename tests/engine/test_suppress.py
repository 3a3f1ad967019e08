"""Suppressions: the same as flake8 says for `noqa`, our own form, and those that suppress nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flake8 import defaults

from lambdalint.engine import comments
from lambdalint.engine.suppress import apply
from lambdalint.findings import Finding, Fix, Safety, Span
from lambdalint.source import Source

SLUGS = {
    "client-in-handler": "LMB101",
    "session-in-handler": "LMB102",
    "invariant-read-in-handler": "LMB110",
    "table-scan": "LMB502",
}

# Each line that holds HERE has a finding LMB101; so says a plugin to flake8, and the test to ours.
CASES = [
    "HERE  # noqa",
    "HERE # NOQA",
    "HERE  # NoQa: whatever follows",
    "HERE  #noqa",
    "HERE  #  noqa",
    "HERE  # noqa:LMB101",
    "HERE  # noqa: LMB101",
    "HERE  # noqa:  LMB101",
    "HERE  # noqa:\tLMB101",
    "HERE  # noqa : LMB101",
    "HERE  # noqa : E501",
    "HERE  # noqa: LMB102",
    "HERE  # noqa: lmb101",
    "HERE  # noqa: LMB1",
    "HERE  # noqa: LMB10",
    "HERE  # noqa: LMB1011",
    "HERE  # noqa: LMB",
    "HERE  # noqa: L1",
    "HERE  # noqa: E501,LMB101",
    "HERE  # noqa: E501, LMB101",
    "HERE  # noqa: E501 LMB101",
    "HERE  # noqa: E501 , LMB101",
    "HERE  # noqa: E501,,LMB101",
    "HERE  # noqa: E501; LMB101",
    "HERE  # noqa: E501LMB101",
    "HERE  # noqa: LMB101E501",
    "HERE  # noqa: LMB101 because of E501",
    "HERE  # noqa: because of LMB101",
    "HERE  # noqa: E501 because of LMB101",
    "HERE  # noqa: LMB101because",
    "HERE  # noqa:E501  # noqa:LMB101",
    "HERE  # type: ignore # noqa: LMB101",
    "HERE  ## noqa",
    "HERE  # nonoqa",
    "HERE  # noqaX",
    "HERE  # ruff: noqa: LMB101",
    "'# noqa'; HERE",
    "'# noqa: E501'; HERE  # noqa",
    "# noqa\nHERE",
    "HERE\n# noqa",
    "HERE\n# flake8: noqa",
    "# FLAKE8:NOQA\nHERE",
    "# flake8=noqa\nHERE",
    "   \t# flake8: noqa: E501\nHERE",
    "#flake8: noqa\nHERE",
    "x = 1  # flake8: noqa\nHERE",
    "HERE  # flake8: noqa",
    "x = '''\n# flake8: noqa\n'''\nHERE",
    "x = '''HERE\nb\n'''  # noqa",
    "x = '''a\nHERE\n'''  # noqa: LMB101",
    "x = '''a\n# noqa: E501\nHERE'''  # noqa: LMB101",
    "x = '''a # noqa: E501\nLMB101\nHERE'''",
    "f'''\nHERE\n{1}\n'''  # noqa",
    "x = (HERE,\n     2)  # noqa",
    "x = (1,\n     HERE)  # noqa",
    "x = (  # noqa\n  HERE,\n)",
    "x = ('''\nHERE''',\n  1)  # noqa",
    "x = 1 + \\\n  HERE + \\\n  2  # noqa",
    "x = HERE + \\\n  2  # noqa: LMB101",
    "if HERE:  # noqa\n    HERE\n    pass  # noqa",
    "if 1:\n    HERE  # noqa\n\n\n\n# noqa\nHERE",
    "def f():\n\tHERE # noqa\n\n\tHERE\n",
    "x = 1\r\nHERE  # noqa\r\nHERE\r\n",
    "x = '''\r\nHERE\r\n''' # noqa\r\nHERE",
    "\ufeffHERE  # noqa",
    "é = '😀'; HERE  # noqa: LMB101",
    "\x0cHERE  # noqa\n\x0c\nHERE",
    "x = 1; HERE  # noqa\n\n",
    "HERE",
    "",
    "# noqa",
    "x = (HERE  # noqa\nHERE\n",  # no end: can't be split into tokens
    "x = '''HERE  # noqa\nHERE\n",
    "if 1:\n        HERE\n    HERE # noqa\n",
]

PLUGIN = """
class Plugin:
    name, version = "probe", "1"
    def __init__(self, tree, lines):
        self.lines = lines
    def run(self):
        for number, line in enumerate(self.lines, 1):
            if "HERE" in line:
                yield number, line.index("HERE"), "LMB101 found", type(self)
"""


def at(line: int, code: str = "LMB101") -> Finding:
    return Finding(code, "x", "x.py", Span.at(line, 0, line, 1), "found")


def lines_left(text: str) -> list[int]:
    source = Source.from_bytes("x.py", text.encode())
    findings = [at(number) for number, line in enumerate(source.lines, 1) if "HERE" in line]
    kept, _ = apply(source, findings, SLUGS, lambda code: False)
    return [finding.span.start.line for finding in kept]


def test_noqa_means_what_it_means_to_flake8(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(PLUGIN)
    (tmp_path / "flake8.ini").write_text(
        f"[flake8]\nselect = LMB101\n[flake8:local-plugins]\nextension =\n  LMB = probe:Plugin\npaths = {tmp_path}\n"
    )
    wanted: dict[str, list[int]] = {}
    parsed = [case for case in CASES if _compiles(case)]
    folder = tmp_path / "cases"
    folder.mkdir()
    for number, case in enumerate(parsed):
        (folder / f"case_{number}.py").write_bytes(case.encode())
    command = [
        sys.executable,
        "-m",
        "flake8",
        "--config",
        "../flake8.ini",
        "-j1",
        "--format=%(path)s:%(row)d",
        ".",
    ]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.stderr == ""
    for line in run.stdout.splitlines():
        name, row = line.removeprefix("./").split(":")
        wanted.setdefault(name, []).append(int(row))
    assert len(parsed) > 60, "most cases are Python"
    assert 15 < len(wanted) < len(parsed) - 15, "the cases tell both ways"
    for number, case in enumerate(parsed):
        assert lines_left(case) == wanted.get(f"case_{number}.py", []), repr(case)


def _compiles(text: str) -> bool:
    try:
        compile(text.encode(), "x.py", "exec")
    except SyntaxError:
        return False
    return True


def test_our_expressions_are_flake8s() -> None:
    assert comments.NOQA_INLINE == defaults.NOQA_INLINE_REGEXP
    assert (comments.NOQA_FILE.pattern, comments.NOQA_FILE.flags) == (
        defaults.NOQA_FILE.pattern,
        defaults.NOQA_FILE.flags,
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x = (HERE  # noqa\nHERE\n", [2]),
        ("x = '''HERE  # noqa\nHERE\n", [2]),
        ("HERE (  # lambdalint: ignore\nHERE\n", [2]),
        ("# lambdalint: ignore\n\n# why\nHERE (\nHERE\n", [5]),
    ],
)
def test_without_tokens_lines_stand_for_themselves(text: str, left: list[int]) -> None:
    assert lines_left(text) == left


OWN = [
    ("HERE  # lambdalint: ignore", []),
    ("HERE  #lambdalint:ignore", []),
    ("HERE  # Lambdalint: Ignore[LMB101] since it is cold anyway", []),
    ("HERE  # lambdalint: ignore[LMB101]", []),
    ("HERE  # lambdalint: ignore[LMB102,LMB101]", []),
    ("HERE  # lambdalint: ignore [ client-in-handler ]", []),
    ("HERE  # lambdalint: ignore[Client-In-Handler, LMB999]", []),
    ("HERE  # lambdalint: ignore[lmb1]", []),
    ("HERE  # lambdalint: ignore[LMB]", []),
    ("HERE  # lambdalint: ignore[LMB102 table-scan]", [1]),
    ("HERE  # lambdalint: ignore[client]", [1]),
    ("HERE  # lambdalint: ignore[]", [1]),
    ("HERE  # lambdalint: ignored", [1]),
    ("HERE  # lambdalint: ignore-files", [1]),
    ("HERE  # lambdalint: ignore[LMB101", [1]),
    ("HERE  # lambdalint: ignore: LMB101", [1]),
    ("HERE  # lambdalint: ignore(LMB101)", [1]),
    ("HERE  # lambdalint: ignore LMB101", [1]),
    ("HERE  # lambdalint: ignore (an old account)", []),
    ("HERE  # why # lambdalint: ignore[LMB101]", []),
    ("'# lambdalint: ignore'; HERE", [1]),
    ("HERE  # noqa: E501  # lambdalint: ignore[LMB101]", []),
    ("HERE\n# lambdalint: ignore", [1]),
    ("# lambdalint: ignore\nHERE\nHERE", [3]),
    ("# lambdalint: ignore[LMB101]\n\n# a comment\n\nHERE\nHERE", [6]),
    ("# lambdalint: ignore\nx = (\n  HERE,\n  HERE\n)\nHERE", [6]),
    ("# lambdalint: ignore\nif HERE:\n    HERE", [3]),
    ("if 1:\n    # lambdalint: ignore\n    HERE\n    HERE", [4]),
    ("x = (\n  # lambdalint: ignore\n  HERE,\n  HERE\n)", [4]),
    ("x = (\n  1,\n  # lambdalint: ignore\n)\nHERE", [5]),
    ("x = (HERE,  # lambdalint: ignore\n  HERE)", [2]),
    ("x = '''\nHERE\n'''  # lambdalint: ignore\nHERE", [4]),
    ("# lambdalint: ignore\n@HERE\ndef f(): HERE", [3]),
    ("HERE\nHERE  # lambdalint: ignore-file", []),
    ("HERE\n# lambdalint: ignore-file[LMB101] generated", []),
    ("HERE\n# lambdalint: ignore-file[LMB102]", [1]),
]


@pytest.mark.parametrize(("text", "left"), OWN)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_our_own_form(text: str, left: list[int], newline: str) -> None:
    assert lines_left(text.replace("\n", newline)) == left


def test_templates_have_comments_too() -> None:
    text = "Globals:\n  # lambdalint: ignore[LMB901]\n\n  Function:\n  Other:  # noqa: LMB901\n  Last: 'it\n"
    source = Source("template.yaml", text)
    kept, unused = apply(source, [at(line, "LMB901") for line in (1, 4, 5, 6)], SLUGS, lambda code: True)
    assert [finding.span.start.line for finding in kept] == [1, 6]
    assert unused == []


UNUSED = [
    # the text; what it becomes; what is said
    ("x  # noqa: LMB101", "x", "LMB101 suppresses nothing here; delete the suppression"),
    ("x  # noqa: LMB101, E501", "x  # noqa: E501", "LMB101 suppresses nothing here; delete the name"),
    ("x  # noqa: E501, LMB101", "x  # noqa: E501", "LMB101 suppresses nothing here; delete the name"),
    ("x  # noqa:E501,LMB101,W1", "x  # noqa:E501,W1", "LMB101 suppresses"),
    ("x  # noqa: LMB101 LMB102 E501 why", "x  # noqa: E501 why", "LMB101, LMB102 suppress nothing"),
    ("x  # noqa: E501, LMB101, LMB102 why", "x  # noqa: E501 why", "LMB101, LMB102 suppress nothing"),
    ("x  # noqa: LMB101, E501, LMB102", "x  # noqa: E501", "LMB102 suppress nothing here; delete the names"),
    ("x  # noqa: LMB101, LMB102", "x", "LMB101, LMB102 suppress nothing here; delete the suppression"),
    ("x  # noqa: LMB101 # type: ignore", "x  # type: ignore", "LMB101 suppresses"),
    ("x  # type: ignore  # noqa: LMB101", "x  # type: ignore", "LMB101 suppresses"),
    ("x  # type: ignore # noqa: LMB101 # y", "x  # type: ignore # y", "LMB101 suppresses"),
    ("x  # noqa: LMB101 - for speed", "x  # - for speed", "LMB101 suppresses"),
    ("x\n  # noqa: LMB101\ny", "x\ny", "LMB101 suppresses"),
    ("x\n# noqa: LMB101", "x\n", "LMB101 suppresses"),
    ("x  # noqa: LMB999", "x", "LMB999 names no rule; delete the suppression"),
    ("x = '''\na\n'''  # noqa: LMB101", "x = '''\na\n'''", "LMB101 suppresses"),
    ("x = 'é😀'  # noqa: LMB101", "x = 'é😀'", "LMB101 suppresses"),
    ("HERE  # noqa: LMB101, LMB102", "HERE  # noqa: LMB101", "LMB102 suppresses"),
    ("HERE  # noqa: LMB10, LMB5", "HERE  # noqa: LMB10", "LMB5 suppresses"),
    ("x  # lambdalint: ignore[LMB101] why", "x", "LMB101 suppresses nothing here; delete the suppression"),
    ("x  # lambdalint: ignore[LMB101] why # type: y", "x  # type: y", "LMB101 suppresses"),
    ("x  # lambdalint: ignore[client-in-handler, LMB102]", "x", "client-in-handler, LMB102 suppress nothing"),
    ("HERE  # lambdalint: ignore[client, LMB101] why", "HERE  # lambdalint: ignore[LMB101] why",
     "client names no rule; delete the name"),
    ("x  # lambdalint: ignore[LMB101, LMB999]", "x", "suppresses nothing here and LMB999 names no rule"),
    ("x  # lambdalint: ignore[E501, F401]", "x", "E501, F401 name no rule"),
    ("x  # lambdalint: ignore[]", "x", "this suppression names no code, so it suppresses nothing"),
    ("# lambdalint: ignore[LMB101]\nx\nHERE", "x\nHERE", "LMB101 suppresses"),
    ("x\n# lambdalint: ignore-file[LMB101]\n", "x\n", "LMB101 suppresses"),
    ("x  # lambdalint: ignore[LMB101", None, "this suppression can't be read, so it suppresses nothing"),
    ("x  # lambdalint: ignore: LMB101", None, "write `# lambdalint: ignore[LMB101]`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "after", "said"), UNUSED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_suppression_without_effect_is_said_and_deleted(
    text: str, after: str | None, said: str, newline: str
) -> None:
    source = Source.from_bytes("x.py", text.replace("\n", newline).encode())
    findings = [at(number) for number, line in enumerate(source.lines, 1) if "HERE" in line]
    silenced = [] if text.endswith("HERE") else findings
    kept, unused = apply(source, findings, SLUGS, lambda code: True)
    assert kept == [finding for finding in findings if finding not in silenced]
    assert len(unused) == 1
    assert said in unused[0].message
    assert (unused[0].code, unused[0].name, unused[0].path) == ("LMB001", "unused-suppression", "x.py")
    if after is None:
        assert unused[0].fix is None
        return
    assert isinstance(unused[0].fix, Fix)
    assert unused[0].fix.safety is Safety.SAFE
    assert source.apply(unused[0].fix.edits) == after.replace("\n", newline)
    again = Source("x.py", source.apply(unused[0].fix.edits))
    found = [at(number) for number, line in enumerate(again.lines, 1) if "HERE" in line]
    assert apply(again, found, SLUGS, lambda code: True)[1] == []


def test_where_the_finding_points() -> None:
    _, (finding,) = apply(Source("x.py", "x  # noqa: E501, LMB101, LMB102"), [], SLUGS, lambda code: True)
    assert finding.span == Span.at(1, 17, 1, 31)
    _, (finding,) = apply(Source("x.py", "x  # y # lambdalint: ignore[] z"), [], SLUGS, lambda code: True)
    assert finding.span == Span.at(1, 7, 1, 31)


def only(*codes: str) -> Callable[[str], bool]:
    return codes.__contains__


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("x  # noqa", only("LMB101", "LMB102")),
        ("x  # noqa: E501", only("LMB101")),
        ("x  # noqa: LMB", only("LMB101")),
        ("x  # noqa: LMB101", only("LMB102")),  # nobody looked for it
        ("x  # noqa: LMB1", only("LMB101", "LMB102")),  # nor for LMB110
        ("x  # lambdalint: ignore[invariant-read-in-handler]", only("LMB101")),
        ("x  # lambdalint: ignore", only("LMB101")),
        ("x  # lambdalint: ignore-file", only("LMB101")),
        ("x  # noqa: LMB101, LMB001", only("LMB101")),
        ("x  # lambdalint: ignore[LMB101, LMB001]", only("LMB101")),
        ("# lambdalint: ignore-file[LMB0]\nx  # noqa: LMB101", only("LMB101")),
        ("x  # noqa: lmb101", only("LMB101")),
        ("'# noqa: LMB101'", only("LMB101")),
        ("'# noqa: LMB101'  # noqa: LMB101", only("LMB101")),
        ("x = (  # noqa: LMB101", only("LMB101")),
        ("x  # noqa: LMB101\n# flake8: noqa", only("LMB101")),
        ("x  # noqa: E501 LMB", only("LMB101")),
        ("# the docs tell of noqa and of lambdalint: read them", only("LMB101")),
    ],
)
def test_what_is_never_called_unused(text: str, selected: Callable[[str], bool]) -> None:
    assert apply(Source("x.py", text), [], SLUGS, selected) == ([], [])


def test_two_suppressions_of_one_line_are_both_of_use_and_their_fixes_exclude_each_other() -> None:
    both = "x  # noqa: LMB101  # lambdalint: ignore[LMB101]"
    assert apply(Source("x.py", both), [at(1)], SLUGS, lambda code: True) == ([], [])
    _, unused = apply(Source("x.py", both), [], SLUGS, lambda code: True)
    assert [finding.fix and finding.fix.isolation for finding in unused] == ["suppression:1", "suppression:1"]


def test_files_without_a_mention_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "read", lambda source: pytest.fail("looked"))
    assert apply(Source("x.py", "x = 1"), [at(1)], SLUGS, lambda code: True) == ([at(1)], [])
