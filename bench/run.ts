/** Runs all benchmarks, or those named, and rewrites their sections of docs/benchmarks.md. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { print } from "../tools/print.ts";
import { projectRoot } from "../tools/projectRoot.ts";
import { cacheBench } from "./cache.bench.ts";
import { fleetBench } from "./fleet.bench.ts";
import { httpBench } from "./http.bench.ts";
import { middlewareBench } from "./middleware.bench.ts";
import { monitorBench } from "./monitor.bench.ts";
import { personalizationBench } from "./personalization.bench.ts";
import { policiesBench } from "./policies.bench.ts";
import { recsBench } from "./recs.bench.ts";
import type { Bench } from "./report/bench.ts";
import { loadBefore, machineFacts } from "./report/machineFacts.ts";
import { replaceMarkedSection } from "./report/markedSection.ts";
import { resilientDbBench } from "./resilientDb.bench.ts";

const benches: readonly Bench[] = [
  cacheBench,
  fleetBench,
  httpBench,
  middlewareBench,
  monitorBench,
  personalizationBench,
  policiesBench,
  recsBench,
  resilientDbBench,
];
const documentPath = join(projectRoot, "docs", "benchmarks.md");

const names = Deno.args.filter((argument) => !argument.startsWith("-"));
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  print(`Cannot run ${unknown.join(", ")}: there are ${benches.map(({ name }) => name).join(", ")}`);
  Deno.exit(1);
}
for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  print(`${bench.name}: ${bench.title}`);
  const load = loadBefore();
  const result = await bench.run((line) => print(`  ${line}`));
  const date = new Date().toISOString().slice(0, 10);
  const body = `## ${bench.title}

Measured on ${date} with \`deno task bench ${bench.name}\`. ${machineFacts()}; load average before: ${load}.

${result}`;
  const document = await readFile(documentPath, "utf8");
  await writeFile(documentPath, replaceMarkedSection(document, bench.name, body));
  print(result);
}
await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", documentPath] }).output();
Deno.exit(0);
