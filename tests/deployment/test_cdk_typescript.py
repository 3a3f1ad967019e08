"""Functions of CDK programs in TypeScript and JavaScript."""

from __future__ import annotations

import pytest
from programs import only, program, typescript

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.model import Rights

PLAIN = "runtime: lambda.Runtime.PYTHON_3_12, handler: 'app.handler', code: lambda.Code.fromAsset('src')"


def function(settings: str, before: str = "", path: str = "app.ts") -> DeployedFunction:
    return only(typescript(f"{before}\nnew lambda.Function(this, 'F', {{ {settings} }});", path))


def test_a_function_with_all_its_settings() -> None:
    found = typescript(
        """\
        const table = new dynamodb.Table(this, 'Orders', { partitionKey: { name: 'pk', type: X } });
        const layer = new lambda.LayerVersion(this, 'L', { code: lambda.Code.fromAsset('layer') });
        const fn = new lambda.Function(this, 'Get', {
          runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'app.handler',
          code: lambda.Code.fromAsset(path.join(__dirname, '../src/get'), { bundling: {} }),
          memorySize: 512,
          timeout: Duration.minutes(2),
          environment: { TABLE: table.tableName, STAGE: 'dev', REGION: this.region },
          snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
          layers: [layer],
        });
        """,
        "infra/lib/app.ts",
    )
    assert found.functions == (
        DeployedFunction(
            template="infra/lib/app.ts",
            line=13,
            name="Get",
            handler="app.handler",
            code_roots=("infra/src/get",),
            runtime="python3.12",
            memory=512,
            timeout=120,
            snap_start=True,
            layers=("infra/lib/layer", "infra/layer", "layer"),
            foreign_layers=True,
            located=True,
            environment=(("TABLE", "ref:Orders"), ("STAGE", "dev")),
            rights=Rights(complete=True),
        ),
    )


@pytest.mark.parametrize(
    ("imports", "callee"),
    [
        ("import * as lambda from 'aws-cdk-lib/aws-lambda';", "lambda.Function"),
        ("import * as lambda from '@aws-cdk/aws-lambda';", "lambda.Function"),
        ("import lambda = require('@aws-cdk/aws-lambda');", "lambda.Function"),
        ("import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';", "Function"),
        ("import { Function as Fn } from 'aws-cdk-lib/aws-lambda';", "Fn"),
        ("import { aws_lambda as lambda_ } from 'aws-cdk-lib';", "lambda_.Function"),
        ("import * as cdk from 'aws-cdk-lib';", "cdk.aws_lambda.Function"),
        ("const lambda = require('@aws-cdk/aws-lambda');", "lambda.Function"),
        ("const { Function: Fn } = require('aws-cdk-lib/aws-lambda');", "Fn"),
        ("const cdk = require('aws-cdk-lib'); const { aws_lambda: l } = cdk;", "l.Function"),
    ],
)
@pytest.mark.parametrize("path", ["app.ts", "app.js"])
def test_every_way_to_import_it(imports: str, callee: str, path: str) -> None:
    text = f"""
    import {{ Code }} from 'aws-cdk-lib/aws-lambda';
    {imports}
    new {callee}(stack, 'F', {{ handler: 'a.b', code: Code.fromAsset('src') }});
    """
    assert only(program(path, text.encode())).handler == "a.b"


@pytest.mark.parametrize(
    "settings",
    [
        PLAIN.replace("PYTHON_3_12", "NODEJS_20_X"),
        PLAIN.replace("'app.handler'", "props.handler"),
        PLAIN.replace("'app.handler'", "`${props.name}.handler`"),
        PLAIN.replace("fromAsset('src')", "fromInline('def handler(event, context): ...')"),
        PLAIN.replace("fromAsset('src')", "fromBucket(bucket, 'key')"),
        PLAIN.replace("fromAsset('src')", "fromAsset(props.folder)"),
        f"{PLAIN}, ...props",
        "...props",
    ],
)
def test_what_cannot_be_told_is_no_function(settings: str) -> None:
    assert typescript(f"new lambda.Function(this, 'F', {{ {settings} }});").functions == ()


@pytest.mark.parametrize(
    ("path", "roots"),
    [
        ("'src'", ("infra/lib/src", "infra/src", "src")),
        ("path.join(__dirname, '..', 'src')", ("infra/src",)),
        ("path.join(__dirname, '/../src')", ("infra/src",)),
        ("path.resolve(__dirname, '../../src')", ("src",)),
        ("path.join(path.dirname(__filename), 'src')", ("infra/lib/src",)),
        ("path.join(path.dirname(fileURLToPath(import.meta.url)), 'src')", ("infra/lib/src",)),
        ("path.join(import.meta.dirname, 'src')", ("infra/lib/src",)),
        ("`${__dirname}/../src`", ("infra/src",)),
        ("__dirname + '/../src'", ("infra/src",)),
        ("path.join(process.cwd(), 'src')", ("infra/lib/src", "infra/src", "src")),
        ("path.join(props.root, 'src')", ("infra/lib/src", "infra/src", "src")),
        ("path.resolve('/abs', 'src')", ()),
    ],
)
def test_the_folder_of_the_code(path: str, roots: tuple[str, ...]) -> None:
    settings = PLAIN.replace("'src'", path)
    found = typescript(f"new lambda.Function(this, 'F', {{ {settings} }});", "infra/lib/app.ts").functions
    assert [function.code_roots for function in found] == ([roots] if roots else [])


def test_python_functions() -> None:
    found = program(
        "app.ts",
        b"""
        import { PythonFunction, PythonLayerVersion } from '@aws-cdk/aws-lambda-python-alpha';
        import { Runtime } from 'aws-cdk-lib/aws-lambda';
        const deps = new PythonLayerVersion(stack, 'Deps', { entry: 'deps' });
        new PythonFunction(stack, 'F', { entry: 'src', index: 'api/app.py', handler: 'main', layers: [deps],
          runtime: Runtime.PYTHON_3_13 });
        new PythonFunction(stack, 'G', { entry: 'src', runtime: Runtime.PYTHON_3_13 });
        """,
    )
    assert [f.handler for f in found.functions] == ["api/app.main", "index.handler"]
    assert [f.layers for f in found.functions] == [("deps",), ()]


def test_images() -> None:
    found = typescript(
        """
        const image = lambda.DockerImageCode.fromImageAsset;
        new lambda.DockerImageFunction(this, 'F', { code: image('img', { cmd: ['a.b'] }) });
        new lambda.DockerImageFunction(this, 'G', { code: image('img') });
        new lambda.DockerImageFunction(this, 'H', { code: image('img', props) });
        """
    )
    assert [(f.name, f.handler, f.code_roots) for f in found.functions] == [("F", "a.b", ("img",)), ("G", "", ("img",))]


@pytest.mark.parametrize("call", ["fs.readFileSync(file, 'utf8')", "fs.readFileSync(file).toString()", "read(file)"])
def test_inline_code_that_is_the_text_of_a_file(call: str) -> None:
    found = program(
        "infra/app.ts",
        f"""
        import * as fs from 'node:fs';
        import {{ readFileSync as read }} from 'fs';
        import {{ Function, Code }} from 'aws-cdk-lib/aws-lambda';
        const file = `${{__dirname}}/../fns/get.py`;
        new Function(stack, 'F', {{ handler: 'index.main', code: Code.fromInline({call}) }});
        """.encode(),
    )
    assert (only(found).handler, only(found).code_roots) == ("get.main", ("fns",))


@pytest.mark.parametrize(
    ("before", "settings", "expected"),
    [
        (f"const common = {{ {PLAIN}, memorySize: 256 }};", "...common", 256),
        (f"const common = {{ {PLAIN}, memorySize: 256 }};", "...common, memorySize: 512", 512),
        (f"const common: lambda.FunctionProps = {{ {PLAIN} }} as const;", "...common", 128),
        ("", f"...(props.big && {{ memorySize: 512 }}), {PLAIN}", 512),
        ("", f"memorySize: 256, ...(props.big && {{ memorySize: 512 }}), {PLAIN}", None),
        ("", f"memorySize: 256, ...(props.big ? {{ memorySize: 512 }} : {{}}), {PLAIN}", None),
        ("", f"...props, {PLAIN}", None),
        ("const memorySize = 1024;", f"memorySize, {PLAIN}", 1024),
        ("", f"memorySize: props?.memory ?? 256, {PLAIN}", None),
        ("const size: any = undefined;", f"memorySize: size ?? 256, {PLAIN}", 256),
        ("const { size = 256 } = {};", f"memorySize: size, {PLAIN}", 256),
        ("const { size, ...rest } = { size: 1, memorySize: 2 };", f"...rest, {PLAIN}", 2),
        ("enum Size { Big = 2048 }", f"memorySize: Size.Big, {PLAIN}", 2048),
        ("let size = 256; if (props) { size = 512; }", f"memorySize: size, {PLAIN}", None),
        ("let size = 256; if (!props) { throw new Error('x'); }", f"memorySize: size, {PLAIN}", 256),
        ("let size; switch (id) { case 'a': size = 1; break; default: size = 1; }", f"memorySize: size, {PLAIN}", 1),
        ("let size = 0; try { size = 1; } catch (e) { size = 2; }", f"memorySize: size, {PLAIN}", None),
    ],
)
def test_settings_given_by_other_values(before: str, settings: str, expected: int | None) -> None:
    assert function(settings, before).memory == expected


@pytest.mark.parametrize(
    ("value", "handler"),
    [
        ("`a.b`", "a.b"),
        ("'a\\x2eb'", None),
        ("'a\\'b'.replace('\\'', '.')", "a.b"),
        ("'a-b-c'.replace('-', '.')", None),
        ("'a-b'.replaceAll('-', '.')", "a.b"),
        ("`m${1 + 2}.h`", "m3.h"),
        ("`m${1.5}.h`", None),
        ("['a.b', 'c.d'][1]", "c.d"),
        ("({ h: 'a.b' })['h']", "a.b"),
        ("({ h: 'a.b' })?.h", "a.b"),
        ("({ ['h']: 'a.b' }).h", "a.b"),
        ("({ h() { return 'a.b'; } }).h()", "a.b"),
        ("Object.assign({ h: 'c.d' }, { h: 'a.b' }).h", "a.b"),
        ("Object.keys({ 'a.b': 1 })[0]", "a.b"),
        ("Object.values({ x: 'a.b' })[0]", "a.b"),
        ("['a.b'].concat(['c.d'])[1]", "c.d"),
        ("[...['a.b']][0]", "a.b"),
        ("['x'].length === 1 ? 'a.b' : 'c.d'", "a.b"),
        ("props.x === 1 ? 'a.b' : 'c.d'", None),
        ("props.x ? 'a.b' : 'a.b'", "a.b"),
        ("undefined ?? 'a.b'", "a.b"),
        ("'a.b' ?? props.x", "a.b"),
        ("'' || 'a.b'", "a.b"),
        ("!true ? 'c.d' : 'a.b'", "a.b"),
        ("('a.b' as string)!", "a.b"),
        ("(<string>'a.b')", None),
        ("(function () { return 'a.b'; })()", "a.b"),
        ("((h: string = 'a.b') => h)()", "a.b"),
        ("((...hs: string[]) => hs[0])('a.b')", "a.b"),
        ("(([h]: string[]) => h)(['a.b'])", "a.b"),
        ("(new (class { h = 'a.b'; })()).h", "a.b"),
        ("await 'a.b'", "a.b"),
        ("`m${0x10}.h`", "m16.h"),
        ("`m${010}.h`", None),
        ("`m${123456789012345678901234567890}.h`", None),
        ("-1", None),
        ("/a.b/", None),
    ],
)
def test_what_expressions_come_to(value: str, handler: str | None) -> None:
    settings = PLAIN.replace("'app.handler'", value)
    found = typescript(f"new lambda.Function(this, 'F', {{ {settings} }});").functions
    assert [function.handler for function in found] == ([handler] if handler else [])


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("let h; h = 'a.b';", "a.b"),
        ("let h = 'a'; h += '.b';", "a.b"),
        ("let h = 'c.d'; { h = 'a.b'; }", "a.b"),
        ("let h = 'a.b'; if (props) { h = 'a.b'; } else h = 'a.b';", "a.b"),
        ("let h = 'a.b'; for (let i = 0; i < 2; i++) { h = 'c.d'; }", None),
        ("let h = 'a.b'; while (props) h = 'c.d';", None),
        ("let h; for (const x of ['a.b', 'c.d']) { h = x; break; }", "a.b"),
        ("let h = 'a.b'; for (const x of ['c.d']) { continue; h = x; }", "a.b"),
        ("let h; for (const [i, x] of ['a.b'].entries()) { h = x; }", "a.b"),
        ("let h = 'a.b'; try { h = 'a.b'; } finally { h = 'a.b'; }", "a.b"),
        ("const h = find(); function find() { return 'a.b'; }", "a.b"),
        ("function find() { if (props) { return 'a.b'; } return 'c.d'; } const h = find();", None),
        ("const env: any = {}; env.h = 'a.b'; const h = env.h;", "a.b"),
        ("const env: any = {}; env['h'] = 'a.b'; const { h } = env;", "a.b"),
        ("const { x: { h } } = { x: { h: 'a.b' } };", "a.b"),
        ("const { x: h = 'a.b' } = {};", "a.b"),
        ("const [, h] = ['a.b', 'c.d'];", "c.d"),
        ("const hs: string[] = []; hs.push('a.b'); const h = hs[0];", "a.b"),
        ("enum H { A = 'a.b' } const h = H.A;", "a.b"),
        ("class C { static h = 'a.b'; } const h = C.h;", "a.b"),
        ("class C { constructor(readonly h: string) {} } const h = new C('a.b').h;", "a.b"),
        ("class C { private f(x: string) { return x; } g() { return this.f('a.b'); } } const h = new C().g();", "a.b"),
    ],
)
def test_what_statements_leave_behind(text: str, handler: str | None) -> None:
    settings = PLAIN.replace("'app.handler'", "h")
    found = typescript(f"{text}\nnew lambda.Function(this, 'F', {{ {settings} }});").functions
    assert [function.handler for function in found] == ([handler] if handler else [])


def test_loops_and_helpers() -> None:
    found = typescript(
        """
        const make = (name: string, handler = 'handler') => new lambda.Function(this, name, {
          handler: `app.${handler}`, code: lambda.Code.fromAsset(`src/${name.toLowerCase()}`),
        });
        make('A');
        for (const name of ['B', 'C']) make(name, 'main');
        Object.entries({ D: 'd', E: 'e' }).forEach(([name, handler]) => { make(name, handler); });
        [{ name: 'F' }].map(({ name, handler = 'f' }) => make(name, handler));
        for (const key in { G: 1 }) { make(key); }
        props.names.forEach((name) => make(name));
        """
    )
    assert [(f.name, f.handler, f.code_roots[0]) for f in found.functions] == [
        ("A", "app.handler", "src/a"),
        ("B", "app.main", "src/b"),
        ("C", "app.main", "src/c"),
        ("D", "app.d", "src/d"),
        ("E", "app.e", "src/e"),
        ("F", "app.f", "src/f"),
        ("G", "app.handler", "src/g"),
    ]


def test_methods_fields_and_bases() -> None:
    found = program(
        "app.ts",
        b"""
        import { Function, Code } from 'aws-cdk-lib/aws-lambda';
        abstract class Base extends Construct {
          static readonly ROOT = 'src';
          private readonly suffix = 'handler';
          constructor(scope: Construct, protected readonly folder: string) { super(scope, 'Base'); }
          get where() { return Code.fromAsset(`${Base.ROOT}/${this.folder}`); }
          protected make(id: string) {
            return new Function(this, id, { handler: this.handler(id), code: this.where });
          }
          private handler(id: string): string { return `${id}.${this.suffix}`; }
        }
        export class Shop extends Base {
          constructor(scope: Construct) { super(scope, 'shop'); this.make('get'); }
        }
        class Own extends Function {
          constructor(scope: Construct, { handler, ...rest }: Props) {
            super(scope, 'Own', { handler, code: Code.fromAsset('own'), ...rest });
          }
        }
        new Own(stack, { handler: 'own.main', memorySize: 256 });
        """,
    )
    assert [(f.name, f.handler, f.code_roots, f.memory) for f in found.functions] == [
        ("Own", "own.main", ("own",), 256),
        ("Base/get", "get.handler", ("src/shop",), 128),
    ]


def test_what_does_not_parse_is_read_around() -> None:
    found = typescript(f"const x = = 1;\nnew lambda.Function(this, 'F', {{ {PLAIN} }});")
    assert [f.handler for f in found.functions] == ["app.handler"]
