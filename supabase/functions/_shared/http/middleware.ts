import type * as Package from "@supabase/middleware";

/** A middleware placed in a pipeline: what it adds to the context, and what it needs there. */
export type { Entry, FetchHandler } from "@supabase/middleware";

type AnyHandler = (request: Request, context: object) => Promise<Response>;
type Run = (request: Request, context: object) => Promise<unknown> | AsyncGenerator<unknown, Response | void, Response>;

/**
 * The mark by which `@supabase/middleware` knows a context of its own from whatever a runtime passes as a second
 * argument. Sharing it is what lets its middlewares and ours stand in one pipeline.
 */
const contextMark = Symbol.for("@supabase/middleware:context");

/** Is `value` a context that layers further out have filled? */
export function isContext(value: unknown): value is object {
  return typeof value === "object" && value !== null && contextMark in value;
}

/** A context with nothing in it. */
export function seedContext(): object {
  return { [contextMark]: true };
}

/**
 * Makes a middleware out of `run`, which either answers, or returns (or, as a generator, yields) what it adds to the
 * context. A generator gets the answer of the layers inside back, and may replace it.
 *
 * Same types and same behaviour as the function of this name in `@supabase/middleware` 0.6, whose package is only
 * imported for its types: loading it reads 85 environment variables (`std-env` looks for CI systems and coding agents),
 * which a module here must not do. See docs/decisions/middleware.md.
 */
export const defineMiddleware: typeof Package.defineMiddleware = (spec) => {
  const { key } = spec;
  const place = (config: unknown, handler: AnyHandler) => {
    const run = spec.run(config as never) as Run;
    const descend = (request: Request, upstream: object, contribution: unknown) =>
      handler(request, { ...upstream, [key]: (contribution as Record<string, unknown>)[key] });
    // One function, and `return await`: a layer costs a third less than with a helper for each kind (measured on 2.1.4).
    return async (request: Request, argument?: unknown) => {
      const upstream = isContext(argument) ? argument : seedContext();
      const produced = run(request, upstream);
      if (!isGenerator(produced)) {
        const result = await produced;
        return result instanceof Response ? result : await descend(request, upstream, result);
      }
      const first = await produced.next();
      if (first.value instanceof Response) return first.value;
      let response: Response;
      try {
        response = await descend(request, upstream, first.value);
      } catch (error) {
        const recovered = await produced.throw(error); // Throws the error again where the middleware lets it pass.
        if (recovered.value instanceof Response) return recovered.value;
        throw error;
      }
      const resumed = await produced.next(response);
      return resumed.value instanceof Response ? resumed.value : response;
    };
  };
  const middleware = (...parts: unknown[]) => {
    const handler = parts.at(-1);
    if (typeof handler === "function") return place(parts.length > 1 ? parts[0] : undefined, handler as AnyHandler);
    return (inner: AnyHandler) => place(parts[0], inner);
  };
  return middleware as never;
};

/** Folds entries around a handler, the first one outermost. */
export const pipeline: typeof Package.pipeline = (entries, handler) =>
  entries.reduceRight<unknown>((inner, entry) => entry(inner as AnyHandler), handler) as never;

type Produced = ReturnType<Run>;

function isGenerator(produced: Produced): produced is Exclude<Produced, Promise<unknown>> {
  return typeof (produced as { next?: unknown }).next === "function";
}
