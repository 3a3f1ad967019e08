/** The extension as VS Code meets it: commands, the status item, and when servers are looked after. */

import * as vscode from "vscode";

import { Manager } from "./manager";
import { PythonExtension } from "./python";
import { shown } from "./status";

const FIX_ALL = "source.fixAll.lambdalint";

let manager: Manager | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("lambdalint", { log: true });
  const item = vscode.window.createStatusBarItem("status", vscode.StatusBarAlignment.Right, 100);
  const show = () => {
    if (manager !== undefined) {
      display(item, manager);
    }
  };
  const python = new PythonExtension(() => void manager?.refresh(), log);
  manager = new Manager(python, log, show);

  item.name = "lambdalint";
  item.command = "lambdalint.showLog";
  const refresh = () => void manager?.refresh();
  context.subscriptions.push(
    log,
    item,
    python,
    vscode.commands.registerCommand("lambdalint.restart", () => manager?.refresh(true)),
    vscode.commands.registerCommand("lambdalint.showLog", () => log.show()),
    vscode.commands.registerCommand("lambdalint.fixAll", () =>
      vscode.commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL, apply: "first" }),
    ),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("lambdalint") && refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.extensions.onDidChange(refresh),
    vscode.window.onDidChangeActiveTextEditor(show),
  );
  show();
  await manager.refresh();
}

export async function deactivate(): Promise<void> {
  await manager?.dispose();
  manager = undefined;
}

/** The file that is worked on, while the log below it is read too. */
function inFront(): vscode.TextDocument | undefined {
  const isFile = ({ document }: vscode.TextEditor) => document.uri.scheme !== "output";
  const active = vscode.window.activeTextEditor;
  return (active === undefined || isFile(active) ? active : vscode.window.visibleTextEditors.find(isFile))?.document;
}

/** The state of what serves the file in front; nothing where that is no Python, unless there is trouble. */
function display(item: vscode.StatusBarItem, from: Manager): void {
  const document = inFront();
  const { text, tooltip, severity } = shown(from.stateOf(document?.uri));
  item.text = text;
  item.tooltip = new vscode.MarkdownString(tooltip, true);
  item.tooltip.isTrusted = { enabledCommands: ["lambdalint.restart", "lambdalint.showLog", "workbench.action.openSettings"] };
  item.backgroundColor =
    severity === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
  if (document?.languageId === "python" || severity === "error") {
    item.show();
  } else {
    item.hide();
  }
}
