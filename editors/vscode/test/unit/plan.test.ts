import assert from "node:assert/strict";
import { test } from "node:test";

import { planned, type Need } from "../../src/plan";

const need = (folder: string | undefined, command: string, more: Partial<Need> = {}): Need => ({
  folder,
  enabled: true,
  found: { command, origin: "PATH" },
  args: [],
  codeLens: false,
  ...more,
});
const missing = { found: { reason: "gone", advice: "install it" } };
const said = (needs: Need[]) => planned(needs).servers.map((one) => [one.program.command, one.folders, one.everywhere]);

test("folders share a server where the same program serves them in the same way", () => {
  assert.deepEqual(said([need("/a", "x"), need("/b", "x")]), [["x", ["/a", "/b"], true]]);
  assert.deepEqual(said([need("/a", "x"), need("/b", "y")]), [["x", ["/a"], false], ["y", ["/b"], false]]);
  assert.equal(said([need("/a", "x"), need("/b", "x", { args: ["-v"] })]).length, 2);
  assert.equal(said([need("/a", "x"), need("/b", "x", { codeLens: true })]).length, 2);
});

test("a server that isn't the only answer keeps to its folders", () => {
  assert.deepEqual(said([need("/a", "x"), need("/b", "x", { enabled: false })]), [["x", ["/a"], false]]);
  assert.deepEqual(said([need("/a", "x"), need("/b", "", missing)]), [["x", ["/a"], false]]);
});

test("a window without folders has a server too", () => {
  assert.deepEqual(said([need(undefined, "x")]), [["x", [], true]]);
});

test("trouble is kept by folder, unless it is turned off there", () => {
  const plan = planned([need("/a", "", missing), need("/b", "", { ...missing, enabled: false })]);
  assert.deepEqual([...plan.troubles], [["/a", missing.found]]);
  assert.deepEqual(plan.servers, []);
});

test("a running server is kept as long as nothing about it changes", () => {
  const key = (...needs: Need[]) => planned(needs).servers[0]?.key;
  const one = key(need("/a", "x"));
  assert.equal(one, key(need("/a", "x"), need("/b", "x")));
  assert.notEqual(one, key(need("/a", "y")));
  assert.notEqual(one, key(need("/a", "x", { codeLens: true })));
  assert.notEqual(one, key(need("/a", "x"), need("/b", "y")));
});

test("a server is started anew when a folder within its own is served otherwise, or not at all", () => {
  const key = (...needs: Need[]) => planned([need("/a", "x"), need("/other", "y"), ...needs]).servers[0]?.key;
  assert.notEqual(key(), key(need("/a/b", "y")));
  assert.notEqual(key(), key(need("/a/b", "x", { enabled: false })));
  assert.equal(key(), key(need("/ab", "y")));
});
