import type { IsolateSetup } from "./breakerSides.ts";
import type { IsolateOrder, IsolateReport } from "./isolate.ts";

/** An isolate as the bench holds it. */
export class BenchIsolate implements AsyncDisposable {
  readonly #worker = new Worker(new URL("./isolate.ts", import.meta.url), { type: "module" });

  #order<Answer>(order: IsolateOrder): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => resolve(data);
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(order);
    });
  }

  static async open(setup: IsolateSetup, dependencyUrl: string): Promise<BenchIsolate> {
    const isolate = new BenchIsolate();
    await isolate.#order({ kind: "open", setup, dependencyUrl });
    return isolate;
  }

  call(times: number, pauseMs = 0): Promise<IsolateReport> {
    return this.#order({ kind: "call", times, pauseMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#order({ kind: "close" });
    this.#worker.terminate();
  }
}

/** Many of them, set up and waiting. */
export async function openIsolates(count: number, setup: IsolateSetup, dependencyUrl: string): Promise<BenchIsolate[]> {
  const isolates: BenchIsolate[] = [];
  for (let number = 0; number < count; number++) isolates.push(await BenchIsolate.open(setup, dependencyUrl));
  return isolates;
}

export async function closeIsolates(isolates: readonly BenchIsolate[]): Promise<void> {
  await Promise.all(isolates.map((isolate) => isolate[Symbol.asyncDispose]()));
}
