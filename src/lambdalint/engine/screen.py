"""Cheap looks at bytes, before anything is parsed: one compiled pattern each.

They may say yes too often; they never say no to a file that matters.
"""

from __future__ import annotations

import re
from collections.abc import Collection

# A function that may be a handler: by its name, or by a framework or an application's adapter in its module.
# To look for a few plain words first is ten times faster than a pattern that can't begin with any of them.
_HANDLER_WORDS = (b"andler", b"handle", b"lambda_function")
_NAME = rb"(?:\w+_handler|handler(?:_\w+)?|\w+Handler|handle|lambdahandler|lambda_function)"  # the conventional ones
_DEFINED = re.compile(rb"^(?:async[ \t]+)?def[ \t]+(" + _NAME + rb")[ \t]*\(", re.MULTILINE)
_STORED = re.compile(rb"^" + _NAME + rb"[ \t]*[:=]", re.MULTILINE)
_BEFORE = re.compile(rb"^(?:(?:async[ \t]+)?def|class)[ \t]", re.MULTILINE)
_PARAMETERS = 2000  # bytes that are looked through for the names of parameters, and for decorators
_FRAMEWORK_WORDS = (
    *(b"aws_lambda_powertools", b"chalice", b"mangum", b"awsgi", b"aws_wsgi", b"serverless_wsgi", b"apig_wsgi"),
    *(b"slack_bolt", b"ask_sdk", b"flask_lambda"),
)
_FRAMEWORK = re.compile(
    rb"aws_lambda_powertools|\b(?:(?:chalice|mangum|aws_wsgi|serverless_wsgi|apig_wsgi|slack_bolt|flask_lambda)\b"
    rb"|awsgi|ask_sdk)"
)
# Something that a rule could speak of: the packages of the knowledge tables, and what plain Python code does.
_SUBJECT = re.compile(
    rb"\b(?:MySQLdb|aiocache|aiohttp|aiomysql|anthropic|asyncpg|cohere|confluent_kafka|cx_Oracle|elasticsearch"
    rb"|fastapi|fastavro|faster_whisper|fastjsonschema|fasttext|flask|google|googleapiclient|gql|groq|jinja2|joblib"
    rb"|jsonschema|jwt|kafka|keras|mistralai|motor|msal|mysql|neo4j|numpy|onnxruntime|openai|opensearchpy|oracledb"
    rb"|orjson|pandas|pg8000|pickle|pika|psycopg|psycopg2|psycopg_pool|pydantic|pymongo|pymssql|pymysql|pynamodb"
    rb"|pyodbc|redis|redshift_connector|sagemaker|sendgrid|sentence_transformers|simplejson|slack_sdk|snowflake"
    rb"|spacy|sqlalchemy|sqlmodel|starlette|stripe|supabase|tensorflow|tiktoken|tokenizers|torch|transformers"
    rb"|twilio|ujson|valkey|werkzeug|whisper|yaml)\b|"
    rb"\bsleep\b|\bopen\s*\(|Executor|\bawait\b|\bprint\s*\(|\blog(?:ger|ging)?\b|\bsocket\b|HTTPConnection|"
    rb"\bbotocore\b|boto3|aiobotocore|\.(?:client|resource|Session|get_session)\s*\(|loads\s*\(|requests|httpx|urllib|"
    rb"get_item|get_secret|get_parameter|assume_role|initiate_auth|decrypt|\bscan\b|\bquery\b|acquire_token|"
    rb"fetch_id_token|grant_type|parameters|multiprocessing|ProcessPool|\bconnect\s*\(|HTTPS?Connection|"
    rb"[cC]ached?\s*\(|[_.@]cache\b|cached_property|memoize|PyJWKClient|ExpiringDict"
)
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<from>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n\\]*(?:\\\r?\n[^\n\\]*)*)"
    rb"|import[ \t]+(?P<import>[^\n;#]+))",
    re.MULTILINE,
)
_WORD = re.compile(rb"[\w.]+(?:[ \t]+as[ \t]+\w+)?")
_SUPPRESSIONS = (b"noqa", b"lambdalint")
_PATCH = re.compile(rb"patch(?:\.object)?\(\s*(?:f?[\"'][^\"']*\bboto3|boto3\b)")
_MENTIONED = (
    *(b"put_parameter", b"put_secret_value", b"update_secret", b"set_parameter", b"set_secret", b"create_secret"),
    *(b"setup_default_session", b"rotate_secret", b"setdefaulttimeout", b"ReceiveMessageWaitTimeSeconds"),
    b"PGCONNECT_TIMEOUT",
)
_MENTIONS = re.compile(rb"\b(?:" + b"|".join(_MENTIONED) + rb")\b")


def may_define_handler(data: bytes) -> bool:
    """Whether a file may define a handler by name or through a framework."""
    if any(word in data for word in _HANDLER_WORDS):
        if _STORED.search(data) is not None or any(_reads_as_handler(data, one) for one in _DEFINED.finditer(data)):
            return True
    return any(word in data for word in _FRAMEWORK_WORDS) and _FRAMEWORK.search(data) is not None


def _reads_as_handler(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether a function at module scope with the name of a handler may have the parameters of one too."""
    from lambdalint.knowledge import conventions

    before = b"\n" + data[max(0, found.start() - _PARAMETERS) : found.start()]
    last = max((one.end() for one in _BEFORE.finditer(before)), default=0)
    if found[1] == b"lambda_handler" or b"\n@" in before[last:]:
        return True  # what a decorator makes of it may have other parameters
    rest = data[found.end() : found.end() + _PARAMETERS]
    words = re.findall(r"\w+", re.split(rb"\)\s*(?::|->)", rest, maxsplit=1)[0].decode("utf-8", "replace"))
    return any(map(conventions.EVENT.match, words)) and any(map(conventions.CONTEXT.match, words))


def has_subject(data: bytes) -> bool:
    """Whether a file holds anything that a rule other than those on imports could speak of."""
    return _SUBJECT.search(data) is not None


def may_matter(data: bytes, own: Collection[str] = ()) -> bool:
    """Whether a file may hold anything to report; `own` are packages that the configuration knows besides."""
    return has_subject(data) or may_define_handler(data) or may_import_heavy(data) or mentions(data, own)


def mentions(data: bytes, names: Collection[str]) -> bool:
    """Whether a file holds one of some names as a word."""
    return any(re.search(rb"\b" + re.escape(name.encode()) + rb"\b", data) for name in names)


def may_import_heavy(data: bytes) -> bool:
    """Whether a file imports anything that a table knows as heavy, or as out of place in a function."""
    from lambdalint.knowledge import dev_tools, imports

    packages = {dotted.split(".")[0] for dotted, level in imports_in(data) if not level}
    return any(imports.is_heavy_package(top) or dev_tools.may_be_dev_tool(top) for top in packages)


def may_suppress(data: bytes) -> bool:
    plain = data.lower()
    return any(word in plain for word in _SUPPRESSIONS)


def patches_boto3(data: bytes) -> bool:
    """Whether a file (a test's) replaces something of boto3: `patch("app.boto3.client")`."""
    return _PATCH.search(data) is not None


def mentioned_words(data: bytes) -> set[str]:
    """The operations among those that matter project-wide that a file mentions."""
    if not any(word in data for word in _MENTIONED):
        return set()
    return {found.group().decode() for found in _MENTIONS.finditer(data)}


def imports_in(data: bytes) -> list[tuple[str, int]]:
    """(dotted name, level) of everything that a file's imports may load, at any depth of the file."""
    found: dict[tuple[str, int], None] = {}
    for match in _IMPORT.finditer(data):
        source = match["from"]
        if source is not None:
            name = source.decode("utf-8", "replace")
            level = len(name) - len(name.lstrip("."))
            name = name[level:]
            found[name, level] = None
            for word in _WORD.finditer(re.sub(rb"#[^\n]*", b"", match["names"])):
                inner = word.group().split()[0].decode("utf-8", "replace")
                found[f"{name}.{inner}".strip("."), level] = None
        else:
            for part in match["import"].split(b","):
                words = part.split()
                if words:
                    found[words[0].decode("utf-8", "replace"), 0] = None
    return list(found)
