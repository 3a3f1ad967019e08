/** Which servers a window needs: folders that the same program serves in the same way share one. */

import * as path from "path";

import { isTrouble, type Found, type Program, type Trouble } from "./find";

/** A folder with what was found for it; `folder` is undefined for a window without folders. */
export interface Need {
  readonly folder: string | undefined;
  readonly enabled: boolean;
  readonly found: Found;
  readonly args: readonly string[];
  readonly codeLens: boolean;
}

export interface Wanted {
  /** The same as long as a running server needn't be started anew. */
  readonly key: string;
  readonly program: Program;
  readonly args: readonly string[];
  readonly codeLens: boolean;
  readonly folders: readonly string[];
  /** Whether it answers for files outside of its folders too: no other server and no setting speaks against it. */
  readonly everywhere: boolean;
}

export interface Plan {
  readonly servers: readonly Wanted[];
  readonly troubles: ReadonlyMap<string | undefined, Trouble>;
}

export function planned(needs: readonly Need[]): Plan {
  const troubles = new Map<string | undefined, Trouble>();
  const groups = new Map<string, Omit<Wanted, "key" | "everywhere">>();
  let served = 0;
  for (const { folder, enabled, found, args, codeLens } of needs) {
    if (!enabled) {
      continue;
    }
    if (isTrouble(found)) {
      troubles.set(folder, found);
      continue;
    }
    served += 1;
    const way = JSON.stringify([found.command, args, codeLens]);
    const folders = groups.get(way)?.folders ?? [];
    groups.set(way, {
      program: found,
      args,
      codeLens,
      folders: folder === undefined ? folders : [...folders, folder],
    });
  }
  const everywhere = groups.size === 1 && served === needs.length;
  const servers = [...groups].map(([way, wanted]) => ({
    ...wanted,
    everywhere,
    // A server that answers for some folders alone is started anew when these change, or what others have of them.
    key: JSON.stringify(everywhere ? way : [way, wanted.folders, within(wanted.folders, needs)]),
  }));
  return { servers, troubles };
}

/** The folders within others, whose files aren't for these others' server. */
function within(folders: readonly string[], needs: readonly Need[]): string[] {
  const lies = (inner: string, outer: string) => inner.startsWith(path.join(outer, path.sep));
  return needs
    .map(({ folder }) => folder)
    .filter((one) => one !== undefined)
    .filter((one) => !folders.includes(one) && folders.some((outer) => lies(one, outer)));
}
