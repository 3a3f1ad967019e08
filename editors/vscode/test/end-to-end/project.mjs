// The project that the tests open, and programs that stand in for lambdalint where it is missing or bad.

import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export const APP = `"""Tells a customer what the products in the basket cost."""

import json

import boto3


def lambda_handler(event, context):
    dynamodb = boto3.resource("dynamodb")
    products = dynamodb.Table("products")
    total = 0
    for line in json.loads(event["body"])["lines"]:
        found = products.get_item(Key={"sku": line["sku"]})
        total += found["Item"]["cents"] * line["count"]
    return {"statusCode": 200, "body": json.dumps({"total": total})}
`;
export const REFUSES = `#!/bin/sh
echo 'lambdalint: the language server needs pygls: pip install "lambdalint[lsp]"' >&2
exit 2
`;

/** Write files, with the folders that they need. Those that begin with #! can be started. */
export async function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    if (text.startsWith("#!")) await chmod(file, 0o755);
  }
}

/** A folder with a Lambda function; its modules are called like Python's own, and mustn't be taken for them. */
export async function makeProject(top, venv) {
  const folder = join(await mkdtemp(join(top, "project-")), "shop");
  const trap = 'raise SystemExit("the server has imported a module of the project")\n';
  await write(folder, { "app.py": APP, "enum.py": trap, "attrs.py": trap, "lambdalint.toml": "" });
  if (venv) await symlink(venv, join(folder, ".venv"));
  return folder;
}

/** The process ids of the servers that were started by this program. */
export async function servers(program) {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  const lines = stdout.split("\n").filter((line) => line.includes(`${program} server`));
  return lines.map((line) => Number.parseInt(line, 10));
}

/** A file's text as the command line fixes it. */
export async function fixedBy(program, top) {
  const folder = await mkdtemp(join(top, "fixed-"));
  await write(folder, { "app.py": APP, "lambdalint.toml": "" });
  await promisify(execFile)(program, ["check", "--fix", "--exit-zero", "--no-cache", folder]);
  return readFile(join(folder, "app.py"), "utf8");
}
