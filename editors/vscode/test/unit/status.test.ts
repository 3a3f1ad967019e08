import assert from "node:assert/strict";
import { test } from "node:test";

import { serverEnvironment } from "../../src/machine";
import { failure, plain, shown } from "../../src/status";

const program = { command: "/shop/.venv/bin/lambdalint", origin: "the folder's .venv" };

test("running: the version, and which program it is", () => {
  const { text, tooltip, severity } = shown({ kind: "running", program, version: "1.2.3" });
  assert.equal(text, "$(check) lambdalint 1.2.3");
  assert.match(tooltip, /\/shop\/\.venv\/bin\/lambdalint, from the folder's \.venv/);
  assert.match(tooltip, /\(command:lambdalint\.restart\)/);
  assert.equal(severity, "none");
});

test("failed: the reason and what to do", () => {
  const { text, tooltip, severity } = shown({ kind: "failed", reason: "It isn't there.", advice: "pip install x[lsp]" });
  assert.equal(text, "$(error) lambdalint");
  assert.match(tooltip, /^It isn't there\.\n\npip install x\\\[lsp\\\]\n\n/);
  assert.equal(severity, "error");
});

test("what is being done is shown by a turning wheel", () => {
  for (const state of [{ kind: "looking" }, { kind: "starting", program }] as const) {
    assert.match(shown(state).text, /~spin/);
  }
  assert.doesNotMatch(shown({ kind: "off" }).text, /~spin/);
});

test("a path is never taken for Markdown, a link or an icon", () => {
  assert.equal(plain("/a_b/[c](d)/$(x)/`e`"), "/a\\_b/\\[c\\](d)/\\$(x)/\\`e\\`");
});

test("why a server ended: its last words, or else its exit code", () => {
  const missing = failure('lambdalint: the language server needs pygls: pip install "lambdalint[lsp]"\n', 2);
  assert.equal(missing.reason, "lambdalint is installed without its language server.");
  assert.equal(missing.advice, 'Install it: pip install "lambdalint[lsp]"');
  assert.equal(failure("Traceback\n  x\r\nImportError: no y\r\n", 1).reason, "The server ended: ImportError: no y");
  assert.equal(failure("", 3).reason, "The server ended with code 3.");
  assert.equal(failure("\n", null).reason, "The server ended with code unknown.");
});

test("the project's PYTHONPATH has no say in what the server imports", () => {
  const env = serverEnvironment({ PATH: "/bin", PYTHONPATH: "/shop" });
  assert.equal(env["PATH"], "/bin");
  assert.equal("PYTHONPATH" in env, false);
});
