"use strict";

const vscode = require("vscode");

exports.activate = (context) => {
  const changes = new vscode.EventEmitter();
  context.subscriptions.push(
    changes,
    vscode.workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration("python.selected") && changes.fire({}),
    ),
  );
  const selected = (folder) => vscode.workspace.getConfiguration("python", folder ?? null).get("selected");
  return {
    environments: {
      getActiveEnvironmentPath: (folder) => ({ id: "", path: selected(folder) }),
      resolveEnvironment: async ({ path }) =>
        path === "" ? undefined : { executable: { uri: vscode.Uri.file(path) } },
      onDidChangeActiveEnvironmentPath: changes.event,
    },
  };
};
