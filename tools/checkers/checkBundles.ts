/** Keeps each function small and quick to load on the hosted runtime's Deno, from only the files a deploy uploads. */
import { collectUploads } from "../deployment/collectUploads.ts";
import { measureBundles, type MeasuredBundles } from "../deployment/measureBundles.ts";
import { yardstickReferenceMs } from "../deployment/yardstick.ts";
import { table } from "../table.ts";
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";

/** `loadMs` is meant for a machine on which the yardstick takes `yardstickReferenceMs`. */
const limits = { bundleBytes: 2_000_000, loadMs: 250 };

/** The functions that are over a limit. */
export function checkBundles({ bundles, yardstickMs }: MeasuredBundles): Problem[] {
  const mostMs = allowedMs(yardstickMs);
  return bundles.flatMap(({ name, bundleBytes, loadMs }) => {
    const path = `supabase/functions/${name}`;
    const problems: Problem[] = [];
    if (bundleBytes > limits.bundleBytes) {
      problems.push({
        path,
        message: `Its bundle has ${count(bundleBytes)} bytes, and ${count(limits.bundleBytes)} is the most`,
      });
    }
    if (loadMs > mostMs) {
      const where = mostMs > limits.loadMs ? ` on a machine whose yardstick takes ${ms(yardstickMs)}` : "";
      problems.push({ path, message: `Its modules load in ${ms(loadMs)}, and ${ms(mostMs)} is the most${where}` });
    }
    return problems;
  });
}

/** The figures of all functions as a table. */
export function bundleTable({ bundles, yardstickMs }: MeasuredBundles): string {
  const rows = bundles.map(({ name, sourceBytes, bundleBytes, loadMs }) => [
    name,
    count(sourceBytes),
    count(bundleBytes),
    ms(loadMs),
    ms(yardstickMs),
    ms(allowedMs(yardstickMs)),
  ]);
  return table(["function", "upload bytes", "bundle bytes", "loads in", "yardstick", "may take"], rows);
}

/** Does every function load within what it may take? */
export function isQuick({ bundles, yardstickMs }: MeasuredBundles): boolean {
  return bundles.every(({ loadMs }) => loadMs <= allowedMs(yardstickMs));
}

/** A slow machine is no slow function: there the limit grows as the yardstick does. A quick one takes nothing off. */
function allowedMs(yardstickMs: number): number {
  return limits.loadMs * Math.max(1, yardstickMs / yardstickReferenceMs);
}

function count(bytes: number): string {
  return bytes.toLocaleString("en");
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`;
}

/** The size and load-time limits as a checker. */
export const bundlesChecker: Checker = {
  name: "bundles",
  isSlow: true,
  async checkRoot(root) {
    const measured = await measureBundles(await collectUploads(root), { isEnough: isQuick });
    return { problems: checkBundles(measured), report: bundleTable(measured).replace(/^/gm, "      ") };
  },
};

if (import.meta.main) await runChecker(bundlesChecker);
