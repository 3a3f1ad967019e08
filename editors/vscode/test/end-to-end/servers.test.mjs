// Which server is started, what the status item says of it, and how it comes back.

import assert from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { makeProject, REFUSES, servers, write } from "./project.mjs";
import { picture, setting, start } from "./setting.mjs";
import { until } from "./vscode.mjs";

const RUNS = /^check {1,2}lambdalint \d/;
const FAILS = /^error {1,2}lambdalint/;

let code, folder, program;

before(async () => {
  folder = await makeProject(setting.home, setting.venv);
  program = join(folder, ".venv/bin/lambdalint");
  code = await start({ extensions: [setting.python] });
  await code.open(folder);
  await code.openFile("app.py");
  await code.statusIs(RUNS);
});
afterEach((context) => code?.look(context.name));
after(() => code?.stop());

const configure = (settings) => write(folder, { ".vscode/settings.json": JSON.stringify(settings) });
const only = async (known) => {
  const found = await servers(program);
  return found.length === 1 && !known.includes(found[0]) && found;
};

test("a command restarts the server", async () => {
  const first = await only([]);
  assert.ok(first, "one server runs");
  await code.command("lambdalint: Restart Server");
  await until(() => only(first), "one other server runs");
  await code.statusIs(RUNS);
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
});

test("a server that ends by itself is started again", async () => {
  const first = await only([]);
  process.kill(first[0], "SIGKILL");
  await until(() => only(first), "one other server runs");
  await code.statusIs(RUNS);
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
});

test("a command shows the log, which says what was started", async () => {
  await code.command("lambdalint: Show Log");
  // Its last lines are in view: how many of them hangs on how long their paths are.
  const log = code.page.locator(".panel .view-lines", { hasText: "running" });
  await until(async () => /lambdalint \d\S* is running/.test((await log.innerText()).replaceAll("\u00a0", " ")), "the log");
  await code.page.keyboard.press("Control+Home");
  const begin = code.page.locator(".panel .view-lines", { hasText: "starting" });
  await until(async () => (await begin.innerText()).replaceAll("\u00a0", " ").includes("lambdalint server"), "the start");
  await code.statusIs(RUNS); // of the file that the log is read for
  await code.command("View: Hide Panel");
});

test("a program that isn't there is told, and the setting that names it", async () => {
  await configure({ "lambdalint.path": "/nowhere/lambdalint" });
  const said = await code.statusIs(FAILS);
  assert.match(said, /lambdalint\.path names \/nowhere\/lambdalint, which isn't there/);
  await until(async () => (await servers(program)).length === 0, "no server runs");
  await until(async () => (await code.squiggles.count()) === 0, "no squiggles are left");
  await configure({});
  await code.statusIs(RUNS);
});

test("lambdalint without its language server is told, with the command that installs it", async () => {
  await write(folder, { "tools/lambdalint": REFUSES });
  await configure({ "lambdalint.path": "${workspaceFolder}/tools/lambdalint" });
  const said = await code.statusIs(FAILS);
  assert.match(said, /installed without its language server/);
  assert.match(said, /pip install "lambdalint\\?\[lsp\\?\]"/);
  assert.equal(await code.page.locator(".notification-toast").count(), 0);
  await code.status.hover();
  await code.page.locator(".monaco-hover:visible", { hasText: "language server" }).waitFor();
  await picture(code, "status.png", { x: 300, y: 400, width: 660, height: 200 });
  await configure({});
  await code.statusIs(RUNS);
});

test("the interpreter that is selected in the Python extension comes first, and a change of it is followed", async () => {
  const other = join(setting.home, "selected");
  await mkdir(join(other, "bin"), { recursive: true });
  await symlink(join(setting.venv, "bin/lambdalint"), join(other, "bin/lambdalint"));
  await configure({ "python.selected": join(other, "bin/python") });
  const said = await code.statusIs(/from the selected interpreter/);
  assert.ok(said.includes(join(other, "bin/lambdalint")), said);
  await configure({});
  await code.statusIs(/from the folder's \.venv/);
});

test("settings reach the server", async () => {
  const heard = join(folder, "heard");
  const listens = `#!/bin/sh\necho "$@" >'${heard}.args'\ntee '${heard}' | '${program}' "$@"\n`;
  await write(folder, { "tools/listens": listens });
  const path = join(folder, "tools/listens");
  await configure({ "lambdalint.path": path, "lambdalint.args": ["--select", "LMB101"], "lambdalint.codeLens": true });
  await code.statusIs(/is running: .*tools\/listens/);
  assert.equal(await readFile(`${heard}.args`, "utf8"), "server --select LMB101\n");
  const [, said] = /"initializationOptions":(\{.*?\})/.exec(await readFile(heard, "utf8"));
  assert.deepEqual(JSON.parse(said), { codeLens: true });
  await code.page.locator(".codelens-decoration", { hasText: /\d network calls? per invocation/ }).waitFor();
  await until(async () => (await code.squiggles.count()) === 1, "what is selected is underlined");
  await configure({});
  await code.statusIs(/from the folder's \.venv/);
});

test("where it is turned off, no server runs", async () => {
  await configure({ "lambdalint.enable": false });
  await code.statusIs(/^circle-slash/);
  await until(async () => (await servers(program)).length === 0, "no server runs");
  await configure({});
  await code.statusIs(RUNS);
});
