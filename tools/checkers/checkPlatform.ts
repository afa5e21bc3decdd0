/** Keeps the runtime behind its seam: `Deno` and `EdgeRuntime` stand only in `_shared/platform/`. */
import type { Checker } from "./checker.ts";
import { codeOnly } from "./codeOnly.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { readTree, type SourceTree } from "./sourceTree.ts";

/** Every use of the runtime's globals under `supabase/functions` outside the seam; tests are excepted. */
export function checkPlatform(tree: SourceTree): Problem[] {
  const problems: Problem[] = [];
  for (const [path, source] of tree) {
    const isOurs = path.startsWith("supabase/functions/") && /\.tsx?$/.test(path) && !path.endsWith(".test.ts");
    if (!isOurs || path.startsWith("supabase/functions/_shared/platform/")) continue;
    codeOnly(source).split("\n").forEach((line, index) => {
      const name = /(?<![\w$.])(Deno|EdgeRuntime)\b|\bglobalThis\s*\.\s*(Deno|EdgeRuntime)\b/.exec(line);
      if (name === null) return;
      const what = name[1] ?? name[2];
      problems.push({ path, message: `Line ${index + 1} uses ${what}, which stands only in _shared/platform` });
    });
  }
  return problems;
}

/** The platform rule as a checker. */
export const platformChecker: Checker = {
  name: "platform",
  checkRoot: async (root) => ({ problems: checkPlatform(await readTree(root)) }),
};

if (import.meta.main) await runChecker(platformChecker);
