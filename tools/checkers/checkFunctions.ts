/** Keeps three lists of the functions in step: the folders, the blocks of config.toml, and the README's table. */
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { functionNames, readTree, type SourceTree } from "./sourceTree.ts";

const configPath = "supabase/config.toml";
const readmePath = "README.md";

/** What the tables disagree on, and what a block or folder lacks. */
export function checkFunctions(tree: SourceTree): Problem[] {
  const folders = functionNames(tree);
  const blocks = configBlocks(tree.get(configPath) ?? "");
  const rows = readmeRows(tree.get(readmePath) ?? "");
  return [
    ...compare(folders, [...blocks.keys()], configPath, "block [functions.<name>]"),
    ...compare(folders, rows, readmePath, "row in the table under 'Functions'"),
    ...[...blocks].flatMap(([name, settings]) => blockProblems(name, settings)),
    ...folders.flatMap((name) => folderProblems(name, tree)),
  ];
}

function compare(folders: readonly string[], listed: readonly string[], path: string, what: string): Problem[] {
  const missing = folders.filter((name) => !listed.includes(name));
  const stale = listed.filter((name) => !folders.includes(name));
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  return [
    ...missing.map((name) => ({ path, message: `Has no ${what} for '${name}'` })),
    ...stale.map((name) => ({ path, message: `Has a ${what} for '${name}', but there is no such folder` })),
    ...twice.map((name) => ({ path, message: `Has more than one ${what} for '${name}'` })),
  ];
}

function blockProblems(name: string, settings: ReadonlyMap<string, string>): Problem[] {
  const wanted = [["verify_jwt", "false"], ["import_map", '"../import_map.json"']] as const;
  return wanted.filter(([key, value]) => settings.get(key) !== value).map(([key, value]) => ({
    path: configPath,
    message: `[functions.${name}] must say ${key} = ${value}: it says ${settings.get(key) ?? "nothing"}`,
  }));
}

function folderProblems(name: string, tree: SourceTree): Problem[] {
  const path = `supabase/functions/${name}`;
  const problems: Problem[] = [];
  if (!tree.has(`${path}/index.ts`)) problems.push({ path, message: "Has no index.ts" });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    problems.push({ path, message: "Must be named in lower case with dashes, as it is part of an address" });
  }
  for (const file of ["import_map.json", "deno.json", "package.json"]) {
    if (tree.has(`${path}/${file}`)) {
      problems.push({ path, message: `Has a ${file}, but the one import map is at the root` });
    }
  }
  return problems;
}

/** The `[functions.<name>]` blocks of a config.toml: name -> key -> value as written. */
export function configBlocks(toml: string): Map<string, Map<string, string>> {
  const blocks = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of toml.split("\n")) {
    const header = /^\s*\[([^\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      const name = /^functions\.\s*"?([^".]+)"?$/.exec(header.trim())?.[1];
      current = name === undefined ? undefined : new Map();
      if (name !== undefined && current !== undefined) blocks.set(name, current);
      continue;
    }
    const pair = /^\s*([\w-]+)\s*=\s*("[^"]*"|[^#]*?)\s*(?:#.*)?$/.exec(line);
    if (pair !== null) current?.set(pair[1]!, pair[2]!);
  }
  return blocks;
}

/** The names in the first column of the table under the heading "Functions". */
export function readmeRows(readme: string): string[] {
  const section = /^## Functions\s*$([^]*?)(?=^## |$(?![^]))/m.exec(readme)?.[1] ?? "";
  return [...section.matchAll(/^\|\s*\[([^\]]+)\]\(supabase\/functions\/([^)]+)\)/gm)]
    .map(([, text, folder]) => text === folder?.replace(/\/$/, "") ? text! : `${text} -> ${folder}`);
}

/** The rule of three lists as a checker. */
export const functionsChecker: Checker = {
  name: "functions",
  checkRoot: async (root) => ({ problems: checkFunctions(await readTree(root)) }),
};

if (import.meta.main) await runChecker(functionsChecker);
