import { dirname, join } from "node:path";
import { runAs } from "./runAs.ts";
import type { ServerPlace } from "./serverPlace.ts";
import { superuser } from "./superuser.ts";

/** The locale of messages, dates and character classes; sorting is ICU's everywhere, as on Supabase. */
const localesToTry = { linux: ["C.UTF-8", "C"], darwin: ["en_US.UTF-8", "C"] }[Deno.build.os as string] ?? ["C"];

async function initInto(place: ServerPlace, folder: string, passwordFile: string): Promise<void> {
  let failure = "";
  for (const locale of localesToTry) {
    const result = await runAs(place.user, place.binaries.initdb, [
      `--pgdata=${folder}`,
      `--username=${superuser.name}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=icu",
      "--icu-locale=en-US",
      `--locale=${locale}`,
      "--lc-messages=C",
      "--no-instructions",
      "--no-sync",
    ], { cwd: dirname(folder) });
    if (result.isSuccess) return;
    failure = result.output;
  }
  throw new Error(`Cannot create the database's data folder as initdb failed: ${failure}`);
}

/** Makes an empty data folder. Lands whole or not at all: an interrupted one is not taken for a database. */
export async function initCluster(place: ServerPlace): Promise<void> {
  const { dataFolder, user } = place;
  const partial = `${dataFolder}.partial`;
  await Deno.mkdir(dirname(dataFolder), { recursive: true });
  await Deno.remove(partial, { recursive: true }).catch(() => undefined);
  await Deno.mkdir(partial, { mode: 0o700 });
  const passwordFile = join(dirname(dataFolder), `password.${crypto.randomUUID()}`);
  try {
    await Deno.writeTextFile(passwordFile, `${superuser.password}\n`, { mode: 0o600 });
    if (user !== undefined) {
      await Deno.chown(partial, user.uid, user.gid);
      await Deno.chown(passwordFile, user.uid, user.gid);
    }
    await initInto(place, partial, passwordFile);
  } finally {
    await Deno.remove(passwordFile).catch(() => undefined);
  }
  await Deno.writeTextFile(join(partial, "postgresql.conf"), "\ninclude = 'ballast.conf'\n", { append: true });
  await Deno.rename(partial, dataFolder);
}
