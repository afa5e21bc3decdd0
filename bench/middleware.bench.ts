import * as thePackage from "@supabase/middleware";
import * as ours from "../supabase/functions/_shared/http/middleware.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { median } from "./report/median.ts";

const layers = 9;
const rounds = 15;
const requestsARound = 20_000;

type Handler = (request: Request) => Promise<Response>;
type Kit = Pick<typeof ours, "defineMiddleware" | "pipeline" | "seedContext">;

const answer = () => Promise.resolve(new Response("ok"));

/** Nine layers that add a key each, one in three of which also sees the answer: the mix of a contract function. */
function composed({ defineMiddleware, pipeline, seedContext }: Kit): Handler {
  const entries = Array.from(
    { length: layers },
    (_, index) =>
      index % 3 === 0
        ? defineMiddleware<string, undefined, Record<never, never>, number>({
          key: `key${index}`,
          run: () =>
            async function* () {
              const response: Response = yield { [`key${index}`]: index };
              return response;
            },
        } as never)
        : defineMiddleware<string, undefined, Record<never, never>, number>({
          key: `key${index}`,
          run: () => () => Promise.resolve({ [`key${index}`]: index }),
        } as never),
  );
  const app = pipeline(entries.map((entry) => (entry as unknown as () => never)()) as never, answer as never);
  const fetch = app as unknown as (request: Request, context: object) => Promise<Response>;
  return (request) => fetch(request, seedContext());
}

/** The same by hand: closures that pass a context on. */
function nestedByHand(): Handler {
  type Nested = (request: Request, context: Record<string, unknown>) => Promise<Response>;
  let nested: Nested = answer;
  for (let index = layers - 1; index >= 0; index--) {
    const inner = nested;
    nested = index % 3 === 0
      ? async (request, context) => await inner(request, { ...context, [`key${index}`]: index })
      : (request, context) => inner(request, { ...context, [`key${index}`]: index });
  }
  return (request) => nested(request, {});
}

async function microsecondsARequest(handler: Handler): Promise<number> {
  const request = new Request("http://localhost/");
  const startedAt = performance.now();
  for (let index = 0; index < requestsARound; index++) await handler(request);
  return (performance.now() - startedAt) * 1_000 / requestsARound;
}

async function measure(progress: (line: string) => void): Promise<string> {
  const sides: readonly (readonly [string, Handler])[] = [
    ["bare handler", answer],
    [`${layers} layers nested by hand`, nestedByHand()],
    [`${layers} layers, our pipeline`, composed(ours)],
    [`${layers} layers, @supabase/middleware`, composed(thePackage as unknown as Kit)],
  ];
  const times = new Map<string, number[]>(sides.map(([label]) => [label, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [label, handler] of round % 2 === 0 ? sides : [...sides].reverse()) {
      const time = await microsecondsARequest(handler);
      if (round >= 0) times.get(label)!.push(time); // The first rounds warm up.
    }
  }
  const rows = sides.map(([label]) => {
    const values = times.get(label)!;
    progress(`${label}: ${median(values).toFixed(2)} us`);
    return [label, median(values).toFixed(2), Math.min(...values).toFixed(2), Math.max(...values).toFixed(2)];
  });
  return `In one process, ${rounds} interleaved rounds of ${
    requestsARound.toLocaleString("en")
  } requests after two of warm-up, answers of a constant.

${markdownTable(["", "us a request, median", "least", "most"], rows)}`;
}

/** What composing middlewares costs a request. */
export const middlewareBench: Bench = { name: "middleware", title: "The price of the pipeline", run: measure };
