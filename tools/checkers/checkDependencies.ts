/** Keeps dependencies exact, from npm alone, and named in one place: the import map. */
import { type ModuleGraph, readModuleGraph } from "../graph/moduleGraph.ts";
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { readTree, type SourceTree } from "./sourceTree.ts";

const mapPath = "import_map.json";
const exactNpm = /^npm:((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)@(\d+\.\d+\.\d+(?:-[\w.-]+)?)(\/[\w./-]+)?$/;

/** What is wrong with the import map, and which imports go past it. */
export function checkDependencies(tree: SourceTree, graph: ModuleGraph): Problem[] {
  const { imports = {}, scopes } = JSON.parse(tree.get(mapPath) ?? "{}") as {
    imports?: Record<string, string>;
    scopes?: unknown;
  };
  const problems: Problem[] = [];
  const versions = new Map<string, string>();
  if (scopes !== undefined) problems.push({ path: mapPath, message: "Has scopes, but one name means one package" });
  for (const [name, target] of Object.entries(imports)) {
    const match = exactNpm.exec(target);
    if (match === null) {
      problems.push({ path: mapPath, message: `'${name}' must be npm:<package>@<exact version>: it is '${target}'` });
      continue;
    }
    const [, packageName, version] = match as unknown as [string, string, string];
    const other = versions.get(packageName);
    versions.set(packageName, version);
    if (other === undefined || other === version) continue;
    problems.push({ path: mapPath, message: `'${packageName}' has two versions: ${other} and ${version}` });
  }
  for (const { from, specifier, line, isLocal } of graph.edges) {
    if (isLocal && !/^\.\.?\//.test(specifier)) {
      problems.push({
        path: from,
        message: `Line ${line} imports '${specifier}', but files are imported by relative path`,
      });
    }
    if (/^(npm|jsr|https?):/.test(specifier)) {
      problems.push({ path: from, message: `Line ${line} imports '${specifier}' past the import map` });
    }
  }
  const nodeProject = [...tree.keys()].filter((path) => /^(supabase\/.*)?package\.json$/.test(path));
  // Measured: beside the code it switches Deno 2.1.4 to manual npm resolution, and every npm: import fails.
  return [...problems, ...nodeProject.map((path) => ({ path, message: "Breaks npm imports on Deno 2.1.4" }))];
}

/** The dependency rules as a checker. */
export const dependenciesChecker: Checker = {
  name: "dependencies",
  async checkRoot(root) {
    const tree = await readTree(root);
    const files = [...tree.keys()].filter((path) => /\.tsx?$/.test(path));
    return { problems: checkDependencies(tree, await readModuleGraph(root, files)) };
  },
};

if (import.meta.main) await runChecker(dependenciesChecker);
