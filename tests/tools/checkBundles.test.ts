import assert from "node:assert/strict";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { bundleTable, checkBundles, isQuick } from "../../tools/checkers/checkBundles.ts";
import { measureBundles } from "../../tools/deployment/measureBundles.ts";
import { measureLoads } from "../../tools/deployment/measureLoads.ts";
import { yardstickReferenceMs } from "../../tools/deployment/yardstick.ts";

const fine = { name: "ops-health", sourceBytes: 1_234, bundleBytes: 2_000_000, loadMs: 250 };
const yardstickMs = yardstickReferenceMs;

Deno.test("what stays within both limits is fine", () => {
  assert.deepEqual(checkBundles({ bundles: [fine], yardstickMs }), []);
});

Deno.test("a large bundle and a slow load are two problems, with their figures", () => {
  const heavy = { ...fine, name: "heavy", bundleBytes: 2_000_001, loadMs: 251 };
  assert.deepEqual(checkBundles({ bundles: [fine, heavy], yardstickMs }), [
    { path: "supabase/functions/heavy", message: "Its bundle has 2,000,001 bytes, and 2,000,000 is the most" },
    { path: "supabase/functions/heavy", message: "Its modules load in 251 ms, and 250 ms is the most" },
  ]);
});

Deno.test("where the yardstick takes longer a load may, and where it takes less a load may take no less", () => {
  const measured = (loadMs: number, yardstickMs: number) => ({ bundles: [{ ...fine, loadMs }], yardstickMs });
  assert.deepEqual(checkBundles(measured(625, 100)), []);
  assert.deepEqual(checkBundles(measured(626, 100)), [{
    path: "supabase/functions/ops-health",
    message: "Its modules load in 626 ms, and 625 ms is the most on a machine whose yardstick takes 100 ms",
  }]);
  assert.deepEqual([isQuick(measured(625, 100)), isQuick(measured(626, 100))], [true, false]);
  assert.deepEqual([isQuick(measured(250, 10)), isQuick(measured(251, 10))], [true, false]);
});

Deno.test("a slow and unsteady machine neither condemns a function nor lets a slow one through", async () => {
  const random = seededRandom(7);
  // On the reference machine the yardstick takes 40 ms, `quick` 109 ms, which is what ops-health took, and `slow` 400 ms.
  const work = { _yardstick: yardstickReferenceMs, quick: 109, slow: 400 };
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const slowness = 1 + random.next() * 20;
    let rounds = 0;
    let phase = 1;
    const subjects = Object.entries(work).map(([name, workMs], index) => ({
      name,
      load() {
        if (index === 0 && rounds++ % 2 === 0) phase = 1 + random.next() * 2; // Other work, for two rounds.
        return Promise.resolve(workMs * slowness * phase * (1 + random.next() * 0.5));
      },
    }));
    const measuredOf = (quickest: ReadonlyMap<string, number>) => ({
      bundles: ["quick", "slow"].map((name) => ({ ...fine, name, loadMs: quickest.get(name)! })),
      yardstickMs: quickest.get("_yardstick")!,
    });
    const measured = measuredOf(
      await measureLoads(subjects, { isEnough: (quickest) => isQuick(measuredOf(quickest)) }),
    );
    assert.deepEqual(checkBundles(measured).map(({ path }) => path), ["supabase/functions/slow"]);
  }
});

Deno.test("the table lines figures up to the right", () => {
  assert.equal(
    bundleTable({ bundles: [fine, { ...fine, name: "x", loadMs: 9 }], yardstickMs: 80 }),
    [
      "function    upload bytes  bundle bytes  loads in  yardstick  may take",
      "ops-health         1,234     2,000,000    250 ms      80 ms    500 ms",
      "x                  1,234     2,000,000      9 ms      80 ms    500 ms",
    ].join("\n"),
  );
});

Deno.test("measures what a function imports on the real Deno 2.1.4: a slow one is slow on any machine", async () => {
  const upload = (name: string, text: string) => {
    const entrypoint = `supabase/functions/${name}/index.ts`;
    const files = new Map([
      ["import_map.json", JSON.stringify({ imports: { postgres: "npm:postgres@3.4.9", zod: "npm:zod@4.6.7" } })],
      [entrypoint, `import postgres from "../_shared/postgres.ts";\nexport default { fetch: () => postgres };\n`],
      ["supabase/functions/_shared/postgres.ts", text],
    ]);
    return { name, files, entrypoint, importMap: "import_map.json" };
  };
  const quick = upload("quick", `export { default } from "postgres";\n`);
  // Loads what the yardstick loads, and waits twelve times as long as that took, wherever it runs.
  const slow = upload(
    "slow",
    `const startedAt = performance.now();
    const { default: postgres } = await import("postgres");
    await import("zod");
    const tookMs = performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, 12 * tookMs + ${yardstickReferenceMs * 12}));
    export default postgres;\n`,
  );
  const measured = await measureBundles([quick, slow], { mostRounds: 3 });
  const [{ bundleBytes, loadMs }] = measured.bundles as [typeof fine];
  assert.ok(bundleBytes > 50_000 && bundleBytes < 500_000, `${bundleBytes} bytes`);
  assert.ok(loadMs > 0 && measured.yardstickMs > 0);
  const problems = checkBundles(measured);
  assert.deepEqual(problems.map(({ path }) => path), ["supabase/functions/slow"], bundleTable(measured));
  assert.match(problems[0]!.message, /^Its modules load in \d+ ms/);
});
