/** One running server and its client. */

import { spawn, type ChildProcess } from "child_process";
import * as path from "path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State as ClientState,
  type DocumentFilter,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

import { serverEnvironment } from "./machine";
import { confined } from "./confined";
import type { Wanted } from "./plan";
import { failure, type State } from "./status";

/** Besides Python: what may describe a deployment (its inline code and handlers are checked too), and configuration. */
const OTHERS = "{*.yaml,*.yml,*.json,*.template,*.tf,lambdalint.toml,pyproject.toml}";
const MILLISECONDS_TO_LEAVE = 2000;
const RESTARTS = 3;
const KEPT = 8000; // characters of standard error

/** Tells of trouble in its log alone: the status item is there to say what is wrong. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** The client itself hands in `false`, which it means for what comes after. */
  override info(message: string, data?: unknown, showNotification?: boolean): void {
    super.info(message, data === false ? undefined : data, showNotification);
  }
}

export class Server implements vscode.Disposable {
  state: State;
  private readonly client: LanguageClient;
  private readonly crashes: ErrorHandler;
  private process: ChildProcess | undefined;
  private stderr = "";
  private ran = false;
  private stopping = false;

  constructor(
    readonly wanted: Wanted,
    private readonly log: vscode.LogOutputChannel,
    private readonly changed: () => void,
  ) {
    this.state = { kind: "starting", program: wanted.program };
    const options = { codeLens: wanted.codeLens };
    const client: LanguageClientOptions = {
      documentSelector: selector(wanted),
      initializationOptions: options,
      // A server may ask again; what is so for the window isn't so for each folder, and changes start another server.
      middleware: {
        ...confined((file) => this.serves(file)),
        workspace: {
          configuration: (asked) => asked.items.map(() => options),
          didChangeConfiguration: () => Promise.resolve(),
        },
      },
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(),
      },
    };
    this.client = new QuietClient("lambdalint", "lambdalint", () => this.spawned(), client);
    this.crashes = this.client.createDefaultErrorHandler(RESTARTS);
    this.client.onDidChangeState((event) => {
      if (event.newState === ClientState.Running) {
        this.ran = true;
        const version = this.client.initializeResult?.serverInfo?.version ?? "";
        this.turn({ kind: "running", program: wanted.program, version });
        log.info(`lambdalint ${version} is running`);
      } else if (event.newState === ClientState.Starting) {
        this.turn({ kind: "starting", program: wanted.program });
      }
    });
  }

  async start(): Promise<void> {
    try {
      await this.client.start();
    } catch (error) {
      if (this.state.kind !== "failed" && !this.stopping) {
        this.fail(failure(this.stderr || String(error), this.process?.exitCode ?? null));
      }
    }
  }

  async dispose(): Promise<void> {
    this.stopping = true;
    const process = this.process;
    try {
      await this.client.dispose(MILLISECONDS_TO_LEAVE);
    } catch {
      // It has ended already, or doesn't answer.
    }
    if (process !== undefined && isAlive(process)) {
      const late = setTimeout(() => process.kill(), MILLISECONDS_TO_LEAVE);
      process.once("exit", () => clearTimeout(late));
    }
  }

  private spawned(): Promise<ChildProcess> {
    const { program, args, folders } = this.wanted;
    this.stderr = "";
    this.log.info(`starting ${[program.command, "server", ...args].join(" ")} (from ${program.origin})`);
    const child = spawn(program.command, ["server", ...args], {
      cwd: folders[0] ?? path.dirname(program.command),
      env: serverEnvironment(process.env),
      windowsHide: true,
    });
    this.process = child;
    child.stderr.on("data", (data: Buffer) => {
      this.stderr = (this.stderr + data.toString()).slice(-KEPT);
    });
    return new Promise((resolve, reject) => {
      child.once("spawn", () => resolve(child));
      child.once("error", reject);
    });
  }

  /** The server has gone without having been asked to. */
  private async closed(): Promise<{ action: CloseAction; handled: boolean }> {
    const gone = { action: CloseAction.DoNotRestart, handled: true };
    if (this.stopping) {
      return gone;
    }
    const exitCode = await this.exitCode();
    const trouble = failure(this.stderr, exitCode);
    this.log.error(`the server has ended with ${exitCode ?? this.process?.signalCode ?? "an unknown code"}`);
    if (this.ran && (await this.crashes.closed()).action === CloseAction.Restart) {
      return { action: CloseAction.Restart, handled: true };
    }
    this.fail(trouble);
    return gone;
  }

  /** Its output ends before it does. */
  private exitCode(): Promise<number | null> {
    const process = this.process;
    if (process === undefined || !isAlive(process)) {
      return Promise.resolve(process?.exitCode ?? null);
    }
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(null), MILLISECONDS_TO_LEAVE);
      process.once("close", (code) => {
        clearTimeout(late);
        resolve(code);
      });
    });
  }

  /** Whether a file is for this server: one in a folder within its folders may be for another, or for none. */
  private serves(file: vscode.Uri): boolean {
    const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath;
    return this.wanted.everywhere || (folder !== undefined && this.wanted.folders.includes(folder));
  }

  private fail(trouble: { reason: string; advice: string }): void {
    this.log.error(`${trouble.reason} ${trouble.advice}`);
    this.turn({ kind: "failed", ...trouble });
  }

  private turn(state: State): void {
    this.state = state;
    this.changed();
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** The files that a server may answer for; which of them are for another one is told by the folders. */
function selector({ everywhere, folders }: Wanted): DocumentFilter[] {
  const filters = (inside: (glob: string) => vscode.GlobPattern): vscode.DocumentFilter[] => [
    { scheme: "file", language: "python", pattern: inside("**") },
    { scheme: "file", pattern: inside(`**/${OTHERS}`) },
  ];
  const found = everywhere
    ? filters((glob) => glob)
    : folders.flatMap((folder) => filters((glob) => new vscode.RelativePattern(vscode.Uri.file(folder), glob)));
  // The client hands them to VS Code as they are; its own type knows patterns as texts alone.
  return found as DocumentFilter[];
}
