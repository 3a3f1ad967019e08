// What the tests are told by whoever runs them: tests/editors/test_vscode.py.

import assert from "node:assert/strict";
import { mkdtemp, stat } from "node:fs/promises";
import { join } from "node:path";

import { startVSCode } from "./vscode.mjs";

function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} isn't set; run these tests with: pytest -m editors`);
  return value;
}

export const setting = {
  /** What set-up.sh made, and the browser. */
  tools: told("EDITORS_TOOLS"),
  browser: told("EDITORS_BROWSER"),
  /** The packed extensions: this one, and the one that stands in for the Python extension. */
  extension: told("EDITORS_EXTENSION"),
  python: told("EDITORS_PYTHON_EXTENSION"),
  /** A virtual environment with lambdalint, and the version that it has. */
  venv: told("EDITORS_VENV"),
  version: told("EDITORS_VERSION"),
  /** Where projects and VS Code's own files may lie, and where pictures go. */
  home: told("EDITORS_HOME"),
  pictures: told("EDITORS_PICTURES"),
};

/** Start VS Code with this extension and others. */
export async function start({ extensions = [], ...options } = {}) {
  return startVSCode({
    tools: setting.tools,
    browser: setting.browser,
    home: await mkdtemp(join(setting.home, "code-")),
    extensions: [setting.extension, ...extensions],
    ...options,
  });
}

/** A picture for the README, which has to be small. `clip` is the part of the window that it shows. */
export async function picture(code, name, clip) {
  const file = join(setting.pictures, name);
  await code.page.screenshot({ path: file, animations: "disabled", ...(clip && { clip }) });
  const { size } = await stat(file);
  assert.ok(size > 5_000 && size < 200_000, `${name} has ${size} bytes`);
}
