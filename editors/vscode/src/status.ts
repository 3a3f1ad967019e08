/** What the status item says. */

import type { Program, Trouble } from "./find";

export type State =
  | { readonly kind: "off" }
  | { readonly kind: "looking" }
  | { readonly kind: "starting"; readonly program: Program }
  | { readonly kind: "running"; readonly program: Program; readonly version: string }
  | ({ readonly kind: "failed" } & Trouble);

export interface Shown {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly severity: "none" | "error";
}

const RESTART = "[Restart](command:lambdalint.restart)";
const LOG = "[Show log](command:lambdalint.showLog)";
const SETTINGS = "[Settings](command:workbench.action.openSettings?%22lambdalint.%22)";

export function shown(state: State): Shown {
  switch (state.kind) {
    case "off":
      return { text: "$(circle-slash) lambdalint", tooltip: `Turned off for this folder.\n\n${SETTINGS}`, severity: "none" };
    case "looking":
      return { text: "$(loading~spin) lambdalint", tooltip: "Looking for lambdalint …", severity: "none" };
    case "starting":
      return {
        text: "$(loading~spin) lambdalint",
        tooltip: `Starting ${plain(state.program.command)} …\n\n${LOG}`,
        severity: "none",
      };
    case "running":
      return {
        text: `$(check) lambdalint ${state.version}`,
        tooltip:
          `lambdalint ${state.version} is running: ${plain(state.program.command)}, ` +
          `from ${plain(state.program.origin)}.\n\n${RESTART} · ${LOG} · ${SETTINGS}`,
        severity: "none",
      };
    case "failed":
      return {
        text: "$(error) lambdalint",
        tooltip: `${plain(state.reason)}\n\n${plain(state.advice)}\n\n${RESTART} · ${LOG} · ${SETTINGS}`,
        severity: "error",
      };
  }
}

/** A text with programs and paths in it, of which Markdown mustn't read anything. */
export function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|~&$]/g, "\\$&");
}

/** Why a server ended before it answered: the last line that it wrote, or else how it ended. */
export function failure(stderr: string, exitCode: number | null): Trouble {
  const last = stderr.trimEnd().split(/\r?\n/).at(-1)?.trim() ?? "";
  const said = last.replace(/^lambdalint: /, "");
  const missing = /^the language server needs pygls: (.*)$/.exec(said);
  if (missing !== null) {
    return { reason: "lambdalint is installed without its language server.", advice: `Install it: ${missing[1]}` };
  }
  return {
    reason: said === "" ? `The server ended with code ${exitCode ?? "unknown"}.` : `The server ended: ${said}`,
    advice: "lambdalint's log has more.",
  };
}
