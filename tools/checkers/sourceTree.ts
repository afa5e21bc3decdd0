import { join } from "node:path";

/** The text files of a checkout: path relative to it, with forward slashes -> text. */
export type SourceTree = ReadonlyMap<string, string>;

const ignored = new Set(["node_modules", ".git", ".ballast", ".temp", ".branches"]);
const textFile = /\.(ts|tsx|js|mjs|css|html|sql|md|toml|json|sh|yml|yaml)$|(^|\/)\.ci\/run$/;

/** Reads the text files under `root`. */
export async function readTree(root: string): Promise<SourceTree> {
  const tree = new Map<string, string>();
  const visit = async (folder: string) => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory && !ignored.has(entry.name)) await visit(path);
      if (entry.isFile && textFile.test(path)) tree.set(path, await Deno.readTextFile(join(root, path)));
    }
  };
  await visit("");
  return new Map([...tree].sort(([one], [other]) => one < other ? -1 : 1));
}

/** Is the file written by one of our generators? Its length and style are not ours to judge. */
export function isGenerated(path: string): boolean {
  return /\/(openapiDocument|databaseTypes|migrationVersions)\.ts$/.test(path) || path === "docs/openapi.json";
}

/** The functions of a tree: the folders a deploy would take, by name. */
export function functionNames(tree: SourceTree): string[] {
  const names = new Set<string>();
  for (const path of tree.keys()) {
    const name = /^supabase\/functions\/([^_/][^/]*)\//.exec(path)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort();
}
