import type * as Package from "@supabase/middleware";

/** A middleware placed in a pipeline: what it adds to the context, and what it needs there. */
export type { Entry, FetchHandler } from "@supabase/middleware";

type AnyHandler = (request: Request, context: object) => Promise<Response>;

/** What a middleware makes of a request: an answer of its own, or what it adds to the context. */
type Outcome<Key extends string, Contribution> = Response | { [K in Key]: Contribution };

/** What `run` gives back: the outcome at once or later; or a generator that yields it and gets the answer for it. */
type Produced<Result> =
  | Result
  | Promise<Result>
  | Generator<Result, Response | void, Response>
  | AsyncGenerator<Result, Response | void, Response>;

/** How a middleware is defined. */
export interface MiddlewareSpec<Key extends string, Config, In extends object, Contribution> {
  readonly key: Key;
  /** Gives undefined where, so configured, it has nothing to do: then it does not stand in the pipeline at all. */
  readonly run: (config: Config) => ((request: Request, ctx: In) => Produced<Outcome<Key, Contribution>>) | undefined;
}

/**
 * The mark by which `@supabase/middleware` knows a context of its own from whatever a runtime passes as a second
 * argument. Sharing it is what lets its middlewares and ours stand in one pipeline.
 */
const contextMark = Symbol.for("@supabase/middleware:context");

/** Is `value` a context that layers further out have filled? */
export function isContext(value: unknown): value is object {
  return typeof value === "object" && value !== null && contextMark in value;
}

/** Marks the very object that this engine made for the layers further in; a copy has the mark and is not the same. */
const ownMark = Symbol("ownContext");

/** A context with nothing in it. */
export function seedContext(): object {
  const context: Record<symbol, unknown> = { [contextMark]: true };
  return context[ownMark] = context;
}

/**
 * The context for the layers further in: `upstream` and one more key. Somebody else's is copied, one of our own grows in
 * place: to copy it for each of ten layers took 5 us a request, as each copy has another shape.
 */
export function extendContext<Upstream extends object, Key extends string, Value>(
  upstream: Upstream,
  key: Key,
  value: Value,
): Upstream & { [K in Key]: Value } {
  let context = upstream as Record<string | symbol, unknown>;
  if (context[ownMark] !== context) {
    context = { ...context };
    context[ownMark] = context;
  }
  (context as Record<string, unknown>)[key] = value;
  return context as Upstream & { [K in Key]: Value };
}

/**
 * Makes a middleware out of `run`, which either answers, or returns (or, as a generator, yields) what it adds to the
 * context. A generator gets the answer of the layers inside back, and may replace it.
 *
 * Does as the function of this name in `@supabase/middleware` 0.6, whose package is only imported for its types: loading
 * it reads 85 environment variables (`std-env` looks for CI systems and coding agents), which a module here must not do.
 * Beyond that, a layer that waits for nothing need not be asynchronous: a plain value or a plain generator costs no
 * promise. See docs/decisions/middleware.md.
 */
export function defineMiddleware<
  const Key extends string,
  Config,
  In extends object = Record<never, never>,
  Contribution = unknown,
>(spec: MiddlewareSpec<Key, Config, In, Contribution>): Package.Middleware<Key, Config, In, Contribution> {
  const middleware = (...parts: unknown[]) => {
    const handler = parts.at(-1);
    const run = (config: unknown) => spec.run(config as Config) as Run | undefined;
    if (typeof handler === "function") {
      return place(spec.key, run(parts.length > 1 ? parts[0] : undefined), handler as AnyHandler);
    }
    return (inner: AnyHandler) => place(spec.key, run(parts[0]), inner);
  };
  return middleware as never;
}

/** Folds entries around a handler, the first one outermost. */
export const pipeline: typeof Package.pipeline = (entries, handler) =>
  entries.reduceRight<unknown>((inner, entry) => entry(inner as AnyHandler), handler) as never;

type AnyOutcome = Outcome<string, unknown>;
type Run = (request: Request, context: object) => Produced<AnyOutcome>;

function place(key: string, run: Run | undefined, handler: AnyHandler) {
  if (run === undefined) {
    return (request: Request, argument?: unknown) => handler(request, isContext(argument) ? argument : seedContext());
  }
  const descend = (request: Request, upstream: object, outcome: AnyOutcome) =>
    outcome instanceof Response
      ? Promise.resolve(outcome)
      : handler(request, extendContext(upstream, key, outcome[key]));

  async function descendLater(request: Request, upstream: object, later: Promise<AnyOutcome>) {
    return await descend(request, upstream, await later);
  }

  // Awaits only what has to be awaited: each step costs a turn of the queue of promises.
  async function surround(request: Request, upstream: object, steps: Steps) {
    const begun = steps.next();
    const first = begun instanceof Promise ? await begun : begun;
    if (first.value instanceof Response) return first.value;
    let response: Response;
    try {
      response = await descend(request, upstream, first.value as AnyOutcome);
    } catch (error) {
      const recovered = await steps.throw(error); // Throws the error again where the middleware lets it pass.
      if (recovered.value instanceof Response) return recovered.value;
      throw error;
    }
    const resumed = steps.next(response);
    const last = resumed instanceof Promise ? await resumed : resumed;
    return last.value instanceof Response ? last.value : response;
  }

  return (request: Request, argument?: unknown): Promise<Response> => {
    const upstream = isContext(argument) ? argument : seedContext();
    try {
      const produced = run(request, upstream);
      if (isGenerator(produced)) return surround(request, upstream, produced);
      if (produced instanceof Promise) return descendLater(request, upstream, produced);
      return descend(request, upstream, produced);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

type Steps = Extract<Produced<AnyOutcome>, { next: unknown }>;

function isGenerator(produced: Produced<AnyOutcome>): produced is Steps {
  return typeof (produced as { next?: unknown }).next === "function";
}
