"""Functions of container images: Dockerfiles, and the templates that build them."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from lambdalint.deployment import DeployedFunction, Deployment, read, resolve_handler

BASE = "FROM public.ecr.aws/lambda/python:3.12\n"


def image(text: str, path: str = "Dockerfile") -> Deployment:
    return read({path: dedent(text).encode()})


def function(text: str, path: str = "Dockerfile") -> DeployedFunction:
    found = image(text, path)
    assert found.problems == ()
    (only,) = found.functions
    return only


def test_an_image_of_the_platform() -> None:
    found = function(
        """\
        FROM public.ecr.aws/lambda/python:3.12
        ENV TABLE=orders STAGE=dev
        COPY requirements.txt .
        RUN pip install -r requirements.txt --target "${LAMBDA_TASK_ROOT}"
        COPY src/ ${LAMBDA_TASK_ROOT}
        CMD [ "app.handler" ]
        """,
        "get/Dockerfile",
    )
    assert found == DeployedFunction(
        template="get/Dockerfile",
        line=6,
        name="get",
        handler="app.handler",
        # The build's context may be any folder around the file.
        code_roots=("get/src", "src"),
        runtime="python3.12",
        environment=(("TABLE", "orders"), ("STAGE", "dev")),
    )


@pytest.mark.parametrize(
    "text",
    [
        BASE + 'CMD ["app.handler"]\n',
        BASE + "CMD app.handler\n",
        BASE + "cmd app.handler\n",
        BASE + 'CMD \\\n  # why\n  ["app.handler"]\n',
        BASE + 'CMD ["old.handler"]\nCMD ["app.handler"]\n',
        BASE + 'ENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD ["app.handler"]\n',
        'FROM python:3.12\nCMD ["/usr/bin/python3", "-m", "awslambdaric", "app.handler"]\n',
        'FROM python:3.12\nENTRYPOINT ["python", "-m", "awslambdaric", "app.handler"]\n',
        'FROM python:3.12\nRUN pip install awslambdaric\nENTRYPOINT ["/entry.sh"]\nCMD ["app.handler"]\n',
        'ARG V=3.12\nFROM public.ecr.aws/lambda/python:${V}\nCMD ["app.handler"]\n',
        'FROM --platform=linux/amd64 amazon/aws-lambda-python:3.12\nCMD ["app.handler"]\n',
        BASE.replace("\n", " AS base\n") + 'FROM base\nCMD ["app.handler"]\n',
        BASE.replace("\n", " AS base\n") + 'CMD ["app.handler"]\nFROM base AS final\n',
        "\ufeff# syntax=docker/dockerfile:1\r\n" + BASE.replace("\n", "\r\n") + 'CMD ["app.handler"]\r\n',
    ],
)
def test_commands_of_other_forms(text: str) -> None:
    assert function(text).handler == "app.handler"


@pytest.mark.parametrize(
    "text",
    [
        "FROM public.ecr.aws/lambda/nodejs:20\nCMD ['index.handler']\n",
        'FROM public.ecr.aws/lambda/nodejs:20\nCMD ["index.handler"]\n',
        'FROM python:3.12\nCMD ["app.handler"]\n# no lambda\n',
        BASE,
        BASE + 'CMD ["main.py"]\n',
        BASE + 'CMD ["python", "app.py"]\n',
        BASE + 'CMD ["${HANDLER}"]\n',
        BASE + "CMD [broken\n",
        BASE + "FROM python:3.12\nCMD app.handler\n",
        "FROM python:3.12\nRUN pip install awslambdaric\nENTRYPOINT python -m awslambdaric\n",
        "CMD lambda.handler\n",
    ],
)
def test_what_is_no_python_function_is_left_out(text: str) -> None:
    assert image(text) == Deployment()


@pytest.mark.parametrize(
    ("copies", "files", "file"),
    [
        ("COPY app.py ${LAMBDA_TASK_ROOT}", {"app.py"}, "app.py"),
        ("COPY app.py $LAMBDA_TASK_ROOT/", {"app.py"}, "app.py"),
        ("COPY src/app.py ./", {"src/app.py"}, "src/app.py"),
        ("COPY --chown=a:b . .", {"app.py"}, "app.py"),
        ("COPY ./src .", {"src/app.py"}, "src/app.py"),
        ("COPY src/*.py /var/task/", {"src/app.py"}, "src/app.py"),
        ('COPY ["src", "/var/task"]', {"src/app.py"}, "src/app.py"),
        ("COPY main.py ${LAMBDA_TASK_ROOT}/app.py", {"main.py", "app.py"}, "main.py"),
        ("ADD src/other.py \\\n  src/app.py ./", {"src/app.py"}, "src/app.py"),
        ("WORKDIR /tmp\nCOPY src ${LAMBDA_TASK_ROOT:-/var/task}", {"src/app.py"}, "src/app.py"),
        ("ARG D=src\nCOPY ${D} .", {"src/app.py"}, "src/app.py"),
        ("COPY src /opt/code", {"src/app.py"}, None),
        ("COPY ${UNSET} .", {"app.py"}, None),
        ("COPY --from=other src .", {"src/app.py"}, None),
        ("COPY ../outside .", {"app.py"}, None),
    ],
)
def test_the_task_root_holds_what_is_copied_there(copies: str, files: set[str], file: str | None) -> None:
    found = resolve_handler(function(f'{BASE}{copies}\nCMD ["app.handler"]\n'), files.__contains__)
    assert found == (None if file is None else (file, "handler"))


@pytest.mark.parametrize(
    ("copies", "file"),
    [
        ("COPY lib/pkg ${LAMBDA_TASK_ROOT}/pkg", "lib/pkg/app.py"),
        ("COPY code ${LAMBDA_TASK_ROOT}/pkg", "code/app.py"),
        ("COPY lib ${LAMBDA_TASK_ROOT}", "lib/pkg/app.py"),
    ],
)
def test_a_package_below_the_task_root(copies: str, file: str) -> None:
    found = function(f'{BASE}{copies}\nCMD ["pkg.app.handler"]\n')
    assert resolve_handler(found, {"lib/pkg/app.py", "code/app.py"}.__contains__) == (file, "handler")


def test_code_goes_through_several_stages() -> None:
    found = function("""\
        ARG FUNCTION_DIR="/function"
        FROM python:3.12 AS build
        ARG FUNCTION_DIR
        RUN pip install awslambdaric --target ${FUNCTION_DIR}
        COPY src/ ${FUNCTION_DIR}/code

        FROM python:3.12-slim
        ARG FUNCTION_DIR
        WORKDIR ${FUNCTION_DIR}
        COPY --from=build ${FUNCTION_DIR}/code ${FUNCTION_DIR}
        ENTRYPOINT ["/usr/local/bin/python", "-m", "awslambdaric"]
        CMD ["app.handler"]
        """)
    assert (found.code_roots, found.handler, found.line, found.runtime) == (("src",), "app.handler", 12, "")


def test_a_custom_images_code_is_in_its_working_folder() -> None:
    found = function("""\
        FROM python:3.12
        RUN pip install awslambdaric
        COPY lib /elsewhere
        WORKDIR /srv
        COPY src .
        CMD ["python", "-m", "awslambdaric", "app.handler"]
        """)
    assert found.code_roots == ("src",)


def test_broken_and_hostile_files() -> None:
    good = BASE + 'COPY src .\nCMD ["app.handler"]\n'
    for end in range(len(good)):
        image(good[:end])
    assert image(BASE + "COPY " + "[" * 50_000 + '\nCMD ["app.handler"]\n').problems == ()
    doubled = "".join(f"ENV A{i + 1}=${{A{i}}}${{A{i}}}\n" for i in range(60))
    stages = "".join(f"FROM s{i} AS s{i + 1}\nCOPY --from=s{i} / /\nCOPY x.py /\n" for i in range(40))
    found = function(f'FROM python AS s0\n{stages}{BASE}ENV A0=ab\n{doubled}CMD ["app.handler"]\n')
    assert max(len(value) for _, value in found.environment) <= 4096


# Templates

TEMPLATE = """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: ./images, Dockerfile: Dockerfile.get, DockerTag: v1}
    Properties:
      PackageType: Image
      MemorySize: 512
"""


def from_template(more: str = "", dockerfile: str = 'COPY get/ ./\nCMD ["app.handler"]\n') -> list[DeployedFunction]:
    files = {
        "infra/t.yaml": (TEMPLATE + indent(more, "      ")).encode(),
        "infra/images/Dockerfile.get": (BASE + dockerfile).encode(),
    }
    return [f for f in read(files).functions if f.name == "F"]


def test_a_template_takes_the_images_own_command() -> None:
    (found,) = from_template()
    assert (found.template, found.line, found.handler) == ("infra/images/Dockerfile.get", 3, "app.handler")
    assert (found.memory, found.runtime) == (512, "python3.12")
    assert found.code_roots == ("infra/images/get", "infra/images", "infra")


def test_a_template_may_override_the_command() -> None:
    (found,) = from_template("ImageConfig:\n  Command:\n    - other.handler\n")
    assert (found.template, found.line, found.handler) == ("infra/t.yaml", 10, "other.handler")
    assert found.code_roots[0] == "infra/images/get"


def test_an_image_of_another_language_has_no_function() -> None:
    assert from_template(dockerfile='FROM node\nCMD ["index.handler"]\n') == []


def test_the_template_speaks_first() -> None:
    files = {
        "infra/t.yaml": TEMPLATE.encode(),
        "infra/images/Dockerfile.get": (BASE + 'COPY get/ ./\nCMD ["app.handler"]\n').encode(),
    }
    assert [f.memory for f in read(files).functions] == [512, None]


SERVICE = """\
service: shop
provider:
  name: aws
  ecr:
    images:
      main: {path: ./images, file: Dockerfile.get}
functions:
  F:
    image: IMAGE
"""


@pytest.mark.parametrize(
    ("image", "template", "line", "handler"),
    [
        ("main", "api/images/Dockerfile.get", 3, "app.handler"),
        ("{name: main}", "api/images/Dockerfile.get", 3, "app.handler"),
        ("{name: main, command: [other.handler]}", "api/serverless.yml", 9, "other.handler"),
    ],
)
def test_a_service_of_images(image: str, template: str, line: int, handler: str) -> None:
    files = {
        "api/serverless.yml": SERVICE.replace("IMAGE", image).encode(),
        "api/images/Dockerfile.get": (BASE + 'COPY get/ ./\nCMD ["app.handler"]\n').encode(),
    }
    (found,) = [f for f in read(files).functions if f.name == "F"]
    assert (found.template, found.line, found.handler) == (template, line, handler)
    assert found.code_roots == ("api/images/get", "api")


@pytest.mark.parametrize("image", ["other", "{uri: x}", "[]", "~", "{command: [app.handler, x]}"])
def test_an_image_that_is_built_elsewhere(image: str) -> None:
    found = read({"api/serverless.yml": SERVICE.replace("IMAGE", image).encode()}).functions
    assert [f.handler for f in found] == (["app.handler"] if "command" in image else [])
