// A real VS Code for tests: code-server, with one page of a headless Chromium on it.

import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const run = promisify(execFile);
const SECONDS = Number(process.env.EDITORS_SECONDS ?? 60); // to wait for one thing
const SETTINGS = {
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.startupEditor": "none",
  "workbench.reduceMotion": "on", // nothing is seen half faded in
  "workbench.tips.enabled": false,
  "workbench.layoutControl.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false,
  "chat.commandCenter.enabled": false,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.fontSize": 15,
  "editor.hover.delay": 100,
  "breadcrumbs.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
};

/** Install extensions and start: `{ tools, browser, home, extensions, settings, trust, env }`. */
export async function startVSCode({ tools, browser, home, extensions, settings = {}, trust = true, env = {} }) {
  const code = join(tools, "code-server/node_modules/.bin/code-server");
  const folders = ["--extensions-dir", join(home, "extensions"), "--user-data-dir", join(home, "user")];
  // Nothing of the user's own configuration (VSCODE_CLI: nor what a login shell makes of PATH), and nothing of the
  // node that runs the tests.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env;
  const options = { env: { ...inherited, HOME: home, VSCODE_CLI: "1", ...env } };
  await mkdir(join(home, "user/User"), { recursive: true });
  await writeFile(join(home, "user/User/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  for (const extension of extensions) {
    await run(code, [...folders, "--install-extension", extension], options);
  }
  const port = await freePort();
  const quiet = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"];
  const trusting = trust ? ["--disable-workspace-trust"] : [];
  const address = `127.0.0.1:${port}`;
  const server = spawn(code, ["--bind-addr", address, ...quiet, ...trusting, ...folders], {
    ...options,
    detached: true, // so that its children end with it
    stdio: ["ignore", "pipe", "pipe"],
  });
  await listening(server);
  const chrome = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
  const context = await chrome.newContext({ viewport: { width: 960, height: 600 } });
  context.setDefaultTimeout(SECONDS * 1000);
  return new VSCode({ home, server, chrome, page: await context.newPage(), address: `http://${address}` });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server) {
  let said = "";
  await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (data) => {
        said += data;
        if (said.includes("HTTP server listening")) resolve();
      });
    }
    server.once("exit", () => reject(new Error(`code-server has ended:\n${said}`)));
    server.once("error", reject);
  });
}

class VSCode {
  constructor(parts) {
    Object.assign(this, parts);
    this.opened = new Set();
  }

  async stop() {
    await this.chrome.close();
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const gone = new Promise((resolve) => this.server.once("exit", resolve));
      process.kill(-this.server.pid, "SIGTERM");
      const late = setTimeout(() => process.kill(-this.server.pid, "SIGKILL"), SECONDS * 1000);
      await gone;
      clearTimeout(late);
    }
  }

  /** Keep what was seen at a test's end, for whoever looks into a failure. */
  async look(name) {
    await this.page.screenshot({ path: join(this.home, `${name.replaceAll(/\W+/g, "-")}.png`) });
  }

  /** Open a folder, or a .code-workspace file. */
  async open(path) {
    const what = path.endsWith(".code-workspace") ? "workspace" : "folder";
    await this.page.goto(`${this.address}/?${what}=${encodeURIComponent(path)}`);
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
    if (this.opened.has(path)) return; // its windows are remembered
    this.opened.add(path);
    const side = this.page.locator(".sidebar:visible");
    await side.waitFor();
    await this.page.keyboard.press("Control+B");
    await side.waitFor({ state: "hidden" });
  }

  /** Run a command by the title that the palette shows. */
  async command(title) {
    const { page } = this;
    await page.keyboard.press("F1");
    const input = page.locator(".quick-input-widget .input");
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.pick(title);
  }

  async openFile(name) {
    const { page } = this;
    await page.keyboard.press("Control+P");
    const input = page.locator(".quick-input-widget .input");
    await input.waitFor();
    await input.fill(name);
    await this.pick(name);
    await page.locator(".tab.active", { hasText: name.split("/").at(-1) }).waitFor();
    await this.editor.waitFor();
  }

  /** Choose the entry of the open list that begins with this text. */
  async pick(text) {
    const entry = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await entry.click();
  }

  get editor() {
    return this.page.locator(".editor-instance .monaco-editor .view-lines").first();
  }

  get status() {
    return this.page.locator("[id='lambdalint.lambdalint.status']");
  }

  get squiggles() {
    return this.page.locator(".editor-instance .squiggly-warning, .editor-instance .squiggly-info");
  }

  /** What the Problems panel, once opened, says. */
  get problems() {
    return this.page.locator(".markers-panel .monaco-list-row:has(.marker-source)");
  }

  /** A piece of text in the editor, where the pointer can go. */
  text(text) {
    return this.page.locator(".editor-instance .view-line span span", { hasText: text }).first();
  }

  /** Wait until the status item's text is this, and give what it says under the pointer. */
  async statusIs(pattern) {
    const label = async () => (await this.status.count()) === 1 && (await this.status.getAttribute("aria-label"));
    return until(async () => {
      const said = await label();
      return said && pattern.test(said) && said;
    }, async () => `the status says ${pattern}, not ${await label()}`);
  }
}

/** Ask again and again until the answer is true, and give it. */
export async function until(asked, what) {
  const end = Date.now() + SECONDS * 1000;
  for (;;) {
    const answer = await asked();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${SECONDS} s: ${typeof what === "string" ? what : await what()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
