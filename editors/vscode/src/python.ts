/** What the Python extension tells, where it is installed. */

import * as vscode from "vscode";

/** The part of its interface that is used here. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

const ID = "ms-python.python";
const MILLISECONDS_TO_ANSWER = 20_000;

export class PythonExtension implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[] = [];
  private listening: PythonApi | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The interpreter that is selected for a folder. */
  selected(folder: vscode.Uri | undefined): Promise<string | undefined> {
    const asked = this.ask(folder);
    return new Promise((resolve) => {
      // No server would be started, or ever again, while this is waited for.
      const late = setTimeout(() => {
        this.log.warn("the Python extension doesn't say yet which interpreter is selected");
        resolve(undefined);
        void asked.then(this.changed);
      }, MILLISECONDS_TO_ANSWER);
      void asked.then((python) => {
        clearTimeout(late);
        resolve(python);
      });
    });
  }

  private async ask(folder: vscode.Uri | undefined): Promise<string | undefined> {
    try {
      const api = await this.api();
      if (api === undefined) {
        return undefined;
      }
      const active = api.environments.getActiveEnvironmentPath(folder);
      const environment = await api.environments.resolveEnvironment(active);
      return environment?.executable.uri?.fsPath;
    } catch (error) {
      this.log.warn(`the Python extension doesn't say which interpreter is selected: ${String(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    this.listeners.forEach((listener) => listener.dispose());
  }

  private async api(): Promise<PythonApi | undefined> {
    const extension = vscode.extensions.getExtension<PythonApi | undefined>(ID);
    const api = await extension?.activate();
    if (api?.environments !== undefined && api !== this.listening) {
      this.listening = api;
      this.listeners.push(api.environments.onDidChangeActiveEnvironmentPath(() => this.changed()));
    }
    return api?.environments === undefined ? undefined : api;
  }
}
