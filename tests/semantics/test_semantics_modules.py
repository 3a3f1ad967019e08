"""Which file an import means, and what a module's import runs."""

from __future__ import annotations

import pytest
from notation import case, files_of, look, project_of

from lambdalint.semantics.modules import Modules

# The project's files; the importing one is the first.
FOUND = [
    case("module beside", "app.py clients.py", "clients", "clients.py"),
    case("package beside", "app.py p/__init__.py", "p", "p/__init__.py"),
    case("module of a package", "app.py p/__init__.py p/a.py", "p.a", "p/a.py"),
    case("namespace package", "app.py p/a.py", "p", "p"),
    case("module of a namespace package", "app.py p/a.py", "p.a", "p/a.py"),
    case("package before a module of its name", "app.py p.py p/__init__.py", "p", "p/__init__.py"),
    case("relative", "p/a.py p/b.py b.py", ".b", "p/b.py"),
    case("relative to the package above", "p/q/a.py p/b.py b.py", "..b", "p/b.py"),
    case("relative module of a package", "p/a.py p/q/b.py", ".q.b", "p/q/b.py"),
    case("relative never looks elsewhere", "p/a.py b.py", ".b", None),
    case("the package itself", "p/a.py p/__init__.py", ".", "p/__init__.py"),
    case("from the package's root", "p/q/a.py p/__init__.py p/b.py", "p.b", "p/b.py"),
    case("flattened by the deployment", "src/a/app.py src/a/util.py util.py", "util", "src/a/util.py"),
    case("nearest first", "f/a/app.py f/a/util.py f/b/util.py util.py", "util", "f/a/util.py"),
    case("then the folders above", "f/a/app.py f/util.py util.py", "util", "f/util.py"),
    case("src folder", "handlers/app.py src/p/a.py", "p.a", "src/p/a.py"),
    case("layer", "functions/f/app.py layers/x/python/mod.py", "mod", "layers/x/python/mod.py"),
    case("package of a layer", "functions/f/app.py layers/x/python/p/a.py", "p.a", "layers/x/python/p/a.py"),
    case("two layers with one name", "f/app.py layers/x/python/mod.py layers/y/python/mod.py", "mod", None),
    case("module beats a folder of its name", "f/app.py x/util.py y/util/readme.py", "util", "x/util.py"),
    case("not there", "app.py", "elsewhere", None),
    case("part that isn't there", "app.py p/__init__.py", "p.nothing", None),
    case("copied package", "app.py requests/__init__.py", "requests", None),
    case("copied SDK", "app.py boto3/__init__.py boto3/session.py", "boto3.session", None),
    case("copied package in a layer", "app.py layers/x/python/yaml/__init__.py", "yaml", None),
    case("standard library's name", "app.py json.py", "json", None),
]


@pytest.mark.parametrize(("files", "wanted", "expected"), FOUND)
def test_the_file_that_an_import_means(files: str, wanted: str, expected: str | None) -> None:
    paths = files.split()
    name = wanted.lstrip(".")
    modules = Modules(paths, lambda path: b"")
    assert modules.find(paths[0], name, len(wanted) - len(name)) == expected


ROOTED = [
    case("layer that the function names", "f/app.py layers/x/python/mod.py layers/y/python/mod.py",
         "layers/y/python", "mod", "layers/y/python/mod.py"),
    case("code root around the file", "a/f/app.py a/lib/util.py b/lib/util.py", "a", "lib.util", "a/lib/util.py"),
    case("own folder before a root", "f/app.py f/mod.py layers/x/python/mod.py", "layers/x/python", "mod", "f/mod.py"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "root", "wanted", "expected"), ROOTED)
def test_import_roots(files: str, root: str, wanted: str, expected: str) -> None:
    paths = files.split()
    assert Modules(paths, lambda path: b"", [root]).find(paths[0], wanted) == expected


RUN = [
    case("whole chain of packages", """
        === app.py
        import p.q.a
        === p/__init__.py
        === p/q/__init__.py
        === p/q/a.py
    """, "p/__init__.py p/q/__init__.py p/q/a.py"),
    case("from a package", """
        === app.py
        from p import a
        === p/__init__.py
        === p/a.py
    """, "p/__init__.py p/a.py"),
    case("through others", """
        === app.py
        import a
        === a.py
        from b import x
        === b.py
        x = 1
    """, "a.py b.py"),
    case("star import", """
        === app.py
        from a import *
        === a.py
    """, "a.py"),
    case("circle", """
        === app.py
        import a
        === a.py
        import app
    """, "a.py"),
    case("relative star", """
        === app.py
        import p
        === p/__init__.py
        from .a import *
        === p/a.py
    """, "p/__init__.py p/a.py"),
    case("the package's own name", """
        === app.py
        import p.a
        === p/__init__.py
        === p/a.py
        from . import b
        === p/b.py
    """, "p/__init__.py p/a.py p/b.py"),
    case("in a function", "=== app.py\ndef f():\n    import a\n=== a.py\n", ""),
    case("in a class body", "=== app.py\nclass C:\n    import a\n=== a.py\n", "a.py"),
    case("in a try", "=== app.py\ntry:\n    import a\nexcept ImportError:\n    import b\n=== a.py\n=== b.py\n",
         "a.py b.py"),
    case("for type checkers", """
        === app.py
        if typing.TYPE_CHECKING:
            import a
        else:
            import b
        === a.py
        === b.py
    """, "b.py"),
    case("broken module", "=== app.py\nimport a\nimport b\n=== a.py\ndef (:\n=== b.py\n", "a.py b.py"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RUN)
def test_what_an_import_runs(text: str, expected: str) -> None:
    assert set(project_of(files_of(text)).closure("app.py")) == {"app.py", *expected.split()}


NAMES = [
    case("package's own name first", """
        === p/__init__.py
        a = 1
        === p/a.py
        === app.py
        from p import a
        a  #? a
    """, "1"),
    case("submodule where the package has no such name", """
        === p/__init__.py
        === p/a.py
        x = 1
        === app.py
        from p import a
        a.x  #? a.x
    """, "1"),
    case("re-exported by the package", """
        === p/__init__.py
        from .a import make
        === p/a.py
        make = 1
        === app.py
        import p
        p.make  #? p.make
    """, "1"),
    case("renamed on the way", """
        === a.py
        x = 1
        === b.py
        from a import x as y
        === app.py
        import b as c
        c.y  #? c.y
    """, "1"),
    case("of a namespace package", """
        === p/a.py
        x = 1
        === app.py
        import p.a
        p.a.x  #? p.a.x
    """, "1"),
    case("imports of one another", """
        === a.py
        from app import y
        x = 1
        === app.py
        from a import x
        y = x
        x  #? x
    """, "1"),
    case("the same name imported from one another", """
        === a.py
        from app import x
        === app.py
        from a import x
        x  #? x
    """, "nothing"),
    case("outside package", "from elsewhere.deep import x\nx  #? x", "elsewhere.deep.x"),
    case("outside module with alias", "import elsewhere.deep as d\nd.x  #? d.x", "elsewhere.deep.x"),
    case("outside package by its top", "import elsewhere.deep\nelsewhere.deep.x  #? elsewhere.deep.x", "elsewhere.deep.x"),
    case("relative import of nothing", "from .missing import x\nx  #? x", "?"),
    case("module that can't be parsed", "=== a.py\ndef (:\n=== app.py\nfrom a import x\nx  #? x", "?"),
    case("builtin in spite of a star import", "=== a.py\ny = 1\n=== app.py\nfrom a import *\nlen  #? len", "builtins.len"),
    case("name that nothing binds", "nowhere  #? nowhere", "?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_what_an_imported_name_is(text: str, expected: str) -> None:
    assert look(text).value == expected


def test_a_module_that_cannot_be_read_is_none() -> None:
    def read(path: str) -> bytes:
        raise OSError(path)

    assert Modules(["app.py"], read).load("app.py") is None
    assert Modules(["app.py"], lambda path: b"\xff\xfe\x00").load("app.py") is None


def test_without_reads_the_changed_files_anew() -> None:
    data = {"a.py": b"x = 1\n", "b.py": b"y = 1\n"}
    before = Modules(data, data.__getitem__, keep=data)
    first = {path: before.load(path) for path in data}
    data["a.py"] = b"x = 2\n"
    after = before.without(["a.py"], before.read)
    assert after.load("b.py") is first["b.py"]
    assert after.load("a.py") is not first["a.py"]
    assert set(before.kept) == set(after.kept) == set(data)
