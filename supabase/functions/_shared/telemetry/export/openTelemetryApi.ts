/** What of `@opentelemetry/api` is used, in its terms. Its own types would draw the package into every deploy's cache. */
export interface OpenTelemetryApi {
  readonly trace: {
    getTracer(name: string): SpanTracer;
    getActiveSpan(): ToldSpan | undefined;
    getSpan(context: SpanScope): ToldSpan | undefined;
    setSpan(context: SpanScope, span: ToldSpan): SpanScope;
    deleteSpan(context: SpanScope): SpanScope;
    setSpanContext(context: SpanScope, span: CallerSpan): SpanScope;
  };
  readonly context: { active(): SpanScope };
  isSpanContextValid(span: CallerSpan): boolean;
  readonly SpanKind: SpanKinds;
  readonly SpanStatusCode: { readonly ERROR: number };
  readonly TraceFlags: { readonly SAMPLED: number };
}

/** What kinds of spans there are. */
export interface SpanKinds {
  readonly INTERNAL: number;
  readonly SERVER: number;
  readonly CLIENT: number;
}

/** What spans say about themselves. */
export type SpanAttributes = Record<string, string | number | boolean>;

/** Where spans are begun. Whatever it holds is the package's business. */
// deno-lint-ignore no-explicit-any -- opaque: it only travels from one function of the package to another.
export type SpanScope = any;

/** A span under way. */
export interface ToldSpan {
  addEvent(name: string, attributes: SpanAttributes, at: number): unknown;
  setAttribute(name: string, value: string): unknown;
  setAttributes(attributes: SpanAttributes): unknown;
  setStatus(status: { code: number }): unknown;
  updateName(name: string): unknown;
  end(at: number): void;
}

/** Makes spans. */
export interface SpanTracer {
  startSpan(
    name: string,
    options: { kind: number; attributes: SpanAttributes; startTime: number },
    context: SpanScope,
  ): ToldSpan;
}

/** The span of whoever called, as its headers told. */
export interface CallerSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote: boolean;
}
