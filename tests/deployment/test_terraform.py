"""Functions and tables of Terraform."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lambdalint.deployment import DeployedFunction, DeployedIndex, DeployedTable, Deployment, read
from lambdalint.deployment.model import Rights


def terraform(text: str, path: str = "infra/main.tf", **others: str) -> Deployment:
    """What a file says, with `others` of the same project: `variables="…"` stands beside it."""
    folder = path.rpartition("/")[0]
    files = {path: dedent(text).encode()}
    for name, other in others.items():
        files[f"{folder}/{name}.tf".lstrip("/")] = dedent(other).encode()
    return read(files)


def function(settings: str, rest: str = "", path: str = "infra/main.tf") -> DeployedFunction:
    """The only function of a module, whose resource has `settings`."""
    body = "\n  ".join(dedent(settings).strip().splitlines())
    found = terraform(f'resource "aws_lambda_function" "f" {{\n  {body}\n}}\n{dedent(rest)}', path)
    assert found.problems == ()
    (only,) = found.functions
    return only


USUAL = 'handler = "app.handler"\nruntime = "python3.12"'


def test_a_function_with_its_archive() -> None:
    found = terraform(
        """\
        data "archive_file" "code" {
          type        = "zip"
          source_dir  = "${path.module}/../src/get"
          output_path = "${path.module}/build/get.zip"
        }

        resource "aws_lambda_function" "get" {
          function_name    = "get-${var.stage}"
          filename         = data.archive_file.code.output_path
          handler          = "app.handler"
          runtime          = "python3.12"
          memory_size      = 512
          timeout          = "30"
          layers           = [aws_lambda_layer_version.shared.arn, var.other]
          snap_start {
            apply_on = "PublishedVersions"
          }
          environment {
            variables = {
              STAGE = var.stage
              TABLE = aws_dynamodb_table.orders.name
              ARN   = aws_dynamodb_table.orders.arn
            }
          }
        }

        resource "aws_lambda_layer_version" "shared" {
          filename = data.archive_file.layer.output_path
        }

        data "archive_file" "layer" {
          source_dir  = "${path.module}/layer"
          output_path = "layer.zip"
        }
        """,
        variables='variable "stage" {\n  default = "dev"\n}\n',
    )
    assert found.functions == (
        DeployedFunction(
            template="infra/main.tf",
            line=10,
            name="get",
            handler="app.handler",
            code_roots=("src/get",),
            runtime="python3.12",
            memory=512,
            timeout=30,
            snap_start=True,
            layers=("infra/layer",),
            environment=(("STAGE", "dev"), ("TABLE", "ref:orders")),
            artifact="infra/build/get.zip",
        ),
    )


def test_the_platforms_defaults() -> None:
    plain = function(USUAL)
    assert (plain.memory, plain.timeout, plain.snap_start, plain.provisioned) == (128, 3, False, False)
    assert (plain.code_roots, plain.layers, plain.environment, plain.sources) == ((), (), (), ())


@pytest.mark.parametrize(
    ("value", "memory"),
    [
        ("512", 512),
        ('"512"', 512),
        ("var.size", 256),
        ("local.size", 1024),
        ('local.sizes["big"]', 2048),
        ("local.sizes.big", 2048),
        ('var.stage == "dev" ? 128 : 1024', 128),
        ('var.stage != "dev" ? 128 : 1024', 1024),
        ("lookup(local.sizes, var.stage, 1)", None),
        ("var.unset ? 256 : 256", 256),
        ("var.unset ? 256 : 512", None),
        ("var.unset", None),
        ("var.missing", None),
        ("local.loop", None),
        ("data.aws_ssm_parameter.size.value", None),
        ("2 * 256", None),
        ("(512)", 512),
        ("tonumber(var.size)", 256),
        ("coalesce(local.size, 1)", 1024),
        ("true", None),
        ("length(local.names) == 2 ? 640 : 128", 640),
        ('{ for name in local.names : name => 300 }["a"]', 300),
        ("[for name in local.names : 200][1]", 200),
        ("[for size in values(local.sizes) : size if size == 2048][0]", 2048),
        ("[for size in var.unset : size][0]", None),
        ("[for a in local.names : [for b in local.names : 200][0]][0]", None),
        ("merge(local.sizes, { big = 4096 }).big", 4096),
        ("merge({ big = 4096 }, var.unset).big", None),
    ],
)
def test_values_of_other_forms(value: str, memory: int | None) -> None:
    rest = """\
    variable "size" { default = 256 }
    variable "stage" { default = "dev" }
    variable "unset" {}
    locals {
      size  = 1024
      sizes = { small = 128, big = 2048 }
      names = ["a", "b"]
      loop  = local.loop
    }
    """
    assert function(f"{USUAL}\nmemory_size = {value}", rest).memory == memory


@pytest.mark.parametrize(
    ("value", "handler"),
    [
        ('"src/app.handler"', "src/app.handler"),
        ('"${local.name}.handler"', "app.handler"),
        ('join(".", [local.name, "run"])', "app.run"),
        ('format("%s.%s", local.name, "run")', "app.run"),
        ('replace("app-x", "-x", ".run")', "app.run"),
        ('"a\\"b.handler"', 'a"b.handler'),
        ('"$${x}.handler"', "${x}.handler"),
    ],
)
def test_handlers_of_other_forms(value: str, handler: str) -> None:
    assert function(f"handler = {value}", 'locals {\n  name = "app"\n}\n').handler == handler


@pytest.mark.parametrize(
    "settings",
    [
        'handler = "index.handler"\nruntime = "nodejs20.x"',
        'handler = "Pkg::Class::Method"',
        'handler = "two words"',
        "handler = var.unset",
        "handler = null",
        'handler = "${var.unset}.handler"',
        'runtime = "python3.12"',
        'handler = "app.handler"\ncount = 0',
        "handler = each.value.handler\nfor_each = var.unset",
        "handler = <<EOT\napp.handler\nEOT",
        'image_uri = "x:latest"\npackage_type = "Image"',
    ],
)
def test_what_is_no_python_function_is_left_out(settings: str) -> None:
    found = terraform(f'resource "aws_lambda_function" "f" {{\n{settings}\n}}\n')
    assert found == Deployment()


def test_an_images_command_is_a_handler() -> None:
    found = function('image_uri = "x:1"\nimage_config {\n  command = ["app.handler"]\n}')
    assert (found.handler, found.line, found.artifact) == ("app.handler", 4, "x:1")


# Where the code is


@pytest.mark.parametrize(
    ("source", "roots", "moved"),
    [
        ('source_dir = "${path.module}/src"', ("infra/src",), ()),
        ('source_dir = "../src"', ("src",), ()),
        ('source_dir = "${path.root}/src"', ("infra/src",), ()),
        ('source_dir = abspath("${path.module}/../src")', ("src",), ()),
        ('source_file = "${path.module}/src/app.py"', ("infra/src",), ()),
        ('source_dir = "../../outside"', (), ()),
        ("source_dir = var.unset", (), ()),
        (
            'source {\n content = file("${path.module}/code.py")\n filename = "app.py"\n}',
            (),
            (("app.py", "infra/code.py"),),
        ),
        (
            'source {\n content = file("../lib/pkg/app.py")\n filename = "pkg/app.py"\n}',
            ("lib",),
            (("pkg/app.py", "lib/pkg/app.py"),),
        ),
        ('source {\n content = "x = 1"\n filename = "app.py"\n}', (), ()),
    ],
)
def test_archives(source: str, roots: tuple[str, ...], moved: tuple[tuple[str, str], ...]) -> None:
    rest = f'data "archive_file" "code" {{\n output_path = "${{path.module}}/x.zip"\n{source}\n}}\n'
    for package in (
        "filename = data.archive_file.code.output_path",
        'filename = "x.zip"',
        "filename = var.unset\nsource_code_hash = data.archive_file.code.output_base64sha256",
    ):
        found = function(f"{USUAL}\n{package}", rest)
        assert (found.code_roots, found.moved) == (roots, moved), package


def test_an_uploaded_archive() -> None:
    rest = """\
    resource "aws_s3_object" "code" {
      key    = "code.zip"
      source = data.archive_file.code.output_path
    }
    data "archive_file" "code" {
      source_dir  = "src"
      output_path = "x.zip"
    }
    """
    assert function(f"{USUAL}\ns3_key = aws_s3_object.code.key", rest).code_roots == ("infra/src",)


@pytest.mark.parametrize(
    ("settings", "artifact"),
    [
        ('filename = "${path.module}/../build/get.zip"', "build/get.zip"),
        ('filename = "build/get.zip"', "build/get.zip"),
        ('s3_key = "code/get.zip"', "code/get.zip"),
        ("filename = var.unset", ""),
    ],
)
def test_a_package_that_is_built_elsewhere(settings: str, artifact: str) -> None:
    found = function(f"{USUAL}\n{settings}")
    assert (found.code_roots, found.artifact) == ((), artifact)


# Several from one block


def test_one_function_per_element() -> None:
    found = terraform("""\
    locals {
      functions = {
        get = { handler = "get.handler", memory = 256 }
        put = { handler = "put.handler", memory = var.unset }
        bad = { memory = 1 }
      }
    }
    resource "aws_lambda_function" "all" {
      for_each    = local.functions
      filename    = data.archive_file.all[each.key].output_path
      handler     = each.value.handler
      memory_size = each.value.memory
    }
    data "archive_file" "all" {
      for_each    = local.functions
      source_dir  = "src/${each.key}"
      output_path = "${each.key}.zip"
    }
    """)
    assert [(f.name, f.handler, f.memory, f.code_roots, f.line) for f in found.functions] == [
        ('all["get"]', "get.handler", 256, ("infra/src/get",), 11),
        ('all["put"]', "put.handler", None, ("infra/src/put",), 11),
    ]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('for_each = toset(["a", "b"])\nhandler = "${each.key}.f"', ["a.f", "b.f"]),
        ('for_each = { for n in ["a", "b"] : n => "${n}.f" }\nhandler = each.value', ["a.f", "b.f"]),
        ('for_each = data.archive_file.some\nhandler = "${each.key}.f"', ["x.f", "y.f"]),
        ('count = 2\nhandler = "${["a", "b"][count.index]}.f"', ["a.f", "b.f"]),
        ('count = 1\nhandler = "app.f"', ["app.f"]),
        ('count = var.unset ? 1 : 0\nhandler = "app.f"', ["app.f"]),
        ('for_each = var.unset\nhandler = "app.f"', ["app.f"]),
    ],
)
def test_elements_of_other_forms(head: str, names: list[str]) -> None:
    found = terraform(
        f'resource "aws_lambda_function" "f" {{\n{head}\n}}\n'
        'data "archive_file" "some" {\n for_each = toset(["x", "y"])\n}\n'
    )
    assert [f.handler for f in found.functions] == names


# Modules


def test_a_local_module_gets_its_callers_values() -> None:
    files = {
        "infra/main.tf": """\
        module "get" {
          source  = "./modules/function"
          handler = "get.handler"
          source_dir = "../src"
          memory  = 512
        }
        module "put" {
          source  = "./modules/function"
          handler = local.handler
        }
        locals {
          handler = "put.handler"
        }
        """,
        "infra/modules/function/main.tf": """\
        variable "handler" {}
        variable "source_dir" { default = "code" }
        variable "memory" { default = 128 }
        resource "aws_lambda_function" "this" {
          handler     = var.handler
          memory_size = var.memory
          filename    = data.archive_file.this.output_path
        }
        data "archive_file" "this" {
          source_dir  = var.source_dir
          output_path = "${path.module}/x.zip"
        }
        """,
    }
    found = read({path: dedent(text).encode() for path, text in files.items()})
    assert [(f.name, f.handler, f.memory, f.template, f.line, f.code_roots) for f in found.functions] == [
        ("get.this", "get.handler", 512, "infra/main.tf", 3, ("src",)),
        # A relative path starts where Terraform runs, also inside of a module.
        ("put.this", "put.handler", 128, "infra/main.tf", 9, ("infra/code",)),
    ]


def test_a_caller_may_hand_over_its_own_archive() -> None:
    files = {
        "main.tf": """\
        module "get" {
          source  = "./function"
          package = data.archive_file.code.output_path
          layers  = [aws_lambda_layer_version.shared.arn]
        }
        data "archive_file" "code" {
          source_dir  = "src"
          output_path = "x.zip"
        }
        resource "aws_lambda_layer_version" "shared" {
          filename = data.archive_file.layer.output_path
        }
        data "archive_file" "layer" {
          source_dir = "layer"
        }
        """,
        "function/main.tf": """\
        resource "aws_lambda_function" "this" {
          handler  = "app.handler"
          filename = var.package
          layers   = var.layers
        }
        data "archive_file" "code" {
          source_dir = "wrong"
        }
        """,
    }
    (found,) = read({path: dedent(text).encode() for path, text in files.items()}).functions
    assert (found.code_roots, found.layers) == (("src",), ("layer",))


def test_a_module_without_its_handler_is_passed_over() -> None:
    module = 'variable "handler" {}\nresource "aws_lambda_function" "f" {\n  handler = var.handler\n}\n'
    assert read({"modules/f/main.tf": module.encode()}) == Deployment()


def test_modules_that_call_each_other_end() -> None:
    text = 'module "x" {\n  source = "../%s"\n}\n' + f'resource "aws_lambda_function" "f" {{\n{USUAL}\n}}\n'
    found = read({"a/m.tf": (text % "b").encode(), "b/m.tf": (text % "a").encode()})
    assert {f.handler for f in found.functions} == {"app.handler"}


def test_the_communitys_module() -> None:
    found = terraform("""\
    module "get" {
      source                            = "terraform-aws-modules/lambda/aws"
      handler                           = "app.handler"
      runtime                           = "python3.12"
      source_path                       = "../src/get"
      memory_size                       = 1024
      timeout                           = 20
      snap_start                        = true
      provisioned_concurrent_executions = 2
      layers                            = [module.layer.lambda_layer_arn]
      environment_variables             = { A = "b" }
    }
    module "layer" {
      source          = "terraform-aws-modules/lambda/aws"
      create_layer    = true
      create_function = false
      source_path     = "layer"
    }
    """)
    assert found.functions == (
        DeployedFunction(
            template="infra/main.tf",
            line=3,
            name="get",
            handler="app.handler",
            code_roots=("src/get",),
            runtime="python3.12",
            memory=1024,
            timeout=20,
            snap_start=True,
            provisioned=True,
            layers=("infra/layer",),
            environment=(("A", "b"),),
            rights=Rights(complete=True),
        ),
    )


@pytest.mark.parametrize(
    ("source_path", "roots", "moved"),
    [
        ('["src", "../lib"]', ("infra/src", "lib"), ()),
        ('"src/app.py"', ("infra/src",), ()),
        ('[{ path = "src" }, { path = "../lib", prefix_in_zip = "lib" }]', ("infra/src",), (("lib", "lib"),)),
        ("var.unset", (), ()),
    ],
)
def test_the_communitys_source_paths(
    source_path: str, roots: tuple[str, ...], moved: tuple[tuple[str, str], ...]
) -> None:
    found = terraform(
        'module "f" {\n source = "terraform-aws-modules/lambda/aws"\n handler = "app.handler"\n'
        f" source_path = {source_path}\n}}\n"
    )
    assert [(f.code_roots, f.moved) for f in found.functions] == [(roots, moved)]


def test_values_that_terraform_loads_by_itself() -> None:
    text = (
        'variable "m" { default = 1 }\n' + f'resource "aws_lambda_function" "f" {{\n{USUAL}\nmemory_size = var.m\n}}\n'
    )
    for name, memory in (("terraform.tfvars", 512), ("x.auto.tfvars", 512), ("other.tfvars", 1)):
        (only,) = read({"main.tf": text.encode(), name: b"m = 512\n"}).functions
        assert only.memory == memory, name


# Who uses a function

SCHEDULE = """\
resource "aws_cloudwatch_event_rule" "daily" {
  schedule_expression = "rate(1 day)"
}
resource "aws_cloudwatch_event_target" "daily" {
  rule = aws_cloudwatch_event_rule.daily.name
  arn  = aws_lambda_function.f.arn
}
resource "aws_lambda_permission" "daily" {
  function_name = aws_lambda_function.f.function_name
  principal     = "events.amazonaws.com"
}
resource "aws_cloudwatch_log_group" "logs" {
  name = "/aws/lambda/${aws_lambda_function.f.function_name}"
}
"""


def test_a_function_that_only_a_schedule_calls() -> None:
    found = function(USUAL, SCHEDULE)
    assert (found.sources, found.scheduled) == (("schedule",), True)
    by_scheduler = 'resource "aws_scheduler_schedule" "s" {\n target {\n arn = aws_lambda_function.f.arn\n}\n}\n'
    assert function(USUAL, by_scheduler).scheduled


@pytest.mark.parametrize(
    ("rest", "sources"),
    [
        (SCHEDULE.replace("schedule_expression", "event_pattern"), ("event",)),
        (
            SCHEDULE + 'resource "aws_lambda_permission" "api" {\n function_name = aws_lambda_function.f.arn\n'
            ' principal = "apigateway.amazonaws.com"\n}\n',
            ("schedule", "apigateway"),
        ),
        (
            'resource "aws_lambda_alias" "live" {\n function_name = aws_lambda_function.f.arn\n}\n'
            'resource "aws_lambda_event_source_mapping" "q" {\n function_name = aws_lambda_alias.live.arn\n}\n',
            ("aws_lambda_event_source_mapping",),
        ),
        (SCHEDULE + 'module "m" {\n x = aws_lambda_function.f.arn\n}\n', ("schedule", "module")),
    ],
)
def test_what_else_calls_a_function(rest: str, sources: tuple[str, ...]) -> None:
    found = function(USUAL, rest)
    assert (found.sources, found.scheduled) == (sources, False)


def test_an_elements_sources_are_not_known() -> None:
    found = function(f'{USUAL}\nfor_each = toset(["a"])', SCHEDULE)
    assert (found.name, found.sources) == ('f["a"]', ())


def test_provisioned_concurrency_and_rotation() -> None:
    kept = (
        'resource "aws_lambda_provisioned_concurrency_config" "c" {\n function_name = aws_lambda_function.f.arn\n%s}\n'
    )
    assert function(USUAL, kept % " provisioned_concurrent_executions = 2\n").provisioned
    assert not function(USUAL, kept % " provisioned_concurrent_executions = 0\n").provisioned
    rotated = (
        'resource "aws_secretsmanager_secret_rotation" "r" {\n rotation_lambda_arn = aws_lambda_function.f.arn\n}\n'
    )
    assert function(USUAL, rotated).rotation
    assert not function(USUAL, rotated.replace("aws_lambda_function.f", "aws_lambda_function.g")).rotation


# Tables


def test_a_table_with_its_indexes() -> None:
    found = terraform("""\
    resource "aws_dynamodb_table" "orders" {
      name      = "${var.stage}-orders"
      hash_key  = "pk"
      range_key = "at"
      attribute {
        name = "pk"
        type = "S"
      }
      attribute {
        name = "at"
        type = "N"
      }
      global_secondary_index {
        name               = "by-time"
        hash_key           = "at"
        projection_type    = "INCLUDE"
        non_key_attributes = ["total"]
      }
      local_secondary_index {
        name            = "local"
        range_key       = "at"
        projection_type = "KEYS_ONLY"
      }
    }
    variable "stage" { default = "dev" }
    """)
    assert found.tables == (
        DeployedTable(
            template="infra/main.tf",
            line=1,
            name="orders",
            table_name="dev-orders",
            hash_key="pk",
            range_key="at",
            indexes=(
                DeployedIndex("by-time", "at", None, "INCLUDE", ("total",)),
                DeployedIndex("local", "pk", "at", "KEYS_ONLY"),
            ),
            key_types=(("pk", "S"), ("at", "N")),
        ),
    )


def test_a_table_whose_name_isnt_known() -> None:
    (table,) = terraform('resource "aws_dynamodb_table" "t" {\n name = "${var.x}-t"\n}\n').tables
    assert (table.table_name, table.hash_key, table.range_key) == ("", "", None)


# Broken and hostile text

GOOD = f'resource "aws_lambda_function" "f" {{\n{USUAL}\n}}\n'


def test_a_break_leaves_the_other_blocks() -> None:
    found = terraform(f'resource "aws_sns_topic" "t" {{\n  name = = "x"\n}}\n\n{GOOD}')
    assert [f.handler for f in found.functions] == ["app.handler"]
    assert [(p.path, p.line, p.reason) for p in found.problems] == [("infra/main.tf", 2, "it isn't valid Terraform")]


@pytest.mark.parametrize(
    "around",
    [
        "/* off\n%s*/\n",
        'resource "x" "y" {\n  text = <<EOT\n%sEOT\n}\n',
        'resource "x" "y" {\n  text = <<-EOT\n%s  EOT\n}\n',
        'resource "x" "y" { # it\'s "one\n}\n/* %s */\n',
        'resource "x" "y" {\n  a = "/*"\n}\n%sresource "x" "z" {\n  a = "*/"\n}\n',
    ],
)
def test_blocks_in_comments_and_documents_are_none(around: str) -> None:
    other = GOOD.replace('"f"', '"g"')
    found = terraform(around % other + GOOD)
    assert found.problems == ()
    # A comment's marks inside of a text are no comment.
    assert [f.name for f in found.functions] == (["g", "f"] if '"/*"' in around else ["f"])


def test_broken_files_without_functions_are_passed_over() -> None:
    assert terraform(GOOD, other='resource "aws_sns_topic" "t" {\n  name = = "x"\n').problems == ()


def test_a_text_may_end_anywhere() -> None:
    for end in range(len(GOOD)):
        terraform(GOOD[:end])


@pytest.mark.parametrize(
    "setting",
    [
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "(" * 3000 + ")" * 3000,
        "memory_size = " + "merge(" * 2000 + ")" * 2000,
        'memory_size = "' + '${"' * 2000 + '"}' * 2000 + '"',
        "a {\n" * 2000 + "}\n" * 2000,
    ],
)
def test_deep_nesting_is_no_overflow(setting: str) -> None:
    found = terraform(GOOD + f'resource "aws_lambda_function" "g" {{\n{setting}\n{USUAL}\n}}\n')
    assert {f.name for f in found.functions} >= {"f"}


def test_values_that_grow_stay_small() -> None:
    doubled = "".join(f'  a{i + 1} = "${{local.a{i}}}${{local.a{i}}}"\n' for i in range(40))
    listed = "".join(f"  b{i + 1} = [local.b{i}, local.b{i}]\n" for i in range(40))
    rest = f'locals {{\n  a0 = "x"\n  b0 = ["x"]\n{doubled}{listed}}}\n'
    found = function(
        f"{USUAL}\nfilename = local.a40\nlayers = local.b40\nmemory_size = var.x ? local.b40 : local.b39", rest
    )
    assert (found.artifact, found.memory) == ("", None)


def test_broken_text_is_given_up_early() -> None:
    # Read in one piece, this would take the grammar minutes.
    found = terraform(GOOD + 'resource "x" "y" {\n' + "a = \n" * 100_000)
    assert [f.handler for f in found.functions] == ["app.handler"]
