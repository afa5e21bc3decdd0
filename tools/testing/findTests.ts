import { join } from "node:path";

const ignored = new Set(["node_modules", ".git", ".ballast"]);

/** Does the folder hold a test file, at any depth? */
export async function hasTests(folder: string): Promise<boolean> {
  for await (const entry of entriesOf(folder)) {
    if (ignored.has(entry.name)) continue;
    if (entry.isFile && entry.name.endsWith(".test.ts")) return true;
    if (entry.isDirectory && await hasTests(join(folder, entry.name))) return true;
  }
  return false;
}

/** The folders right under `folder` that hold test files, by name. */
export async function testFolders(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of entriesOf(folder)) {
    if (entry.isDirectory && await hasTests(join(folder, entry.name))) names.push(entry.name);
  }
  return names.sort();
}

async function* entriesOf(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
