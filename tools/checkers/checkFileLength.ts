/** Keeps files short: none over 400 lines, entry files 25 at most. */
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { isGenerated, readTree, type SourceTree } from "./sourceTree.ts";

const limit = 400;
const entryLimit = 25;

/** Every source file that is longer than its kind may be. */
export function checkFileLength(tree: SourceTree): Problem[] {
  const problems: Problem[] = [];
  for (const [path, lines] of sourceLengths(tree)) {
    const isEntry = /^supabase\/functions\/[^_/][^/]*\/index\.ts$/.test(path);
    const most = isEntry ? entryLimit : limit;
    if (lines > most) problems.push({ path, message: `Has ${lines} lines, and ${most} is the most` });
  }
  return problems;
}

/** How long the source files are: the median and the longest. */
export function lengthReport(tree: SourceTree): string {
  const lengths = [...sourceLengths(tree)].filter(([path]) => !path.endsWith(".test.ts")).sort((a, b) => a[1] - b[1]);
  const median = lengths[Math.floor(lengths.length / 2)]?.[1] ?? 0;
  const [longest, lines] = lengths.at(-1) ?? ["none", 0];
  return `      ${lengths.length} source files, median ${median} lines, longest ${lines} (${longest})`;
}

function sourceLengths(tree: SourceTree): [string, number][] {
  return [...tree].filter(([path]) => /\.(tsx?|sql)$/.test(path) && !isGenerated(path))
    .map(([path, text]) => [path, text.trimEnd().split("\n").length]);
}

/** The length rule as a checker. */
export const fileLengthChecker: Checker = {
  name: "file length",
  async checkRoot(root) {
    const tree = await readTree(root);
    return { problems: checkFileLength(tree), report: lengthReport(tree) };
  },
};

if (import.meta.main) await runChecker(fileLengthChecker);
