/** What a client says and asks, for some files alone: its document selector can't leave out folders within others. */

import type { Uri } from "vscode";
import type { Middleware } from "vscode-languageclient/node";

export function confined(serves: (file: Uri) => boolean): Middleware {
  const nothing = Promise.resolve();
  return {
    didOpen: (document, next) => (serves(document.uri) ? next(document) : nothing),
    didChange: (event, next) => (serves(event.document.uri) ? next(event) : nothing),
    didSave: (document, next) => (serves(document.uri) ? next(document) : nothing),
    didClose: (document, next) => (serves(document.uri) ? next(document) : nothing),
    provideDiagnostics: (document, previous, token, next) =>
      serves("uri" in document ? document.uri : document) ? next(document, previous, token) : undefined,
    provideHover: (document, position, token, next) =>
      serves(document.uri) ? next(document, position, token) : undefined,
    provideCodeActions: (document, range, context, token, next) =>
      serves(document.uri) ? next(document, range, context, token) : undefined,
    provideCodeLenses: (document, token, next) => (serves(document.uri) ? next(document, token) : undefined),
  };
}
