/** The machine that this runs on. */

import { execFile } from "child_process";
import * as fs from "fs";
import * as os from "os";

import type { Machine } from "./find";

/** Where `pip install` and `pip install --user` put console scripts. */
const SCRIPT_FOLDERS = `
import os, sysconfig
print(sysconfig.get_path("scripts"))
print(sysconfig.get_path("scripts", os.name + "_user"))
`;
const SECONDS = 20;

export const machine: Machine = {
  platform: process.platform,
  env: process.env,
  home: os.homedir(),
  isFile(file) {
    try {
      return fs.statSync(file).isFile();
    } catch {
      return false;
    }
  },
  scriptFolders(python) {
    return new Promise((resolve) => {
      // -I: neither the folder that the editor runs in nor PYTHONPATH has a say in what is imported.
      const options = { timeout: SECONDS * 1000, windowsHide: true };
      execFile(python, ["-I", "-c", SCRIPT_FOLDERS], options, (error, stdout) => {
        resolve(error === null ? stdout.split(/\r?\n/).filter((line) => line !== "") : []);
      });
    });
  },
};

/** The environment that the server runs in: what it imports doesn't depend on the project. */
export function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PYTHONPATH: _, ...rest } = env;
  return { ...rest, PYTHONSAFEPATH: "1", PYTHONUNBUFFERED: "1" };
}
