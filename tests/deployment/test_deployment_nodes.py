"""The tree under the readers: places, tags, aliases, merge keys, JSON, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lambdalint.deployment import nodes
from lambdalint.deployment.nodes import Mapping, Scalar, Sequence, parse
from lambdalint.source import UnreadableError


def tree(text: str, path: str = "t.yaml") -> Mapping:
    root = parse(path, text.encode())
    assert isinstance(root, Mapping)
    return root


def refusal(text: str, path: str = "t.yaml") -> tuple[int, int, str]:
    with pytest.raises(UnreadableError) as caught:
        parse(path, text.encode())
    return caught.value.line, caught.value.column, caught.value.reason


def test_scalars_keep_their_text_kind_and_place() -> None:
    root = tree("# é\na: 010\nb: '010'\nc: ~\nd: !Sub x\ne: !!str 5\n")
    kinds = {name: (node.tag, node.line, node.column) for name, _, node in root}
    assert kinds == {
        "a": ("int", 2, 3),
        "b": ("str", 3, 3),
        "c": ("null", 4, 3),
        "d": ("!Sub", 5, 3),
        "e": ("str", 6, 3),
    }
    node = root.get("a")
    assert isinstance(node, Scalar)
    assert node.value == "010"
    assert root.get("c") is None


def test_get_walks_mappings_only() -> None:
    root = tree("a:\n  b: {c: 1}\n  l: [1, 2]\n")
    assert isinstance(root.get("a", "b", "c"), Scalar)
    assert root.get("a", "l", "c") is None
    assert root.get("x", "y") is None
    assert len(root.sequence("a", "l")) == 2
    assert root.sequence("a", "b") == []
    assert root.mapping("a", "l").entries == {}
    assert (root.mapping("a").key_line("l"), root.mapping("a").key_line("none")) == (3, 2)


def test_an_alias_is_the_same_node() -> None:
    root = tree("a: &x {k: 1}\nb: *x\nc: [*x, *x]\n")
    assert root.get("b") is root.get("a")
    assert root.sequence("c")[1] is root.get("a")
    assert len(list(nodes.descendants(root))) == 4


def test_merge_keys_yield_to_own_keys_and_to_earlier_ones() -> None:
    root = tree("x: &x {a: x, b: x}\ny: &y {b: y, c: y}\nm:\n  <<: [*x, *y]\n  a: own\nn: {<<: *y}\n")
    merged = {name: node.value for name, _, node in root.mapping("m") if isinstance(node, Scalar)}
    assert merged == {"a": "own", "b": "x", "c": "y"}
    assert set(root.mapping("n").entries) == {"b", "c"}


def test_a_key_that_is_no_scalar_is_passed_over() -> None:
    root = tree("? [a, b]\n: 1\nc: 2\n")
    assert set(root.entries) == {"c"}


def test_an_empty_document_has_no_tree() -> None:
    assert parse("t.yaml", b"# nothing\n") is None


def test_json_keeps_its_places_under_tabs() -> None:
    root = tree('{\n\t"a": {\n\t\t"b": [1]}}', "t.json")
    node = root.get("a", "b")
    assert isinstance(node, Sequence)
    assert (node.line, node.column) == (3, 7)
    assert isinstance(tree('{\n\t"a": 1}', "t.template").get("a"), Scalar)


def test_json_keeps_its_places_beside_escaped_surrogates() -> None:
    root = tree('{"e": "\\ud83d\\ude00",\n "a": 1}', "t.json")
    node = root.get("a")
    assert node is not None
    assert (node.line, node.column) == (2, 6)


def test_json_that_yaml_refuses_is_read_without_places() -> None:
    long_key = "k" * 2000
    root = tree(f'{{"{long_key}": 1,\n "a": [true, null, "t", 1.5]}}', "t.json")
    items = root.sequence("a")
    assert [item.tag for item in items] == ["bool", "null", "str", "float"]
    assert {item.line for item in items} == {1}


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("a: 1\nb: [\n", 3, 0, "isn't valid YAML"),
        ("a: 1\n  b: 2\n", 2, 3, "isn't valid YAML"),
        ("a: 1\nb: x\x01\n", 2, 4, "control character 0x01"),
        ("a: 1\nb: *none\n", 2, 3, "'none' has no anchor"),
        ("a: 1\nb: &b [*b]\n", 2, 7, "'b' stands inside what it names"),
        ("a: 1\n---\nb: 1\n", 2, 0, "more than one document"),
        ("a: 1\nb: " + "[" * 500, 2, 102, "nests deeper than 100"),
        ("a: 1\nb: " + "- " * 5, 2, 3, "isn't valid YAML"),
    ],
)
def test_a_broken_text_says_where(text: str, line: int, column: int, reason: str) -> None:
    found = refusal(text)
    assert found[:2] == (line, column)
    assert reason in found[2]
    assert "\n" not in found[2]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('{"a": 1,\n "b":}', (2, 5), "isn't valid JSON: Expecting value"),
        ('{"a": [1 2]}', (1, 9), "isn't valid JSON"),
        ('{"a": ' + "[" * 150 + "]" * 150 + "}", (1, 105), "nests deeper"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", (1, 0), "nests deeper"),
        ('{"' + "k" * 2000 + '": ' + "[" * 150 + "]" * 150 + "}", (1, 0), "nests deeper"),
        ('{"a": ' + "1" * 5000 + "}", (1, 0), "number is too long"),
    ],
)
def test_broken_json_says_where(text: str, place: tuple[int, int], reason: str) -> None:
    if "too long" in reason and not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this interpreter reads integers of any length")
    found = refusal(text, "t.json")
    assert reason in found[2]
    if len(text) < 100_000:
        assert found[:2] == place


def test_bytes_that_are_no_utf8() -> None:
    with pytest.raises(UnreadableError, match="0xe9") as caught:
        parse("t.yaml", b"a: 1\nb: caf\xe9\n")
    assert caught.value.line == 2


def test_a_byte_order_mark_is_no_text() -> None:
    root = parse("t.yaml", b"\xef\xbb\xbfa: 1\n")
    assert isinstance(root, Mapping)
    assert set(root.entries) == {"a"}


def test_aliases_that_multiply_are_refused() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30))
    assert "aliases stand for more" in refusal(text)[2]
    merges = "a0: &a0 {k: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}\n" for i in range(1, 999))
    assert "aliases stand for more" in refusal(merges)[2]


def test_the_slow_loader_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = pytest.importorskip("yaml")
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    root = tree("a: &x {k: !Ref v}\nb: *x\n")
    assert root.get("b") is root.get("a")
    assert "valid YAML" in refusal("a: [\n")[2]
    assert "character that YAML forbids" in refusal("a: \x7f\n")[2]
    assert "character that YAML forbids" in refusal('a: "\\UFFFFFFFF"\n')[2]
    assert "nests deeper" in refusal("a: " + "[" * 500)[2]


def test_yaml_is_loaded_only_when_a_template_is_read() -> None:
    code = (
        "import sys; from lambdalint import deployment; deployment.read({'x.yaml': b'a: 1'});"
        "assert 'yaml' not in sys.modules, 'too early';"
        "deployment.read({'x.yaml': b'Resources: {F: {Type: AWS::Lambda::Function}}'});"
        "assert 'yaml' in sys.modules, 'never'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [("main.tf", 'resource "aws_lambda_function" "f" {}'), ("Dockerfile", "FROM public.ecr.aws/lambda/python:3.12")],
)
def test_grammars_are_loaded_only_for_their_files(name: str, text: str) -> None:
    code = (
        "import sys; from lambdalint import deployment; deployment.read({'x.yaml': b'a: 1'});"
        "assert 'tree_sitter' not in sys.modules, 'too early';"
        f"deployment.read({{{name!r}: {text.encode()!r}}});"
        "assert 'tree_sitter' in sys.modules, 'never'"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
