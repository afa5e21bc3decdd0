import type { Random } from "../random/random.ts";

/** What names a request, in our own terms and in those of W3C Trace Context. */
export interface TraceContext {
  readonly requestId: string;
  /** `00-<trace id>-<this span's id>-<flags>` */
  readonly traceparent: string;
  /** The `traceparent` of whoever called, where it is one. */
  readonly callerSpan?: string | undefined;
}

const requestIdShape = /^[A-Za-z0-9._-]{1,128}$/;
const traceparentShape = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * Names a request: keeps the caller's `x-request-id` where it is plain text (it ends up in logs), continues the caller's
 * trace under a span of our own, and makes up what is missing. A trace started here is not marked as sampled.
 */
export function traceContext(headers: Headers, random: Random): TraceContext {
  const given = headers.get("x-request-id");
  const requestId = given !== null && requestIdShape.test(given) ? given : random.uuid();
  return new RequestTrace(requestId, headers, random);
}

/** Few requests call on: the span is made when somebody asks for it. */
class RequestTrace implements TraceContext {
  readonly requestId: string;
  readonly #headers: Headers;
  readonly #random: Random;
  #traceparent: string | undefined;

  constructor(requestId: string, headers: Headers, random: Random) {
    this.requestId = requestId;
    this.#headers = headers;
    this.#random = random;
  }

  get callerSpan(): string | undefined {
    const given = this.#headers.get("traceparent");
    return given !== null && traceparentShape.test(given) ? given : undefined;
  }

  get traceparent(): string {
    return this.#traceparent ??= continueTrace(this.#headers.get("traceparent"), this.#random);
  }
}

function continueTrace(parent: string | null, random: Random): string {
  const match = parent === null ? null : traceparentShape.exec(parent);
  const spanId = spanIdOf(random.uuid());
  return match === null
    ? `00-${random.uuid().replaceAll("-", "")}-${spanId}-00`
    : `00-${match[1]}-${spanId}-${match[2]}`;
}

/** 16 hex digits out of a UUID: its first 8 and its last 8 are random in version 4. */
function spanIdOf(uuid: string): string {
  return uuid.slice(0, 8) + uuid.slice(-8);
}
