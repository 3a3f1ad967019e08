// What is seen and done in a file, in a real VS Code.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { picture, setting, start } from "./setting.mjs";
import { APP, fixedBy, makeProject, write } from "./project.mjs";
import { until } from "./vscode.mjs";

const FIX = "LMB101: Create it once, in a cached function";

let code, folder, app, fixed;

before(async () => {
  folder = await makeProject(setting.home, setting.venv);
  app = join(folder, "app.py");
  fixed = await fixedBy(join(setting.venv, "bin/lambdalint"), setting.home);
  assert.match(fixed, /= _dynamodb_resource\(\)/);
  code = await start();
  await code.open(folder);
  await code.openFile("app.py");
});
afterEach((context) => code?.look(context.name));
after(() => code?.stop());

const onDisk = () => readFile(app, "utf8");
const becomes = (text) => until(async () => (await onDisk()) === text, async () => `app.py is\n${text}\nnot\n${await onDisk()}`);

/** As it was in the beginning, on the disk and in the editor. */
async function asItWas() {
  await writeFile(app, APP);
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
  await code.page.keyboard.press("Control+1");
}

test("the server of the folder's virtual environment runs, whatever the project's modules are called", async () => {
  const said = await code.statusIs(/^check {1,2}lambdalint \d/);
  assert.match(said, new RegExp(`lambdalint ${setting.version} is running: ${join(folder, ".venv/bin/lambdalint")}`));
});

test("findings are underlined, and listed in the Problems panel", async () => {
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
  await code.command("Problems: Focus on Problems View");
  await code.problems.nth(1).waitFor();
  const said = (await code.problems.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
  assert.equal(said.length, 2);
  assert.match(said[0], /created on every invocation.*LMB101.*Ln 9, Col 16/);
  assert.match(said[1], /one item in every turn.*LMB401.*Ln 13, Col 17/);
  await picture(code, "problems.png");
  await code.command("View: Hide Panel");
});

test("a finding's hover shows its rule's page", async () => {
  await code.text("resource").hover();
  const hover = code.page.locator(".monaco-hover:visible", { hasText: "LMB101" });
  await hover.waitFor();
  // The finding is there at once; the page comes from the server.
  const page = code.page.locator(".monaco-hover:visible", { hasText: "client-in-handler" });
  await page.waitFor();
  assert.match(await page.innerText(), /is created on every invocation/);
  await picture(code, "hover.png");
  await code.page.keyboard.press("Escape");
});

test("a quick fix changes the text as the command line would", async () => {
  await code.text("resource").click();
  await code.page.keyboard.press("Control+.");
  const menu = code.page.locator(".action-widget");
  await menu.locator(".monaco-list-row", { hasText: FIX }).waitFor();
  const offered = await menu.locator(".monaco-list-row .title").allInnerTexts();
  assert.ok(offered.includes("LMB101: Disable for this line"), offered.join("\n"));
  await picture(code, "quick-fix.png");
  const first = menu.locator(".monaco-list-row.focused");
  assert.equal(await first.getAttribute("aria-label"), FIX);
  await code.page.keyboard.press("Enter");
  await code.text("_dynamodb_resource").waitFor();
  assert.equal(await onDisk(), APP);
  await code.page.keyboard.press("Control+S");
  await becomes(fixed);
  await until(async () => (await code.squiggles.count()) === 1, "one squiggle is left");
});

test("a command fixes what is safe in the file", async () => {
  await asItWas();
  await code.command("lambdalint: Fix All That Is Safe in This File");
  await code.text("_dynamodb_resource").waitFor();
  await code.page.keyboard.press("Control+S");
  await becomes(fixed);
});

test("saving fixes what is safe, where the settings say so", async () => {
  const settings = { "editor.codeActionsOnSave": { "source.fixAll.lambdalint": "explicit" } };
  await write(folder, { "app.py": APP, ".vscode/settings.json": JSON.stringify(settings) });
  await code.open(folder); // afresh: when changed settings count can't be seen
  await code.openFile("app.py");
  await until(async () => (await code.squiggles.count()) === 2, "two squiggles");
  await code.page.keyboard.press("Control+End");
  await code.page.keyboard.type("# typed");
  await code.page.keyboard.press("Control+S");
  await becomes(`${fixed}# typed`);
});
