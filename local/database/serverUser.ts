import { platform } from "node:os";

/** The account a server process runs under. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

async function output(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const result = await new Deno.Command(command, { args, stderr: "null" }).output();
    return result.success ? new TextDecoder().decode(result.stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // This system has no such program.
    throw error;
  }
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  const [uid, gid] = [await output("id", "-u", name), await output("id", "-g", name)];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * The account the server has to run under, or `undefined` for our own. Postgres refuses to run as root, so root hands
 * over to the owner of an existing data folder, else to `postgres` (made where missing), else to `nobody`.
 */
export async function findServerUser(dataFolder: string): Promise<ServerUser | undefined> {
  if (platform() === "win32" || Deno.uid() !== 0) return undefined;
  const owner = await Deno.stat(dataFolder).catch(() => undefined);
  if (owner?.uid && owner.gid !== null) return { uid: owner.uid, gid: owner.gid };
  const known = await lookUp("postgres") ?? await lookUp("_postgres");
  if (known !== undefined) return known;
  await output("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres");
  const user = await lookUp("postgres") ?? await lookUp("nobody");
  if (user === undefined) {
    throw new Error("Cannot run Postgres as root: there is no user 'postgres' and 'useradd' could not make one");
  }
  return user;
}
