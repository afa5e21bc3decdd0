import { stampHeaders } from "./stampHeaders.ts";

type HeadersOf = () => Readonly<Record<string, string>>;

const collected = Symbol("answer headers");
type Collecting = { [collected]?: HeadersOf[] };

/**
 * Lets the layers that `context` is for hand in their headers, instead of each waiting for the answer on its way out.
 * Returns what sets them all, those of the outermost layer last.
 */
export function collectHeaders(context: object): (response: Response) => Response {
  const parts: HeadersOf[] = [];
  (context as Collecting)[collected] = parts;
  return (response) => parts.reduceRight((stamped, headers) => stampHeaders(stamped, headers()), response);
}

/**
 * Adds `contribution` to the context, and to the answer what `headers` gives when it is there: handed in where headers are
 * collected, else set when the layers further in have answered.
 */
export function contribute<Contribution extends object>(
  context: object,
  contribution: Contribution,
  headers: HeadersOf,
): Contribution | Generator<Contribution, Response, Response> {
  const parts = (context as Collecting)[collected];
  if (parts === undefined) return stampAround(contribution, headers);
  parts.push(headers);
  return contribution;
}

function* stampAround<Contribution>(
  contribution: Contribution,
  headers: HeadersOf,
): Generator<Contribution, Response, Response> {
  return stampHeaders(yield contribution, headers());
}
