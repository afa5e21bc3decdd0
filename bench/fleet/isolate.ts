/** One isolate of the fleet: a worker that shares nothing with the others but the database. */
import { type BreakerSide, type IsolateSetup, openSide } from "./breakerSides.ts";

/** What an isolate is told to do. */
export type IsolateOrder =
  | { readonly kind: "open"; readonly setup: IsolateSetup; readonly dependencyUrl: string }
  | { readonly kind: "call"; readonly times: number; readonly pauseMs: number }
  | { readonly kind: "close" };

/** What came of its calls. */
export interface IsolateReport {
  /** Calls made and let through, by the share that the isolate knew of. */
  readonly byShare: Readonly<Record<string, { made: number; through: number }>>;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<IsolateOrder>) => void;
  postMessage(report: IsolateReport | "ready"): void;
};
let side: BreakerSide | undefined;
let url = "";

async function callDependency(): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The dependency answered ${response.status}`);
}

async function call(times: number, pauseMs: number): Promise<IsolateReport> {
  const byShare: Record<string, { made: number; through: number }> = {};
  for (let time = 0; time < times; time++) {
    const share = side!.share();
    const counted = byShare[share] ??= { made: 0, through: 0 };
    counted.made++;
    const through = () => {
      counted.through++;
      return callDependency();
    };
    await side!.execute(through).catch(() => {});
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return { byShare };
}

scope.onmessage = async ({ data: order }) => {
  switch (order.kind) {
    case "open":
      url = order.dependencyUrl;
      side = await openSide(order.setup);
      return scope.postMessage("ready");
    case "call":
      return scope.postMessage(await call(order.times, order.pauseMs));
    case "close":
      await side?.close();
      return scope.postMessage("ready");
  }
};
