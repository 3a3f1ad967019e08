import assert from "node:assert/strict";
import { test } from "node:test";

import { confined } from "../../src/confined";

type Step = (...said: unknown[]) => unknown;

const MINE = { path: "/a/app.py" };
const OTHERS = { path: "/a/b/app.py" };

const asks = Object.entries(confined((file) => (file as unknown) === MINE)) as [string, Step][];

/** Whether what is said of a file is handed on. */
function passes(step: Step, said: object): boolean {
  let passed = false;
  const next = () => {
    passed = true;
  };
  // Each takes what it is about, then more, and the next step wherever its last parameter is.
  step(...[said, ...Array<unknown>(step.length - 2).fill({}), next]);
  return passed;
}

test("a server hears of its own files alone, and is asked of these alone", () => {
  assert.equal(asks.length, 8);
  for (const [name, step] of asks) {
    const about = (file: object) => (name === "didChange" ? { document: { uri: file } } : { uri: file });
    assert.equal(passes(step, about(MINE)), true, name);
    assert.equal(passes(step, about(OTHERS)), false, name);
  }
});

test("diagnostics are asked for by address too", () => {
  const step = asks.find(([name]) => name === "provideDiagnostics")?.[1] as Step;
  assert.equal(passes(step, MINE), true);
  assert.equal(passes(step, OTHERS), false);
});
