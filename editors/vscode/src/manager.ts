/** Keeps the servers that the window's folders need, and knows the state of each folder. */

import * as vscode from "vscode";

import { findProgram } from "./find";
import { machine } from "./machine";
import { planned, type Need, type Plan } from "./plan";
import type { PythonExtension } from "./python";
import { Server } from "./server";
import type { State } from "./status";

export class Manager implements vscode.Disposable {
  private servers: Server[] = [];
  private plan: Plan = { servers: [], troubles: new Map() };
  private work: Promise<void> = Promise.resolve();
  private looking = true;

  constructor(
    private readonly python: PythonExtension,
    private readonly log: vscode.LogOutputChannel,
    private readonly changed: () => void,
  ) {}

  /** Start what is needed now, stop what isn't any more; with `afresh` start all anew. */
  refresh(afresh = false): Promise<void> {
    this.work = this.work
      .then(() => this.fulfil(afresh))
      .catch((error: unknown) => this.log.error(`servers can't be started: ${String(error)}`));
    return this.work;
  }

  /** What is to be said of a file; of the window's first folder where there is none. */
  stateOf(file: vscode.Uri | undefined): State {
    const folder =
      (file && vscode.workspace.getWorkspaceFolder(file))?.uri.fsPath ??
      vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const trouble = this.plan.troubles.get(folder);
    if (trouble !== undefined) {
      return { kind: "failed", ...trouble };
    }
    const serving = this.servers.find(
      ({ wanted }) => wanted.everywhere || (folder !== undefined && wanted.folders.includes(folder)),
    );
    return serving?.state ?? { kind: this.looking ? "looking" : "off" };
  }

  async dispose(): Promise<void> {
    await this.work;
    await this.stop(this.servers);
  }

  private async fulfil(afresh: boolean): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [undefined];
    const plan = planned(await Promise.all(folders.map((folder) => this.need(folder))));
    const keys = new Set(plan.servers.map((wanted) => wanted.key));
    const kept = this.servers.filter(({ wanted, state }) => !afresh && state.kind !== "failed" && keys.has(wanted.key));
    const left = this.servers.filter((server) => !kept.includes(server));
    const running = new Set(kept.map((server) => server.wanted.key));
    const started = plan.servers
      .filter((wanted) => !running.has(wanted.key))
      .map((wanted) => new Server(wanted, this.log, this.changed));
    this.plan = plan;
    this.servers = [...kept, ...started];
    this.looking = false;
    for (const { reason, advice } of new Set(plan.troubles.values())) {
      this.log.error(`${reason} ${advice}`);
    }
    this.changed();
    await this.stop(left);
    // Not waited for: one that never answers must still be stopped by a restart.
    started.forEach((server) => void server.start());
  }

  private async need(folder: vscode.WorkspaceFolder | undefined): Promise<Need> {
    const settings = vscode.workspace.getConfiguration("lambdalint", folder?.uri ?? null);
    const trusted = vscode.workspace.isTrusted;
    const found = await findProgram(
      {
        folder: folder?.uri.fsPath,
        path: settings.get("path", "").trim(),
        interpreter: settings.get("interpreter", "").trim(),
        selected: await this.python.selected(folder?.uri),
        trusted,
        folders: vscode.workspace.workspaceFolders?.map((one) => one.uri.fsPath) ?? [],
      },
      machine,
    );
    return {
      folder: folder?.uri.fsPath,
      enabled: settings.get("enable", true),
      found,
      args: settings.get<string[]>("args", []),
      codeLens: settings.get("codeLens", false),
    };
  }

  private async stop(servers: readonly Server[]): Promise<void> {
    await Promise.all(servers.map((server) => server.dispose()));
  }
}
