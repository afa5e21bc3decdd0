import { basename, join } from "node:path";

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function readLinks(packageFolder: string): Promise<LibraryLink[]> {
  try {
    return JSON.parse(await Deno.readTextFile(join(packageFolder, "native", "pg-symlinks.json")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []; // Not every platform's libraries need links.
    throw error;
  }
}

/**
 * Makes the links between library versions (ICU, libpq) that npm archives cannot hold. The package's install script
 * does the same, but is not run where scripts are not allowed; without the links initdb cannot even load.
 */
export async function ensureLibraryLinks(packageFolder: string): Promise<void> {
  for (const { source, target } of await readLinks(packageFolder)) {
    const path = join(packageFolder, target);
    if (await exists(path)) continue;
    await Deno.symlink(basename(source), path).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // Another process was faster.
    });
  }
}
