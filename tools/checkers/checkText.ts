/** Keeps code in ASCII and free of what holds only on one machine. */
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { readTree, type SourceTree } from "./sourceTree.ts";

const code = /\.(tsx?|js|mjs|sql|toml|json|sh|css)$|(^|\/)\.ci\/run$/;

const notAscii = /[^\t\r\x20-\x7e]/u;

// Put together here, so that this file does not name what it forbids.
const host = (...parts: string[]) => new RegExp(`\\b${parts.join("\\.")}\\b`);
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.:/])\/(?:home|Users)\/[a-z][\w-]*\//, "a path of one machine"],
  [new RegExp(`(?<![\\w.:/])/(?:${["root", "work", "scratch"].join("|")})/[a-z.]`), "a path of one machine"],
  [/\b[A-Z]:\\Users\\/, "a path of one machine"],
  [host("registry", "npmjs", "org"), "a registry's host"],
  [host("registry", "yarnpkg", "com"), "a registry's host"],
  [host("npm", "jsr", "io"), "a registry's host"],
  [/\bissue\s+#?\d+\b/i, "an issue by number"],
];

/** Every file of code that is not ASCII, and every line that names what it should not. */
export function checkText(tree: SourceTree): Problem[] {
  const problems: Problem[] = [];
  for (const [path, text] of tree) {
    if (path === "deno.lock") continue;
    const lines = text.split("\n");
    const odd = code.test(path) && !isExempt(text) ? lines.findIndex((line) => notAscii.test(line)) : -1;
    if (odd >= 0) {
      const point = notAscii.exec(lines[odd]!)![0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
      problems.push({ path, message: `Line ${odd + 1} holds U+${point}, but code is ASCII: write it as an escape` });
    }
    lines.forEach((line, index) => {
      const found = forbidden.find(([pattern]) => pattern.test(line));
      if (found === undefined) return;
      problems.push({ path, message: `Line ${index + 1} names ${found[1]}: ${found[0].exec(line)![0]}` });
    });
  }
  return problems;
}

/** Files whose data is words of other languages say so to the linter, with their reason; that counts here too. */
function isExempt(text: string): boolean {
  return /^\/\/ deno-lint-ignore-file prefer-ascii -- \w/m.test(text);
}

/** The text rules as a checker. */
export const textChecker: Checker = {
  name: "text",
  checkRoot: async (root) => ({ problems: checkText(await readTree(root)) }),
};

if (import.meta.main) await runChecker(textChecker);
