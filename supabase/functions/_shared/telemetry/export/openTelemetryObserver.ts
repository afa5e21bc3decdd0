import { type Clock, systemClock } from "../../time/clock.ts";
import { type CauseScope, currentCause } from "../causeScope.ts";
import type { KernelEvent } from "../kernelEvent.ts";
import type { KernelObserver } from "../kernelObserver.ts";
import type {
  OpenTelemetryApi,
  SpanAttributes,
  SpanKinds,
  SpanScope,
  SpanTracer,
  ToldSpan,
} from "./openTelemetryApi.ts";

/** What becomes of a span that is told when it is over. */
interface SpanToTell {
  readonly name: string;
  readonly kind: number;
  readonly attributes: SpanAttributes;
}

/** Options of {@link OpenTelemetryObserver}. */
export interface OpenTelemetryOptions {
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Makes spans of requests, runs of jobs, statements, calls behind circuits and questions to models, through the API alone:
 * whoever has set up a provider gets them, by the runtime's own or by an SDK, and its settings say where they go.
 */
export class OpenTelemetryObserver implements KernelObserver {
  readonly #api: OpenTelemetryApi;
  readonly #tracer: SpanTracer;
  readonly #clock: Clock;
  /** The span of a request is begun by the first thing that is told of it, as from when the request began. */
  readonly #roots = new WeakMap<CauseScope, ToldSpan>();

  constructor(api: OpenTelemetryApi, { clock = systemClock }: OpenTelemetryOptions = {}) {
    this.#api = api;
    this.#tracer = api.trace.getTracer("ballast");
    this.#clock = clock;
  }

  called(operation: string, durationMs: number, hasFailed: boolean, shape?: () => string): void {
    const scope = currentCause();
    const endedAt = this.#clock.now();
    if (isRoot(operation)) {
      return this.#endRoot(operation, scope, { startedAt: endedAt - durationMs, endedAt, hasFailed });
    }
    const told = spanOf(operation, shape, this.#api.SpanKind);
    if (told === undefined) return;
    const { name, kind, attributes } = told;
    const span = this.#tracer.startSpan(
      name,
      { kind, attributes: { ...attributes, ...requestOf(scope) }, startTime: endedAt - durationMs },
      this.#parentOf(scope, endedAt - durationMs),
    );
    this.#end(span, endedAt, hasFailed);
  }

  counted(): void {}

  happened({ kind, subject, ref, cause, detail }: KernelEvent): void {
    const scope = currentCause();
    const span = this.#api.trace.getActiveSpan() ??
      (scope === undefined ? undefined : this.#rootOf(scope, this.#clock.now()));
    span?.addEvent(`ballast.${kind}`, {
      "ballast.subject": subject,
      ...ref === undefined ? {} : { "ballast.ref": ref },
      ...cause === undefined ? {} : { "ballast.cause": cause },
      ...Object.fromEntries(Object.entries(detail ?? {}).map(([name, value]) => [`ballast.${name}`, value])),
    }, this.#clock.now());
  }

  /** Under the span that is active, such as the runtime's own of the request; else under ours. */
  #parentOf(scope: CauseScope | undefined, startedAt: number): SpanScope {
    const { context, trace } = this.#api;
    const active = context.active();
    if (trace.getSpan(active) !== undefined || scope === undefined) return active;
    return trace.setSpan(active, this.#rootOf(scope, startedAt));
  }

  #rootOf(scope: CauseScope, startedAt: number): ToldSpan {
    let root = this.#roots.get(scope);
    if (root === undefined) {
      const attributes = requestOf(scope);
      const options = { kind: this.#api.SpanKind.SERVER, attributes, startTime: scope.startedAtMs ?? startedAt };
      root = this.#tracer.startSpan(scope.functionName, options, this.#underCaller(scope.callerSpan));
      this.#roots.set(scope, root);
    }
    return root;
  }

  #endRoot(
    operation: string,
    scope: CauseScope | undefined,
    { startedAt, endedAt, hasFailed }: { startedAt: number; endedAt: number; hasFailed: boolean },
  ): void {
    // The runtime has a span of the request already: a second one would tell everything twice.
    const active = this.#api.trace.getActiveSpan();
    if (active !== undefined) return void active.setAttributes(requestOf(scope));
    const [kind = "", name = ""] = splitOnce(operation);
    const functionName = scope?.functionName ?? name;
    const root = this.#rootOf(scope ?? { requestId: "", functionName }, startedAt);
    if (kind === "http") {
      root.updateName(`${name} ${functionName}`);
      root.setAttribute("http.request.method", name);
    } else root.updateName(operation);
    this.#end(root, endedAt, hasFailed);
  }

  #underCaller(callerSpan: string | undefined): SpanScope {
    const { context, isSpanContextValid, trace, TraceFlags } = this.#api;
    const [, traceId = "", spanId = "", flags = "00"] = callerSpan?.split("-") ?? [];
    const span = { traceId, spanId, traceFlags: parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
    const base = trace.deleteSpan(context.active());
    return isSpanContextValid(span) ? trace.setSpanContext(base, span) : base;
  }

  #end(span: ToldSpan, endedAt: number, hasFailed: boolean): void {
    if (hasFailed) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end(endedAt);
  }
}

const isRoot = (operation: string) => operation.startsWith("http.") || operation.startsWith("job.");

/** What is worth a span; caches and their kin are not. */
function spanOf(
  operation: string,
  shape: (() => string) | undefined,
  { CLIENT, INTERNAL }: SpanKinds,
): SpanToTell | undefined {
  const [kind, name = ""] = splitOnce(operation);
  switch (kind) {
    case "db": {
      const summary = shape?.();
      const attributes = { "db.system.name": "postgresql", "db.operation.name": name };
      if (summary === undefined) return { name: operation, kind: CLIENT, attributes };
      return { name: operation, kind: CLIENT, attributes: { ...attributes, "db.query.summary": summary } };
    }
    case "circuit":
      return { name: operation, kind: CLIENT, attributes: { "ballast.circuit": name } };
    case "ai":
      return { name: operation, kind: CLIENT, attributes: { "gen_ai.request.model": name } };
    case "heal":
      return { name: operation, kind: INTERNAL, attributes: {} };
    default:
      return undefined;
  }
}

function splitOnce(operation: string): [string, string?] {
  const at = operation.indexOf(".");
  return at < 0 ? [operation] : [operation.slice(0, at), operation.slice(at + 1)];
}

function requestOf(scope: CauseScope | undefined): SpanAttributes {
  if (scope === undefined) return {};
  return { "ballast.request_id": scope.requestId, "faas.name": scope.functionName };
}
