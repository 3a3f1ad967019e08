// Workspaces that aren't trusted, and those of several folders.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";

import { APP, makeProject, servers, write } from "./project.mjs";
import { setting, start } from "./setting.mjs";
import { until } from "./vscode.mjs";

let code;

afterEach(async (context) => {
  await code?.look(context.name);
  await code?.stop();
  code = undefined;
});

test("nothing of a workspace is started before it is trusted", async () => {
  const folder = await makeProject(setting.home);
  const ran = join(setting.home, "ran");
  const program = `#!/bin/sh\ntouch '${ran}'\nexec '${setting.venv}/bin/lambdalint' "$@"\n`;
  await write(folder, {
    ".venv/bin/lambdalint": program,
    ".venv/bin/python": `#!/bin/sh\ntouch '${ran}'\n`,
    ".vscode/settings.json": JSON.stringify({ "lambdalint.path": join(folder, ".venv/bin/lambdalint") }),
  });
  // A program of the workspace that PATH leads to is no better.
  const env = { PATH: `${join(folder, ".venv/bin")}:${process.env.PATH}` };
  code = await start({ trust: false, env });
  await code.page.goto(`${code.address}/?folder=${encodeURIComponent(folder)}`);
  await code.page.locator(".monaco-dialog-box .monaco-button", { hasText: "No, I don't trust" }).click();
  await code.openFile("app.py");
  const said = await code.statusIs(/^(error|check)/);
  assert.equal(existsSync(ran), false);
  if (/^error/.test(said)) assert.match(said, /isn't trusted/);
  else assert.ok(!said.includes(folder), said); // lambdalint is on this machine's own PATH

  await code.command("Workspaces: Manage Workspace Trust");
  await code.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).first().click();
  await code.openFile("app.py");
  await code.statusIs(/^check.*\.venv/);
  assert.equal(existsSync(ran), true);
});

test("each folder is served by its own environment, and only where it is turned on", async () => {
  const [one, two] = [await makeProject(setting.home, setting.venv), await makeProject(setting.home, setting.venv)];
  const off = await makeProject(setting.home, setting.venv);
  await write(off, { ".vscode/settings.json": JSON.stringify({ "lambdalint.enable": false }) });
  const folders = [one, two, off].map((path, index) => ({ path, name: ["one", "two", "off"][index] }));
  const workspace = join(dirname(one), "all.code-workspace");
  await write(dirname(one), { "all.code-workspace": JSON.stringify({ folders }) });
  for (const [folder, name] of [[one, "first.py"], [two, "second.py"], [off, "third.py"]]) {
    await write(folder, { [name]: APP });
  }
  code = await start();
  await code.open(workspace);
  await code.openFile("first.py");
  assert.ok((await code.statusIs(/^check/)).includes(join(one, ".venv/bin/lambdalint")));
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
  await code.openFile("second.py");
  await until(async () => (await code.status.getAttribute("aria-label")).includes(join(two, ".venv")), "the other's status");
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
  await code.openFile("third.py");
  await code.statusIs(/^circle-slash/);
  await until(async () => (await code.squiggles.count()) === 0, "no squiggles");
  for (const folder of [one, two]) {
    assert.equal((await servers(join(folder, ".venv/bin/lambdalint"))).length, 1);
  }
  assert.equal((await servers(join(off, ".venv/bin/lambdalint"))).length, 0);
});

test("a file is served by the innermost folder's server alone, as that folder's settings say", async () => {
  const outer = await makeProject(setting.home, setting.venv);
  const [inner, off] = [join(outer, "inner"), join(outer, "off")];
  const settings = (said) => ({ ".vscode/settings.json": JSON.stringify(said) });
  await write(outer, { "outer.py": APP, ...settings({ "lambdalint.codeLens": true }) });
  await write(inner, { "inner.py": APP, "lambdalint.toml": "", ...settings({ "lambdalint.args": ["--select", "LMB101"] }) });
  await write(off, { "off.py": APP, "lambdalint.toml": "", ...settings({ "lambdalint.enable": false }) });
  await symlink(setting.venv, join(inner, ".venv"));
  const folders = [outer, inner, off].map((path) => ({ path }));
  const workspace = join(dirname(outer), "nested.code-workspace");
  await write(dirname(outer), { "nested.code-workspace": JSON.stringify({ folders }) });
  code = await start();
  const lens = code.page.locator(".codelens-decoration", { hasText: "per invocation" });
  const listed = async (count) => {
    await until(async () => (await code.problems.count()) === count, async () => `${count} findings, not ${await code.problems.count()}`);
    return (await code.problems.allInnerTexts()).join("\n");
  };
  await code.open(workspace);
  await code.openFile("outer.py");
  await code.command("Problems: Focus on Problems View");
  await lens.waitFor();
  assert.match(await listed(2), /LMB401/);
  await code.openFile("inner.py");
  await until(async () => (await code.status.getAttribute("aria-label")).includes(join(inner, ".venv")), "the inner status");
  await until(async () => (await code.squiggles.count()) === 1, "one squiggle");
  await listed(3); // those of the outer file stay
  // What is typed is heard by the inner server alone too.
  await code.text("resource").click();
  await code.page.keyboard.press("End");
  await code.page.keyboard.type("  # noqa: LMB101");
  await listed(2);
  assert.equal(await lens.count(), 0);
  await code.openFile("off.py");
  await code.statusIs(/^circle-slash/);
  await until(async () => (await code.squiggles.count()) === 0, "no squiggles");
  await listed(2);
  for (const folder of [outer, inner]) {
    assert.equal((await servers(join(folder, ".venv/bin/lambdalint"))).length, 1);
  }
});

test("a window without a folder checks the files that are opened in it", async () => {
  const folder = await makeProject(setting.home);
  const bin = join(setting.home, "bin");
  await mkdir(bin, { recursive: true });
  await symlink(join(setting.venv, "bin/lambdalint"), join(bin, "lambdalint"));
  code = await start({ env: { PATH: `${bin}:${process.env.PATH}` } });
  const file = `vscode-remote://${new URL(code.address).host}${join(folder, "app.py")}`;
  const payload = encodeURIComponent(JSON.stringify([["openFile", file]]));
  await code.page.goto(`${code.address}/?ew=true&payload=${payload}`);
  await code.page.locator(".tab.active", { hasText: "app.py" }).waitFor();
  assert.match(await code.statusIs(/^check/), /from PATH/);
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
});
