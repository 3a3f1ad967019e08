"""Functions of CDK programs in Python."""

from __future__ import annotations

import pytest
from programs import only, program, project, python

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.model import Rights

PLAIN = 'runtime=lambda_.Runtime.PYTHON_3_12, handler="app.handler", code=lambda_.Code.from_asset("src")'


def function(settings: str, before: str = "", path: str = "app.py") -> DeployedFunction:
    return only(python(f'{before}\nlambda_.Function(self, "F", {settings})', path))


def test_a_function_with_all_its_settings() -> None:
    found = python(
        """\
        table = dynamodb.Table(self, "Orders", partition_key=dynamodb.Attribute(name="pk", type=X))
        fn = lambda_.Function(
            self,
            "Get",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="app.handler",
            code=lambda_.Code.from_asset("../src/get"),
            memory_size=512,
            timeout=Duration.minutes(2),
            environment={"TABLE": table.table_name, "STAGE": "dev", "REGION": self.region},
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS,
        )
        """,
        "infra/app.py",
    )
    assert found.functions == (
        DeployedFunction(
            template="infra/app.py",
            line=7,
            name="Get",
            handler="app.handler",
            code_roots=("src/get",),
            runtime="python3.12",
            memory=512,
            timeout=120,
            snap_start=True,
            located=True,
            environment=(("TABLE", "ref:Orders"), ("STAGE", "dev")),
            rights=Rights(complete=True),
        ),
    )


def test_the_platforms_defaults() -> None:
    found = function(PLAIN)
    assert (found.memory, found.timeout, found.snap_start, found.provisioned) == (128, 3, False, False)
    assert (found.layers, found.environment, found.sources, found.custom_resource) == ((), (), (), False)


@pytest.mark.parametrize(
    ("imports", "callee"),
    [
        ("from aws_cdk import aws_lambda as lambda_", "lambda_.Function"),
        ("from aws_cdk import aws_lambda", "aws_lambda.Function"),
        ("from aws_cdk import core, aws_lambda as _lambda", "_lambda.Function"),
        ("import aws_cdk.aws_lambda as _lambda", "_lambda.Function"),
        ("import aws_cdk.aws_lambda", "aws_cdk.aws_lambda.Function"),
        ("import aws_cdk as cdk", "cdk.aws_lambda.Function"),
        ("from aws_cdk.aws_lambda import Function as Fn", "Fn"),
        ("from aws_cdk.aws_lambda import SingletonFunction", "SingletonFunction"),
        ("from aws_cdk.aws_cloudfront import experimental", "experimental.EdgeFunction"),
    ],
)
def test_every_way_to_import_it(imports: str, callee: str) -> None:
    settings = 'handler="a.b", code=Code.from_asset("src")'
    text = f'import aws_cdk\nfrom aws_cdk.aws_lambda import Code\n{imports}\n{callee}(s, "F", {settings})'
    assert only(program("app.py", text.encode())).handler == "a.b"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('Function(self, "F", handler="a.b", code=Code.from_asset("src"))', "nothing says whose Function it is"),
        (
            'from mine import Function\nFunction(self, "F", handler="a.b", code=lambda_.Code.from_asset("src"))',
            "another library's",
        ),
        (f'lambda_.Function(self, "F", {PLAIN}) if', "it doesn't parse"),
        (f'lambda_.Function.from_function_arn(self, "F", "arn", {PLAIN})', "it is deployed elsewhere"),
    ],
)
def test_near_misses(text: str, reason: str) -> None:
    assert program("app.py", f"from aws_cdk import aws_lambda as lambda_\n{text}\n".encode()).functions == (), reason


@pytest.mark.parametrize(
    "settings",
    [
        PLAIN.replace("PYTHON_3_12", "NODEJS_20_X"),
        PLAIN.replace('"app.handler"', "kwargs['handler']"),
        PLAIN.replace('"app.handler"', '"Shop::Handler"'),
        PLAIN.replace('"app.handler"', '"two words"'),
        PLAIN.replace('"app.handler"', "1"),
        PLAIN.replace('from_asset("src")', 'from_inline("def handler(event, context): ...")'),
        PLAIN.replace('from_asset("src")', "from_bucket(bucket, key)"),
        PLAIN.replace('from_asset("src")', "from_asset(kwargs['folder'])"),
        PLAIN.replace('from_asset("src")', 'from_asset("build/fn.zip")'),
        PLAIN.replace('from_asset("src")', 'from_asset("/opt/src")'),
        PLAIN.replace('"app.handler"', '"app.handler" if kwargs else "app.other"'),
        "**kwargs",
    ],
)
def test_what_cannot_be_told_is_no_function(settings: str) -> None:
    assert python(f'lambda_.Function(self, "F", {settings})').functions == ()


@pytest.mark.parametrize(
    ("before", "path", "roots"),
    [
        ("", '"src"', ("infra/stacks/src", "infra/src", "src")),
        ("", '"../src"', ("infra/src", "src")),
        ("", '"."', ("infra/stacks", "infra", ".")),
        ("", "os.path.join(os.path.dirname(__file__), 'src')", ("infra/stacks/src",)),
        ("", "os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'src')", ("src",)),
        ("", "str(pathlib.Path(__file__).parent / 'src' / 'get')", ("infra/stacks/src/get",)),
        ("", "str(pathlib.Path(__file__).resolve().parents[2].joinpath('src'))", ("src",)),
        ("", "(Path(__file__).parent.parent / 'src').as_posix()", ("infra/src",)),
        ("root = Path(__file__).parent\nwhere = root / 'src'", "str(where)", ("infra/stacks/src",)),
        ("name = 'get'", "f'src/{name}'", ("infra/stacks/src/get", "infra/src/get", "src/get")),
        ("name = 'get'", "'src/' + name", ("infra/stacks/src/get", "infra/src/get", "src/get")),
        ("", "'/'.join(['src', 'get'])", ("infra/stacks/src/get", "infra/src/get", "src/get")),
        ("", "'src/%s' % name", ()),
        ("", "os.path.join(os.path.dirname(__file__), '../../../src')", ()),
        ("", "os.getcwd() + '/src'", ("infra/stacks/src", "infra/src", "src")),
        # Only the folder that it begins with isn't known.
        ("", "str(kwargs['root'] / 'src')", ("infra/stacks/src", "infra/src", "src")),
        ("", "os.path.join(kwargs['root'], 'src')", ("infra/stacks/src", "infra/src", "src")),
        ("", "f\"{kwargs['root']}/src\"", ("infra/stacks/src", "infra/src", "src")),
        ("", "os.path.join('src', kwargs['name'])", ()),
        ("", "os.path.join(kwargs['root'])", ()),
        ("", "'a' if kwargs else 'b'", ("infra/stacks/a", "infra/a", "a", "infra/stacks/b", "infra/b", "b")),
    ],
)
def test_the_folder_of_the_code(before: str, path: str, roots: tuple[str, ...]) -> None:
    head = "import os, pathlib\nfrom pathlib import Path\n"
    settings = PLAIN.replace('"src"', path)
    text = f'{head}{before}\nlambda_.Function(self, "F", {settings})'
    # Another file in each folder would narrow these down.
    found = python(text, "infra/stacks/app.py").functions
    known = [root for root in roots if root in ("infra/stacks", "infra", ".")]
    assert [function.code_roots for function in found] == ([tuple(known) or roots] if roots else [])


def test_folders_that_the_project_has_come_alone() -> None:
    found = project(
        {
            "infra/stacks/app.py": f'from aws_cdk import aws_lambda as lambda_\nlambda_.Function(s, "F", {PLAIN})',
            "infra/src/app.py": "def handler(event, context): ...",
        }
    )
    assert only(found).code_roots == ("infra/src",)


@pytest.mark.parametrize(
    ("code", "root"),
    [
        ('lambda_.Code.asset("src")', "src"),
        ('lambda_.AssetCode("src")', "src"),
        ('lambda_.Code.from_asset(path="src")', "src"),
        ('lambda_.Code.from_asset("src", bundling=BundlingOptions(image=x, command=["bash"]))', "src"),
        ('lambda_.Code.from_docker_build("src")', "src"),
        ('lambda_.AssetCode.from_asset("src")', "src"),
    ],
)
def test_every_kind_of_local_code(code: str, root: str) -> None:
    assert function(f'handler="a.b", code={code}').code_roots == (root,)


@pytest.mark.parametrize(
    ("settings", "handler"),
    [
        ('entry="src"', "index.handler"),
        ('entry="src", index="app.py"', "app.handler"),
        ('entry="src", index="api/app.py", handler="main"', "api/app.main"),
        ('entry="src", handler=kwargs["x"]', None),
        ('entry="src", index=kwargs["x"]', None),
        ('index="app.py"', None),
    ],
)
def test_python_functions(settings: str, handler: str | None) -> None:
    found = python(
        "from aws_cdk.aws_lambda_python_alpha import PythonFunction\n"
        f'PythonFunction(self, "F", runtime=lambda_.Runtime.PYTHON_3_12, {settings})'
    )
    assert [(f.handler, f.code_roots) for f in found.functions] == ([(handler, ("src",))] if handler else [])


@pytest.mark.parametrize(
    ("call", "handler"),
    [
        ('DockerImageFunction(self, "F", code=lambda_.DockerImageCode.from_image_asset("img", cmd=["a.b"]))', "a.b"),
        # The image's own command tells it.
        ('DockerImageFunction(self, "F", code=lambda_.DockerImageCode.from_image_asset("img"))', ""),
        (
            'Function(self, "F", code=lambda_.Code.from_asset_image("img", cmd=["a.b"]), '
            "handler=lambda_.Handler.FROM_IMAGE, runtime=lambda_.Runtime.FROM_IMAGE)",
            "a.b",
        ),
        ('DockerImageFunction(self, "F", code=lambda_.DockerImageCode.from_image_asset("img", cmd=kwargs["c"]))', None),
        ('DockerImageFunction(self, "F", code=lambda_.DockerImageCode.from_ecr(repository))', None),
    ],
)
def test_images(call: str, handler: str | None) -> None:
    found = python(f"lambda_.{call}").functions
    assert [(f.handler, f.code_roots, f.runtime) for f in found] == (
        [] if handler is None else [(handler, ("img",), "")]
    )


@pytest.mark.parametrize(
    "text",
    [
        'with open("fns/get.py", encoding="utf8") as stream:\n    text = stream.read()',
        'text = open("fns/get.py").read()',
        'text = open(os.path.join("fns", "get.py")).read().strip()',
        'text = Path("fns/get.py").read_text()',
        'text = (Path("fns") / "get.py").read_text(encoding="utf-8")',
    ],
)
@pytest.mark.parametrize("code", ["lambda_.InlineCode(text)", "lambda_.Code.from_inline(text)"])
def test_inline_code_that_is_the_text_of_a_file(text: str, code: str) -> None:
    found = function(f'handler="index.main", code={code}', f"import os\nfrom pathlib import Path\n{text}")
    assert (found.handler, found.code_roots) == ("get.main", ("fns",))


@pytest.mark.parametrize("path", ['"fns/get.js"', 'kwargs["path"]'])
def test_inline_code_of_an_unknown_file(path: str) -> None:
    code = f"lambda_.Code.from_inline(open({path}).read())"
    assert python(f'lambda_.Function(self, "F", handler="index.main", code={code})').functions == ()


def test_the_low_level_construct_with_an_asset() -> None:
    found = python(
        """\
        from aws_cdk import aws_s3_assets as assets
        asset = assets.Asset(self, "Code", path="src")
        lambda_.CfnFunction(
            self, "F",
            handler="app.handler",
            runtime="python3.12",
            timeout=9,
            code=lambda_.CfnFunction.CodeProperty(s3_bucket=asset.s3_bucket_name, s3_key=asset.s3_object_key),
            environment=lambda_.CfnFunction.EnvironmentProperty(variables={"A": "b"}),
        )
        lambda_.CfnFunction(self, "G", handler="g.handler", code={"zip_file": "..."})
        """
    )
    function = only(found)
    assert (function.handler, function.runtime, function.timeout) == ("app.handler", "python3.12", 9)
    assert (function.code_roots, function.environment) == (("src",), (("A", "b"),))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Duration.seconds(30)", 30),
        ("Duration.minutes(1.5)", 90),
        ("Duration.hours(0)", 0),
        ("core.Duration.seconds(7)", 7),
        ("Duration.seconds(kwargs['t'])", None),
        ("Duration.parse('PT5M')", None),
        ("kwargs['timeout']", None),
        ("None", 3),
    ],
)
def test_durations(value: str, seconds: int | None) -> None:
    assert function(f"{PLAIN}, timeout={value}", "from aws_cdk import core").timeout == seconds


def test_settings_that_only_a_deployment_can_tell() -> None:
    found = function(f"{PLAIN}, **kwargs")
    assert (found.memory, found.timeout, found.environment) == (None, None, ())
    assert function(f"{PLAIN}, memory_size=kwargs['m'] or 512").memory is None
    assert function(f"{PLAIN}, memory_size=True").memory is None


@pytest.mark.parametrize(
    ("value", "runtime"),
    [
        ("lambda_.Runtime.PYTHON_3_9", "python3.9"),
        ('lambda_.Runtime("python3.13")', "python3.13"),
        ("kwargs['runtime']", ""),
        ("lambda_.Runtime.PYTHON_3_9 if kwargs else lambda_.Runtime.PYTHON_3_12", ""),
        ("lambda_.determine_latest_python_runtime(self)", ""),
    ],
)
def test_runtimes(value: str, runtime: str) -> None:
    assert function(PLAIN.replace("lambda_.Runtime.PYTHON_3_12", value)).runtime == runtime


def test_layers() -> None:
    found = function(
        f"{PLAIN}, layers=[shared, deps, imported]",
        """\
from aws_cdk import aws_lambda_python_alpha as python
shared = lambda_.LayerVersion(self, "Shared", code=lambda_.Code.from_asset("layers/shared"))
deps = python.PythonLayerVersion(self, "Deps", entry="layers/deps")
imported = lambda_.LayerVersion.from_layer_version_arn(self, "Other", "arn")
""",
    )
    assert found.layers == ("layers/shared", "layers/deps")


def test_what_is_added_later() -> None:
    found = python(
        f"""\
        fn = lambda_.Function(self, "F", {PLAIN}, environment={{"A": "1"}})
        fn.add_environment("B", "2")
        fn.add_environment("A", kwargs["a"])
        fn.add_layers(lambda_.LayerVersion(self, "L", code=lambda_.Code.from_asset("layer")))
        """
    )
    assert (only(found).environment, only(found).layers) == ((("B", "2"),), ("layer",))


@pytest.mark.parametrize(
    ("value", "variable"),
    [
        ("table.table_name", "ref:T"),
        ("bucket.bucket_name", "ref:B"),
        ('dynamodb.Table.from_table_name(self, "X", "orders").table_name', "orders"),
        ('dynamodb.Table.from_table_arn(self, "X", "arn").table_name', "ref:X"),
        ("table.table_arn", None),
        ("bucket.policy.policy_name", None),
        ("str(5)", "5"),
        ("5", None),
        ("os.environ['X']", None),
        ("os.environ.get('X', 'y')", None),
        ("os.environ.get('X') or 'y'", None),
        ("'y' if os.environ.get('X') else 'z'", None),
        ("'y' if os.environ.get('X') is None else 'z'", None),
        ("'y' if table else 'z'", "y"),
        ("f'{self.stack_name}-orders'", None),
        ("__file__", None),
    ],
)
def test_environment_variables(value: str, variable: str | None) -> None:
    found = function(
        f'{PLAIN}, environment={{"V": {value}}}',
        'import os\ntable = dynamodb.Table(self, "T")\nbucket = s3.Bucket(self, "B")',
    )
    assert found.environment == ((("V", variable),) if variable is not None else ())
