"""What isn't a project's own among its files: tools' folders, environments, installed packages.

`pip install --target` and zipped-up deployment folders put packages right beside
the handler. What an installer wrote is told by its metadata, so that
`lambda_function.py` next to `boto3/` is still checked and `boto3/` isn't.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection

_FOLDER_NAMES = """
    .aws-sam .bzr .cache .cdk.staging .direnv .eggs .git .hg .hypothesis .ipynb_checkpoints
    .lambdalint_cache .mypy_cache .nox .pixi .pytest_cache .ruff_cache .serverless .svn .terraform
    .tox .venv __pycache__ __pypackages__ bower_components cdk.out CVS dist-packages node_modules
    site-packages venv
"""
_FOLDERS = frozenset(_FOLDER_NAMES.split())
_FOLDER_SUFFIXES = (".dist-info", ".egg", ".egg-info")
# A project may itself be a virtual environment: its own files beside these are kept.
_ENVIRONMENT = frozenset({"Include", "Scripts", "bin", "include", "lib64", "share"})
_INTERPRETER = re.compile(r"[\\/]python\d[\d.]*$")  # lib/python3.9: an old virtual environment's modules
# Some prune all metadata for size: then two of these packages side by side are an installation.
_WELL_KNOWN_NAMES = """
    attr boto boto3 botocore bs4 certifi cffi chardet charset_normalizer click cryptography dateutil
    docutils flask google_auth_httplib2 httpx idna jinja2 jmespath jsonschema lxml markupsafe numpy
    oauthlib pandas PIL pip pkg_resources psycopg2 pyasn1 pycparser pydantic pydantic_core pymysql
    pytz redis requests requests_oauthlib rsa s3transfer setuptools sniffio sqlalchemy urllib3
    werkzeug wheel wrapt yaml
"""
# Folder names that projects use for their own code and packages don't install.
_OWN_NAMES = """
    api app apps common config core functions handler handlers helpers lambda lambda_function
    lambda_functions lambdas layer layers lib libs model models service services shared src tests
    utils
"""
_WELL_KNOWN = frozenset(_WELL_KNOWN_NAMES.split())
_WELL_KNOWN_MODULES = frozenset({"six.py", "typing_extensions.py"})
_OWN = frozenset(_OWN_NAMES.split())


def is_tools_folder(name: str) -> bool:
    """Whether a folder of this name is a tool's, wherever it stands."""
    return name in _FOLDERS or name.endswith(_FOLDER_SUFFIXES)


def left_out(folder: str, names: Collection[str], *, generated: bool = False) -> frozenset[str]:
    """Which of `names`, the entries of `folder`, a project didn't write.

    `generated` says that this is a `build` folder beside a setup.py.
    """
    found = _installed(folder, names)
    if "pyvenv.cfg" in names:
        found |= _ENVIRONMENT
    if "conda-meta" in names or ("site-packages" in names and _INTERPRETER.search(folder)):
        found.update(names)
    if os.path.basename(folder) == ".chalice":
        found.add("deployments")
    if generated:
        found.update(name for name in names if name == "lib" or name.startswith(("lib.", "bdist.")))
    return frozenset(found.intersection(names))


def _installed(folder: str, names: Collection[str]) -> set[str]:
    """The entries that belong to installed packages.

    What the metadata lists is left out. Where a package's metadata lists
    nothing, its own name is looked for; where that isn't found either, all
    regular packages but those named as projects name theirs are taken for installed.
    """
    found: set[str] = set()
    for name in names:
        if name.endswith(".dist-info") or (name.endswith(".egg-info") and _by_installer(folder, name)):
            found.add(name)
            installed = _listed(os.path.join(folder, name)) or _named_like(name, names)
            if installed:
                found.update(f"{top}{suffix}" for top in installed for suffix in ("", ".py"))
            else:
                found.update(name for name in names if name.lower() not in _OWN and _is_package(folder, name))
    known = {name for name in names if name in _WELL_KNOWN and _is_package(folder, name)}
    known |= _WELL_KNOWN_MODULES.intersection(names)
    if len(known) > 1:
        found |= known
    return found


def _is_package(folder: str, name: str) -> bool:
    return "." not in name and os.path.isfile(os.path.join(folder, name, "__init__.py"))


def _by_installer(folder: str, name: str) -> bool:
    """Whether an egg-info was left by an installer; `pip install -e` makes one for the project itself."""
    try:
        inside = os.listdir(os.path.join(folder, name))
    except OSError:  # a file, as distutils wrote it on installing
        return False
    return (
        "installed-files.txt" in inside
        or "RECORD" in inside
        or ("top_level.txt" in inside and "SOURCES.txt" not in inside)
    )


def _listed(metadata: str) -> set[str]:
    """The top-level modules that a package's metadata lists."""
    listed = {line.strip().split("/")[0] for line in _lines(os.path.join(metadata, "top_level.txt"))}
    if not listed:
        # RECORD: one installed file a line, "path,hash,size", relative to the folder.
        for line in _lines(os.path.join(metadata, "RECORD")):
            path = line.split(",")[0].strip('"').replace("\\", "/")
            top, slash, _ = path.partition("/")
            if slash or top.endswith(".py"):
                listed.add(top.removesuffix(".py"))
    return {top for top in listed if top not in {"", ".", "..", "__pycache__", "bin"} and not top.endswith("-info")}


def _named_like(metadata: str, names: Collection[str]) -> set[str]:
    """The entries whose name is the package's, e.g. `dateutil` for `python_dateutil-2.9.0.dist-info`."""
    package = _normal(re.split(r"-\d", metadata.rsplit(".", 1)[0])[0])
    short = re.sub(r"^(python|py)_?|_?(python|py)$", "", package)
    return {
        name.removesuffix(".py")
        for name in names
        if _normal(name.removesuffix(".py")) in {package, short} and not name.endswith("-info")
    }


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return [line for line in file.read().splitlines() if line.strip()]
    except OSError:
        return []
