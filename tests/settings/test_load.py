"""Configuration files: what they give, and the one line they give when they're wrong."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from lambdalint.settings import (
    CallRow,
    HandlerSpec,
    Settings,
    SettingsError,
    TableIndex,
    TableKeys,
    load,
    load_for,
    merge,
)
from lambdalint.settings.model import parse_handler
from lambdalint.settings.toml import line_of

SLUGS = {"client-in-handler": "LMB101", "table-scan": "LMB502"}

EVERYTHING = """
select = ["LMB1", "LMB502"]
ignore = ["client-in-handler"]
extend-select = ["LMB110"]
exclude = ["legacy/"]
extend-exclude = ["*_pb2.py", "!site-packages/"]
respect-gitignore = false
handlers = ["src/*/app.py:lambda_handler", "pkg.mod.main", "./functions/x.run"]
import-roots = ["src/", "layers/common/python"]
reuse-style = "getter"
heavy-import-ms = 80
sparse-indexes = ["orders/open"]

[per-file-ignores]
"tests/**" = ["LMB1", "table-scan"]

[tables.orders]
hash-key = "pk"
range-key = "sk"
indexes.by-user = { hash-key = "user" }
indexes.by-day = { hash-key = "day", range-key = "at" }

[tables."audit.log"]
hash-key = "id"

[calls]
"acme.db.connect" = "sql-connection"
acme.auth.token = "token"
"acme.db.Pool" = { kind = "connection", pooled = true }
"acme.aws.bucket" = { kind = "aws-client", service = "s3" }

[calls.acme.sdk.Client]
kind = "api-client"
read = ["get_user", "orders.list"]
local = ["close"]
async = true
"""


def write(folder: Path, text: str, name: str = "lambdalint.toml") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return str(path)


def test_no_configuration_gives_the_defaults(tmp_path: Path) -> None:
    assert load(str(tmp_path)) == Settings(str(tmp_path))


@pytest.mark.parametrize("shared", [False, True])
def test_every_key(tmp_path: Path, shared: bool) -> None:
    text = EVERYTHING
    if shared:
        text = "[tool.lambdalint]" + EVERYTHING.replace("\n[", "\n[tool.lambdalint.")
    config = write(tmp_path, text, "pyproject.toml" if shared else "lambdalint.toml")
    settings = load(str(tmp_path), config, SLUGS)
    assert settings == Settings(
        root=str(tmp_path),
        select=("LMB1", "LMB502"),
        ignore=("LMB101",),
        extend_select=("LMB110",),
        exclude=("legacy/",),
        extend_exclude=("*_pb2.py", "!site-packages/"),
        respect_gitignore=False,
        handlers=("src/*/app.py:lambda_handler", "pkg.mod.main", "functions/x.py:run"),
        import_roots=("src", "layers/common/python"),
        reuse_style="getter",
        heavy_import_ms=80,
        sparse_indexes=("orders/open",),
        per_file_ignores=(("tests/**", ("LMB1", "LMB502")),),
        tables=(
            TableKeys("orders", "pk", "sk", (TableIndex("by-user", "user"), TableIndex("by-day", "day", "at"))),
            TableKeys("audit.log", "id"),
        ),
        calls=(
            CallRow("acme.db.connect", "sql-connection"),
            CallRow("acme.auth.token", "token"),
            CallRow(
                "acme.sdk.Client",
                "api-client",
                (("get_user", "read"), ("orders.list", "read"), ("close", "local")),
                asynchronous=True,
            ),
            CallRow("acme.db.Pool", "connection", pooled=True),
            CallRow("acme.aws.bucket", "aws-client", service="s3"),
        ),
        config=config,
    )
    assert hash(settings) == hash(pickle.loads(pickle.dumps(settings)))


def test_other_tools_tables_are_left_alone(tmp_path: Path) -> None:
    text = '[tool.ruff]\nselct = 1\n[project]\nname = "x"\n'
    assert load(str(tmp_path), write(tmp_path, text, "pyproject.toml")).select == ("LMB",)


def test_a_byte_order_mark_and_windows_newlines_are_read(tmp_path: Path) -> None:
    config = write(tmp_path, '\ufeffheavy-import-ms = 1\r\nselect = ["LMB1"]\r\n')
    assert load(str(tmp_path), config).heavy_import_ms == 1


def test_paths_of_a_configuration_in_a_sub_folder_count_from_the_root(tmp_path: Path) -> None:
    text = """
        exclude = ["gen", "/top", "a/b/", "!keep/", "!/c/d"]
        handlers = ["app.py:run", "../x/y.run", "pkg.mod.run"]
        import-roots = ["src", ".", "../lib"]
        [per-file-ignores]
        "test_*.py" = ["LMB1"]
    """
    settings = load(str(tmp_path), write(tmp_path, text, "services/api/lambdalint.toml"))
    assert settings.exclude == (
        "/services/api/**/gen",
        "/services/api/top",
        "/services/api/a/b/",
        "!/services/api/**/keep/",
        "!/services/api/c/d",
    )
    assert settings.handlers == ("services/api/app.py:run", "services/x/y.py:run", "pkg.mod.run")
    assert settings.import_roots == ("services/api/src", "services/api", "services/lib")
    assert settings.per_file_ignores == (("/services/api/**/test_*.py", ("LMB1",)),)


def test_a_configuration_outside_the_project_counts_from_the_root(tmp_path: Path) -> None:
    config = write(tmp_path, 'exclude = ["a/b"]\nimport-roots = ["src"]', "elsewhere/shared.toml")
    settings = load(str(tmp_path / "project"), config)
    assert (settings.exclude, settings.import_roots) == (("a/b",), ("src",))


def test_load_for_finds_and_loads(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    config = write(tmp_path, "heavy-import-ms = 7", "service/lambdalint.toml")
    settings = load_for(str(tmp_path / "service" / "src" / "app.py"))
    assert (settings.root, settings.config, settings.heavy_import_ms) == (str(tmp_path), config, 7)


WRONG = [
    ('selct = ["LMB"]', '1: unknown key "selct"; did you mean "select"?'),
    ("\nheavy_import_ms = 5", '2: unknown key "heavy_import_ms"; did you mean "heavy-import-ms"?'),
    ("zzz = 1", '1: unknown key "zzz"; known are cache-dir, calls, exclude, '),
    ('select = "LMB"', '1: "select" must be a list of strings, not a string'),
    ("select = [1]", '1: "select" must hold strings alone, but holds the number 1'),
    ('select = [""]', '1: "select" holds an empty string'),
    (
        'select = ["LMB9X"]',
        '1: "select" names the unknown code "LMB9X"; codes are "LMB" and up to',
    ),
    ('ignore = ["F401"]', '1: "ignore" names the unknown code "F401"; codes are'),
    ('ignore = ["LMB1011"]', '1: "ignore" names the unknown code "LMB1011"; codes are'),
    ('ignore = ["LMB١"]', '1: "ignore" names the unknown code "LMB١"; codes are'),
    ('ignore = ["lmb101"]', '1: "ignore" names the unknown code "lmb101"; did you mean "LMB101"?'),
    (
        'ignore = ["client-in-handlr"]',
        '"client-in-handlr"; did you mean "client-in-handler"?',
    ),
    ('respect-gitignore = "no"', '"respect-gitignore" must be true or false, not a string'),
    ("heavy-import-ms = true", '"heavy-import-ms" must be a whole number of milliseconds, not true'),
    ("heavy-import-ms = 1.5", '"heavy-import-ms" must be a whole number of milliseconds, not the number 1.5'),
    ("heavy-import-ms = -1", '"heavy-import-ms" must not be negative, but is -1'),
    ('reuse-style = "lazy"', '"reuse-style" must be one of "auto", "getter", "module", not "lazy"'),
    (
        "reuse-style = 1979-05-27",
        '"reuse-style" must be one of "auto", "getter", "module", not a date or time',
    ),
    (
        'handlers = ["app"]',
        '"handlers" holds "app", which names no function; write "path/to/app.py:',
    ),
    ('exclude = ["!"]', '"exclude" holds "!", which is no gitignore pattern'),
    ("per-file-ignores = []", '"per-file-ignores" must be a table, not a list'),
    ('[per-file-ignores]\n"a/*.py" = "LMB1"', "2: \"per-file-ignores.'a/*.py'\" must be a list of strings"),
    (
        "[tables.orders]\nrange-key = 'sk'",
        '1: "tables.orders" lacks "hash-key", the name of its',
    ),
    (
        '[tables.orders]\nhash-key = ""',
        '2: "tables.orders.hash-key" must be the name of an attribute',
    ),
    ('[tables.orders]\nhash-kye = "x"', '2: unknown key "tables.orders.hash-kye"; did you mean "hash-key"?'),
    (
        '[tables.o]\nhash-key = "a"\n[tables.o.indexes.i]\nhash-key = 1',
        '4: "tables.o.indexes.i.hash-key" must be',
    ),
    ('tables = { o = { hsh = "a" } }', '1: unknown key "tables.o.hsh"'),
    ("calls = []", '1: "calls" must be a table, not a list'),
    ("[calls]\n'acme.connect' = 'conection'", '2: "calls.\'acme.connect\'" has the unknown kind "conection"; did you'),
    ("[calls]\n'acme.connect' = 'zz'", 'unknown kind "zz"; known are api-client, aws-client, '),
    ("[calls]\n'acme.connect' = 1", "2: \"calls.'acme.connect'\" must be a kind or a table with one, not the number 1"),
    ("[calls]\nconnect = 'connection'", '2: "calls.connect" is no dotted name; write "package.module.function"'),
    ("[calls]\n'acme.x y' = 'read'", "\"calls.'acme.x y'\" is no dotted name"),
    ("[calls]\nacme.a = 'read'\n'acme.a' = 'write'", "3: \"calls.'acme.a'\" is there twice"),
    ("[calls.'acme.C']\nread = ['get']", '1: "calls.\'acme.C\'" lacks "kind"; known are aws-client, '),
    ("[calls.acme.C]\nread = ['get']", '1: "calls.acme.C" lacks "kind"'),
    ("[calls.acme.C]", '1: "calls.acme.C" lacks "kind"'),
    ("[calls.'acme.C']\nkind = 'model'\nread = ['get']", '3: "calls.\'acme.C\'.read" goes with "connection", "sql-'),
    ("[calls.'acme.C']\nkind = 'http-session'\npooled = true", 'goes with "connection", "sql-connection", not with'),
    (
        "[calls.'acme.c']\nkind = 'aws-client'\nservice = 3",
        '.service" must be the name of a service, such as "s3", not',
    ),
    ("[calls.'acme.C']\nkind = 'connection'\npooled = 1", '.pooled" must be true or false, not the number 1'),
    (
        "[calls.'acme.C']\nkind = 'connection'\nreads = []",
        '3: unknown key "calls.\'acme.C\'.reads"; did you mean "read"?',
    ),
    ("[calls.'acme.C']\nkind = 'api-client'\nread = 'get'", "3: \"calls.'acme.C'.read\" must be a list of strings"),
    ("[calls.'acme.C']\nkind = 'api-client'\nread = ['get()']", 'holds "get()", which is no name of a method'),
    (
        "[calls.'acme.C']\nkind = 'api-client'\nread = ['go']\nwrite = ['go']",
        '4: "calls.\'acme.C\'.write" holds "go", which "read" holds as well',
    ),
    ("select = [\n", ":1: no valid TOML: "),
    ('a = 1\nb = "\n', ":2:6: no valid TOML: "),
    ("a = 1\na = 2", "2: no valid TOML: Cannot overwrite a value"),
    ("[tool.lambdalint]\n", 'unknown key "tool"; in lambdalint.toml the keys stand at the top level'),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    config = write(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load(str(tmp_path), config, SLUGS)
    said = str(caught.value)
    assert said.startswith(config + ":")
    assert message in said
    assert "\n" not in said


def test_messages_name_the_whole_key_path_and_a_short_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = write(tmp_path, '[project]\nname = "x"\n\n[tool.lambdalint]\nselct = []\n', "pyproject.toml")
    with pytest.raises(SettingsError) as caught:
        load(str(tmp_path), config)
    assert str(caught.value) == ('pyproject.toml:5: unknown key "tool.lambdalint.selct"; did you mean "select"?')


def test_a_wrong_kind_of_tool_table(tmp_path: Path) -> None:
    config = write(tmp_path, "[tool]\nlambdalint = 3\n", "pyproject.toml")
    with pytest.raises(SettingsError, match=r':2: "tool.lambdalint" must be a table, not the number 3'):
        load(str(tmp_path), config)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: can't be read: No such file"):
        load(str(tmp_path), str(tmp_path / "absent.toml"))
    (tmp_path / "bad.toml").write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(SettingsError, match=r"bad\.toml:2: isn't valid UTF-8"):
        load(str(tmp_path), str(tmp_path / "bad.toml"))


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("path/to/app.py:run", HandlerSpec("run", path="path/to/app.py")),
        ("src/*/app.py:run", HandlerSpec("run", path="src/*/app.py")),
        ("pkg.module:run", HandlerSpec("run", module="pkg.module")),
        ("pkg.module.run", HandlerSpec("run", module="pkg.module")),
        ("app.run", HandlerSpec("run", module="app")),
        ("src/handlers/app.run", HandlerSpec("run", path="src/handlers/app.py")),
        ("run", None),
        ("app.py", None),
        ("src/app.py", None),
        ("app.py:", None),
        (":run", None),
        ("src/app:run", None),
        ("a-b.run", None),
        ("pkg..run", None),
        ("app.py:run it", None),
    ],
)
def test_handlers(text: str, spec: HandlerSpec | None) -> None:
    assert parse_handler(text) == spec


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2", ["b"], 2),
        ("[x]\nb = 1\n[y]\nb = 2", ["y", "b"], 4),
        ("# b = 1\nb = 2", ["b"], 2),
        ("[ tool . 'my.tool' ]  # here\nb = 2", ["tool", "my.tool", "b"], 2),
        ('a."b c".d = 1', ["a", "b c", "d"], 1),
        ("[a.b.c]\nd = 1", ["a", "b"], 1),
        ("t = { b = 1 }", ["t", "b"], 1),
        ("[[t]]\nb = 1", ["t", "b"], 2),
        ("a = 1", ["z"], None),
    ],
)
def test_the_line_of_a_key(text: str, keys: list[str], line: int | None) -> None:
    assert line_of(text, keys) == line


def test_merge_replaces_adds_and_leaves(tmp_path: Path) -> None:
    base = Settings(str(tmp_path), select=("LMB1",), ignore=("LMB103",), extend_select=("LMB5",), extend_exclude=("a",))
    merged = merge(
        base,
        select=["LMB2"],
        extend_select=["table-scan"],
        extend_ignore=["LMB104"],
        extend_exclude=["b"],
        handlers=["app.py:run"],
        reuse_style="module",
        heavy_import_ms=0,
        respect_gitignore=False,
        slugs=SLUGS,
    )
    assert merged == Settings(
        str(tmp_path),
        select=("LMB2",),
        ignore=("LMB103", "LMB104"),
        extend_select=("LMB5", "LMB502"),
        extend_exclude=("a", "b"),
        handlers=("app.py:run",),
        reuse_style="module",
        heavy_import_ms=0,
        respect_gitignore=False,
    )
    assert merge(base) == base
    assert merge(base, ignore=[], exclude=["x"]).ignore == ()


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"select": ["X1"]}, '--select: the unknown code "X1"; codes are "LMB" and up to three digits'),
        (
            {"extend_ignore": ["tablescan"]},
            '--extend-ignore: the unknown code "tablescan"; did you mean "table-scan"?',
        ),
        ({"reuse_style": "x"}, '"--reuse-style" must be one of "auto", "getter", "module", not "x"'),
    ],
)
def test_merge_names_the_option(wishes: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        merge(Settings("/p"), slugs=SLUGS, **wishes)  # type: ignore[arg-type]
    assert str(caught.value) == message
