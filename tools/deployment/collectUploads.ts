import { join } from "node:path";
import { functionNames, readTree } from "../checkers/sourceTree.ts";
import { type ModuleGraph, readModuleGraph } from "../graph/moduleGraph.ts";
import type { Upload } from "./upload.ts";

/**
 * What `supabase functions deploy --use-api` would send, function by function: the entry, every file its imports lead
 * to (type-only and dynamic ones included), and the import map. The deploy rehearsal holds this against the real CLI.
 */
export async function collectUploads(root: string): Promise<Upload[]> {
  const names = functionNames(await readTree(root));
  const graph = await readModuleGraph(root, names.map(entryOf));
  if (graph.errors[0] !== undefined) {
    throw new Error(`Cannot collect the files of a deploy: ${graph.errors[0].path}: ${graph.errors[0].message}`);
  }
  return await Promise.all(names.map((name) => collect(root, name, graph)));
}

async function collect(root: string, name: string, graph: ModuleGraph): Promise<Upload> {
  const entrypoint = entryOf(name);
  const importMap = "import_map.json";
  const files = new Map<string, string>();
  for (const path of [importMap, ...reachable(entrypoint, graph)]) {
    files.set(path, await Deno.readTextFile(join(root, path)));
  }
  return { name, files, entrypoint, importMap };
}

function reachable(entry: string, { edges }: ModuleGraph): string[] {
  const found = new Set([entry]);
  for (const file of found) { // A set hands out what is added while it is walked.
    for (const { from, to, isLocal } of edges) {
      if (from === file && isLocal) found.add(to);
    }
  }
  return [...found].sort();
}

function entryOf(name: string): string {
  return `supabase/functions/${name}/index.ts`;
}
