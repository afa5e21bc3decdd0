/** Keeps each function small and quick to load on the hosted runtime's Deno, from only the files a deploy uploads. */
import { collectUploads } from "../deployment/collectUploads.ts";
import { type Bundle, measureBundle } from "../deployment/measureBundle.ts";
import { table } from "../table.ts";
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";

const limits = { bundleBytes: 2_000_000, loadMs: 250 };

/** The functions that are over a limit. */
export function checkBundles(bundles: readonly Bundle[]): Problem[] {
  return bundles.flatMap(({ name, bundleBytes, loadMs }) => {
    const path = `supabase/functions/${name}`;
    const problems: Problem[] = [];
    if (bundleBytes > limits.bundleBytes) {
      problems.push({
        path,
        message: `Its bundle has ${count(bundleBytes)} bytes, and ${count(limits.bundleBytes)} is the most`,
      });
    }
    if (loadMs > limits.loadMs) {
      problems.push({
        path,
        message: `Its modules load in ${loadMs.toFixed(0)} ms, and ${limits.loadMs} ms is the most`,
      });
    }
    return problems;
  });
}

/** The figures of all functions as a table. */
export function bundleTable(bundles: readonly Bundle[]): string {
  const rows = bundles.map(({ name, sourceBytes, bundleBytes, loadMs }) => [
    name,
    count(sourceBytes),
    count(bundleBytes),
    `${loadMs.toFixed(0)} ms`,
  ]);
  return table(["function", "upload bytes", "bundle bytes", "loads in"], rows);
}

function count(bytes: number): string {
  return bytes.toLocaleString("en");
}

/** The size and load-time limits as a checker. */
export const bundlesChecker: Checker = {
  name: "bundles",
  isSlow: true,
  async checkRoot(root) {
    const bundles: Bundle[] = [];
    for (const upload of await collectUploads(root)) {
      bundles.push(await measureBundle(upload, { enoughMs: limits.loadMs }));
    }
    return { problems: checkBundles(bundles), report: bundleTable(bundles).replace(/^/gm, "      ") };
  },
};

if (import.meta.main) await runChecker(bundlesChecker);
