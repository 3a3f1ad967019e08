/** Which program serves a folder. Knows nothing of VS Code: what it asks of the machine is handed in. */

import * as path from "path";

/** What is asked of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  isFile(file: string): boolean;
  /** The folders that an interpreter installs console scripts into, asked of the interpreter itself. */
  scriptFolders(python: string): Promise<string[]>;
}

/** What is known of a folder; `folder` is undefined for files outside of all folders. */
export interface Place {
  readonly folder: string | undefined;
  /** The settings `lambdalint.path` and `lambdalint.interpreter`; empty where they aren't set. */
  readonly path: string;
  readonly interpreter: string;
  /** The interpreter that is selected in the Python extension. */
  readonly selected: string | undefined;
  /** Whether programs that lie in the workspace may be started, and its folders. */
  readonly trusted: boolean;
  readonly folders: readonly string[];
}

export interface Program {
  readonly command: string;
  /** In words: where it was found. */
  readonly origin: string;
}

/** Why there is no program, and what can be done about it. */
export interface Trouble {
  readonly reason: string;
  readonly advice: string;
}

export type Found = Program | Trouble;

export function isTrouble(found: Found): found is Trouble {
  return "reason" in found;
}

export const PACKAGE = "lambdalint[lsp]";
const VENVS = [".venv", "venv"];

/** The first of: the settings, the selected interpreter, the folder's virtual environment, PATH. */
export async function findProgram(place: Place, machine: Machine): Promise<Found> {
  return new Search(place, machine).run();
}

class Search {
  private readonly paths: path.PlatformPath;
  private readonly suffix: string;

  constructor(
    private readonly place: Place,
    private readonly machine: Machine,
  ) {
    const windows = machine.platform === "win32";
    this.paths = windows ? path.win32 : path.posix;
    this.suffix = windows ? ".exe" : "";
  }

  async run(): Promise<Found> {
    if (this.place.path !== "") {
      return this.named(this.place.path);
    }
    if (this.place.interpreter !== "") {
      return this.ofInterpreterSetting(this.place.interpreter);
    }
    const selected = this.allowed(this.place.selected) ? this.place.selected : undefined;
    return (
      (selected && (await this.ofInterpreter(selected, "the selected interpreter"))) ||
      (await this.ofVenv()) ||
      this.onPath() ||
      this.nothing(selected)
    );
  }

  private named(setting: string): Found {
    const command = this.executable(setting);
    if (command === undefined) {
      return { reason: `lambdalint.path names ${setting}, which isn't there.`, advice: "Correct the setting." };
    }
    return this.allowed(command) ? { command, origin: "lambdalint.path" } : this.restricted();
  }

  private async ofInterpreterSetting(setting: string): Promise<Found> {
    const python = this.executable(setting);
    if (python === undefined) {
      return { reason: `lambdalint.interpreter names ${setting}, which isn't there.`, advice: "Correct the setting." };
    }
    if (!this.allowed(python)) {
      return this.restricted();
    }
    return (await this.ofInterpreter(python, "lambdalint.interpreter")) ?? this.missingIn(python);
  }

  /** The console script beside an interpreter; else where the interpreter says that it keeps them. */
  private async ofInterpreter(python: string, origin: string): Promise<Program | undefined> {
    const beside = this.script(this.paths.dirname(python));
    if (this.machine.isFile(beside)) {
      return { command: beside, origin: `${origin}, ${python}` };
    }
    const folders = this.machine.isFile(python) ? await this.machine.scriptFolders(python) : [];
    const command = folders.map((folder) => this.script(folder)).find((script) => this.machine.isFile(script));
    return command === undefined ? undefined : { command, origin: `${origin}, ${python}` };
  }

  private async ofVenv(): Promise<Program | undefined> {
    if (this.place.folder === undefined || !this.place.trusted) {
      return undefined;
    }
    const bin = this.machine.platform === "win32" ? "Scripts" : "bin";
    for (const name of VENVS) {
      const command = this.script(this.paths.join(this.place.folder, name, bin));
      if (this.machine.isFile(command)) {
        return { command, origin: `the folder's ${name}` };
      }
    }
    return undefined;
  }

  private onPath(): Program | undefined {
    const command = this.lookUp(`lambdalint${this.suffix}`, (file) => this.allowed(file));
    return command === undefined ? undefined : { command, origin: "PATH" };
  }

  private nothing(selected: string | undefined): Trouble {
    if (!this.place.trusted) {
      return this.restricted();
    }
    if (selected !== undefined) {
      return this.missingIn(selected);
    }
    return {
      reason: "lambdalint was found neither in the folder's virtual environment nor on PATH.",
      advice: `Install it: pip install "${PACKAGE}", or name its program in the setting lambdalint.path.`,
    };
  }

  private missingIn(python: string): Trouble {
    return {
      reason: `lambdalint isn't installed in ${python}.`,
      advice: `Install it: ${quoted(python)} -m pip install "${PACKAGE}", or select another interpreter.`,
    };
  }

  private restricted(): Trouble {
    return {
      reason: "Nothing that lies in this workspace is started while it isn't trusted.",
      advice: "Trust the workspace, or have lambdalint on your PATH.",
    };
  }

  /** Whether a program may be started: in a workspace that isn't trusted, those that lie in it may not. */
  private allowed(file: string | undefined): file is string {
    if (file === undefined || this.place.trusted) {
      return file !== undefined;
    }
    return !this.place.folders.some((folder) => this.lies(file, folder));
  }

  private lies(file: string, folder: string): boolean {
    const way = this.paths.relative(folder, file);
    return way === "" || !(way === ".." || way.startsWith(`..${this.paths.sep}`) || this.paths.isAbsolute(way));
  }

  /** A program that a setting names: a path, or a name that PATH knows. */
  private executable(setting: string): string | undefined {
    const { folder } = this.place;
    let file = setting.replace(/^~(?=$|[/\\])/, () => this.machine.home);
    if (folder !== undefined) {
      file = file.replaceAll("${workspaceFolder}", () => folder);
    }
    if (!/[/\\]/.test(file)) {
      return this.lookUp(file, () => true);
    }
    if (!this.paths.isAbsolute(file)) {
      if (folder === undefined) {
        return undefined;
      }
      file = this.paths.join(folder, file);
    }
    file = this.paths.normalize(file);
    return [file, file + this.suffix].find((one) => this.machine.isFile(one));
  }

  /** Relative entries of PATH count from wherever the editor was started, so they are left out. */
  private lookUp(name: string, admits: (file: string) => boolean): string | undefined {
    const entries = (this.machine.env["PATH"] ?? this.machine.env["Path"] ?? "").split(this.paths.delimiter);
    return entries
      .filter((entry) => this.paths.isAbsolute(entry))
      .flatMap((entry) => [this.paths.join(entry, name), this.paths.join(entry, name + this.suffix)])
      .find((file) => this.machine.isFile(file) && admits(file));
  }

  private script(folder: string): string {
    return this.paths.join(folder, `lambdalint${this.suffix}`);
  }
}

function quoted(program: string): string {
  return /\s/.test(program) ? `"${program}"` : program;
}
