import { openBenchMarket } from "./benchMarket.ts";
import { startBenchServer } from "./benchServer.ts";
import { quantileMs, sendAtRate } from "./loadPlan.ts";
import { SideMaker } from "./sides.ts";
import { startBareInsert } from "./startBareInsert.ts";
const tell = console.log;
await using _s = await startBenchServer();
await using market = await openBenchMarket(
  { vendors: 40, products: 10000, shoppers: 2000, interactions: 200000 },
  tell,
);
await using bare = await startBareInsert(market.stack.database);
const maker = new SideMaker(market, 7);
const T = (n: number) => Array.from({ length: n }, () => maker.track("t"));
const B = (n: number) => Array.from({ length: n }, () => maker.bareInsert("b", bare.url));
const R = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const k = ["for-you", "discovery", "trending", "reorder"][i % 4]!;
    return maker.recommendations(k, `kind=${k}&limit=12`);
  });
await sendAtRate([...T(300), ...B(300), ...R(40)], 60);
for (let r = 0; r < 3; r++) {
  const a = [...await sendAtRate(T(1000), 200), ...await sendAtRate(B(1000), 200)];
  tell(
    "track",
    [0.5, 0.95, 0.99].map((q) => quantileMs(a, "t", q).toFixed(2)),
    "bare",
    [0.5, 0.95, 0.99].map((q) => quantileMs(a, "b", q).toFixed(2)),
  );
}
const a = await sendAtRate(R(200), 12);
for (const k of ["for-you", "discovery", "trending", "reorder"]) {
  tell(
    k,
    [0.5, 0.95, 0.99].map((q) => quantileMs(a, k, q).toFixed(1)),
  );
}
Deno.exit(0);
