import { basename, dirname, join } from "node:path";
import { stableHash } from "../../supabase/functions/_shared/random/stableHash.ts";
import { binariesUnder, findBinaries, type PostgresBinaries } from "./binaries.ts";
import { copyTree } from "./copyTree.ts";
import { isReachable } from "./reachable.ts";
import { findServerUser, type ServerUser } from "./serverUser.ts";

/** Where a server's programs and data are, and who runs them. */
export interface ServerPlace {
  readonly binaries: PostgresBinaries;
  readonly dataFolder: string;
  /** Absent: our own account. */
  readonly user?: ServerUser;
}

async function firstWritable(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    try {
      await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
      await Deno.chmod(folder, 0o755);
      return folder;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof TypeError) throw error;
    }
  }
  throw new Error(`Cannot place Postgres as no folder can be written: tried '${folders.join("', '")}'`);
}

/** The stand-in for a data folder that the server's user cannot reach: named for it, so that each checkout has its own. */
export function movedDataFolder(commonFolder: string, dataFolder: string): string {
  const suffix = stableHash(dataFolder).toString(16).padStart(8, "0");
  return join(commonFolder, `${basename(dirname(dirname(dataFolder)))}-${suffix}`, basename(dataFolder));
}

async function readableBinaries(user: ServerUser, commonFolder: () => Promise<string>): Promise<PostgresBinaries> {
  const found = await findBinaries();
  if (await isReachable(found.postgres, user)) return found;
  const version = basename(dirname(found.root)) + "-" + stableHash(found.root).toString(16);
  const copy = join(await commonFolder(), `postgres-${version}`);
  await copyTree(found.root, copy);
  return binariesUnder(copy);
}

/** Decides where the server of `dataFolder` lives: in place, unless we are root and its user cannot get there. */
export async function placeServer(dataFolder: string): Promise<ServerPlace> {
  const commonFolders = ["/var/lib/ballast", "/var/tmp/ballast"];
  let user = await findServerUser(dataFolder);
  if (user === undefined) return { binaries: await findBinaries(), dataFolder };
  const commonFolder = () => firstWritable(commonFolders);
  if (!(await isReachable(dirname(dataFolder), user))) {
    dataFolder = movedDataFolder(await commonFolder(), dataFolder);
    user = await findServerUser(dataFolder) ?? user;
  }
  return { binaries: await readableBinaries(user, commonFolder), dataFolder, user };
}
