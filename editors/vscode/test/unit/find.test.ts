import assert from "node:assert/strict";
import { test } from "node:test";

import { findProgram, isTrouble, type Machine, type Place } from "../../src/find";

const PLACE: Place = {
  folder: "/shop",
  path: "",
  interpreter: "",
  selected: undefined,
  trusted: true,
  folders: ["/shop"],
};

/** A machine with these files; `scripts` is where the interpreters say that they put console scripts. */
function machine(files: string[], more: Partial<Machine> & { scripts?: Record<string, string[]> } = {}): Machine {
  const { scripts = {}, ...rest } = more;
  return {
    platform: "linux",
    env: { PATH: "/usr/bin:/opt/bin" },
    home: "/me",
    isFile: (file) => files.includes(file),
    scriptFolders: async (python) => scripts[python] ?? [],
    ...rest,
  };
}

async function command(place: Partial<Place>, on: Machine): Promise<string> {
  const found = await findProgram({ ...PLACE, ...place }, on);
  return isTrouble(found) ? `! ${found.reason} ${found.advice}` : found.command;
}

const EVERYWHERE = [
  "/set/lambdalint",
  "/set/python",
  "/sel/bin/lambdalint",
  "/shop/.venv/bin/lambdalint",
  "/shop/venv/bin/lambdalint",
  "/opt/bin/lambdalint",
];

test("the settings come first, then the selected interpreter, the folder's environment, and PATH", async () => {
  const all = machine([...EVERYWHERE, "/other/lambdalint"]);
  const selected = "/sel/bin/python";
  assert.equal(await command({ path: "/other/lambdalint", interpreter: "/set/python", selected }, all), "/other/lambdalint");
  assert.equal(await command({ interpreter: "/set/python", selected }, all), "/set/lambdalint");
  assert.equal(await command({ selected }, all), "/sel/bin/lambdalint");
  assert.equal(await command({}, all), "/shop/.venv/bin/lambdalint");
  assert.equal(await command({}, machine(EVERYWHERE.slice(4))), "/shop/venv/bin/lambdalint");
  assert.equal(await command({}, machine(EVERYWHERE.slice(5))), "/opt/bin/lambdalint");
});

test("an interpreter is asked where its scripts are, if none lies beside it", async () => {
  const scripts = { "/usr/bin/python3": ["/usr/local/bin", "/me/.local/bin"] };
  const on = machine(["/usr/bin/python3", "/me/.local/bin/lambdalint"], { scripts });
  assert.equal(await command({ selected: "/usr/bin/python3" }, on), "/me/.local/bin/lambdalint");
  assert.equal(await command({ interpreter: "python3" }, on), "/me/.local/bin/lambdalint");
});

test("a selected interpreter without lambdalint is passed over where it is found elsewhere", async () => {
  const selected = "/sel/bin/python";
  assert.equal(await command({ selected }, machine([selected, "/opt/bin/lambdalint"])), "/opt/bin/lambdalint");
});

test("a setting is never passed over", async () => {
  const all = machine([...EVERYWHERE, "/bare/python"]);
  assert.match(await command({ path: "/gone" }, all), /^! lambdalint\.path names \/gone, which isn't there/);
  assert.match(await command({ interpreter: "/gone" }, all), /^! lambdalint\.interpreter names \/gone, which isn't there/);
  assert.match(await command({ interpreter: "/bare/python" }, all), /^! lambdalint isn't installed in \/bare\/python/);
});

test("what to do is said: the command that installs it where it is missing", async () => {
  const said = await command({ selected: "/my own/bin/python" }, machine(["/my own/bin/python"]));
  assert.match(said, /isn't installed in \/my own\/bin\/python/);
  assert.match(said, /"\/my own\/bin\/python" -m pip install "lambdalint\[lsp\]"/);
  assert.match(await command({}, machine([])), /pip install "lambdalint\[lsp\]"/);
});

test("paths in settings: ~, the folder, relative to the folder, or a name on PATH", async () => {
  const on = machine(["/me/bin/ll", "/shop/tools/ll", "/opt/bin/ll"]);
  assert.equal(await command({ path: "~/bin/ll" }, on), "/me/bin/ll");
  assert.equal(await command({ path: "${workspaceFolder}/tools/ll" }, on), "/shop/tools/ll");
  assert.equal(await command({ path: "./tools/ll" }, on), "/shop/tools/ll");
  assert.equal(await command({ path: "ll" }, on), "/opt/bin/ll");
  assert.match(await command({ path: "tools/ll", folder: undefined }, on), /^! /);
});

test("a folder's name is taken as it is", async () => {
  const folder = "/a$&b";
  assert.equal(await command({ folder, path: "${workspaceFolder}/ll" }, machine(["/a$&b/ll"])), "/a$&b/ll");
});

test("relative entries of PATH don't count", async () => {
  const on = machine(["bin/lambdalint", "./lambdalint", "lambdalint"], { env: { PATH: ".:bin:" } });
  assert.match(await command({}, on), /^! /);
});

test("in a workspace that isn't trusted, nothing that lies in it is started", async () => {
  const restricted = { trusted: false, folders: ["/shop", "/other"] };
  const scripts = { "/other/python": ["/opt/bin"] };
  const inside = machine([...EVERYWHERE.slice(3, 5), "/shop/ll", "/shop/python", "/other/lambdalint"], {
    env: { PATH: "/shop/.venv/bin:/other" },
    scripts,
  });
  for (const place of [{}, { path: "/shop/ll" }, { interpreter: "/shop/python" }, { selected: "/other/python" }]) {
    assert.match(await command({ ...restricted, ...place }, inside), /^! Nothing that lies in this workspace/);
  }
  assert.match(await command({ ...restricted, path: "/away/../shop/ll" }, inside), /^! Nothing that lies/);
});

test("in a workspace that isn't trusted, what lies elsewhere is started", async () => {
  const restricted = { trusted: false };
  assert.equal(await command(restricted, machine(EVERYWHERE)), "/opt/bin/lambdalint");
  assert.equal(await command({ ...restricted, path: "/set/lambdalint" }, machine(EVERYWHERE)), "/set/lambdalint");
  assert.equal(await command({ ...restricted, selected: "/shop/python" }, machine(EVERYWHERE)), "/opt/bin/lambdalint");
  const beside = machine(["/shop-tools/lambdalint"], { env: { PATH: "/shop-tools" } });
  assert.equal(await command(restricted, beside), "/shop-tools/lambdalint");
});

test("on Windows: Scripts, .exe, ; and \\", async () => {
  const windows = (files: string[]) => machine(files, { platform: "win32", env: { Path: "C:\\one;C:\\two" }, home: "C:\\me" });
  const place = { folder: "C:\\shop", folders: ["C:\\shop"] };
  const venv = "C:\\shop\\.venv\\Scripts\\lambdalint.exe";
  assert.equal(await command(place, windows([venv])), venv);
  assert.equal(await command(place, windows(["C:\\two\\lambdalint.exe"])), "C:\\two\\lambdalint.exe");
  const selected = "D:\\py\\Scripts\\python.exe";
  assert.equal(await command({ ...place, selected }, windows(["D:\\py\\Scripts\\lambdalint.exe"])), "D:\\py\\Scripts\\lambdalint.exe");
  assert.equal(await command({ ...place, path: "~\\ll" }, windows(["C:\\me\\ll.exe"])), "C:\\me\\ll.exe");
  const restricted = { ...place, trusted: false, path: "c:\\SHOP\\ll.exe" };
  assert.match(await command(restricted, windows(["c:\\SHOP\\ll.exe"])), /^! Nothing that lies/);
});
