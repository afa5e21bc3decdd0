/** Holds the tree to the house's import rules, and finds cycles. */
import { findCycles } from "../graph/findCycles.ts";
import { type ImportEdge, type ModuleGraph, readModuleGraph } from "../graph/moduleGraph.ts";
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { readTree } from "./sourceTree.ts";

const functions = "supabase/functions/";
const atoms = /^supabase\/functions\/_shared\/(time|random|errors)\//;
const shared = `${functions}_shared/`;
const domains = `${functions}_domains/`;

/** What holds of one module graph: the table of ARCHITECTURE, and no cycles, type-only imports included. */
export function checkImports(graph: ModuleGraph): Problem[] {
  const problems: Problem[] = graph.errors.map(({ path, message }) => ({ path, message: `Cannot follow: ${message}` }));
  for (const edge of graph.edges) {
    const reason = edge.isLocal ? forbidden(edge) : undefined;
    if (reason === undefined) continue;
    const kind = edge.isTypeOnly ? "imports the types of" : "imports";
    problems.push({ path: edge.from, message: `Line ${edge.line} ${kind} ${edge.to}, but ${reason}` });
  }
  return [...problems, ...severalDomains(graph), ...cycles(graph)];
}

function forbidden({ from, to }: ImportEdge): string | undefined {
  if (!from.startsWith("supabase/")) return undefined;
  if (!to.startsWith("supabase/")) {
    return from.endsWith(".test.ts") ? undefined : "nothing under supabase/ may import from outside it";
  }
  if (atoms.test(from)) {
    return atoms.test(to) ? undefined : "_shared/{time,random,errors} may import only each other";
  }
  if (from.startsWith(shared)) return to.startsWith(shared) ? undefined : "_shared may import only _shared";
  if (to.startsWith(shared)) return undefined;
  if (from.startsWith(domains)) {
    const own = domainOf(from);
    if (domainOf(to) === own || (to.startsWith(domains) && to.endsWith("/ports.ts"))) return undefined;
    return `_domains/${own} may import only _shared, its own files, and the ports.ts of other domains`;
  }
  if (to.startsWith(domains) || functionOf(to) === functionOf(from)) return undefined;
  return "a function may import only _shared, its domain and its own files";
}

/** A function stands on one domain; what it needs of another comes through that domain's ports. */
function severalDomains({ edges }: ModuleGraph): Problem[] {
  const used = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const isFunction = from.startsWith(functions) && !from.slice(functions.length).startsWith("_");
    if (!isFunction || from.endsWith(".test.ts") || !to.startsWith(domains)) continue;
    const folder = functions + functionOf(from);
    used.set(folder, (used.get(folder) ?? new Set()).add(domainOf(to)));
  }
  return [...used].filter(([, names]) => names.size > 1).map(([path, names]) => ({
    path,
    message: `Imports ${names.size} domains (${[...names].sort().join(", ")}), but a function has one`,
  }));
}

function cycles({ edges }: ModuleGraph): Problem[] {
  const imports = new Map<string, string[]>();
  for (const { from, to, isLocal } of edges) {
    if (isLocal) imports.set(from, [...imports.get(from) ?? [], to]);
  }
  return findCycles(imports).map((cycle) => ({
    path: cycle[0]!,
    message: `Is part of a cycle: ${[...cycle, cycle[0]!].join(" -> ")}`,
  }));
}

function domainOf(path: string): string {
  return path.startsWith(domains) ? path.slice(domains.length).split("/")[0]! : "";
}

function functionOf(path: string): string {
  return path.slice(functions.length).split("/")[0]!;
}

/** The import rules as a checker. */
export const importsChecker: Checker = {
  name: "imports",
  async checkRoot(root) {
    const files = [...(await readTree(root)).keys()].filter((path) => /\.tsx?$/.test(path));
    const graph = await readModuleGraph(root, files);
    return {
      problems: checkImports(graph),
      report: `      ${graph.files.length} modules, ${graph.edges.length} imports`,
    };
  },
};

if (import.meta.main) await runChecker(importsChecker);
