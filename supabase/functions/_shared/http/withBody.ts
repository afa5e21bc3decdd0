import type { Bytes } from "./bytes.ts";
import { defineMiddleware } from "./middleware.ts";
import { readBody } from "./readBody.ts";

/** Options of {@link withBody}. */
export interface WithBodyConfig {
  /** @default 1_048_576 */
  readonly limitBytes?: number;
}

/**
 * Reads the body once, up to a limit, and puts its bytes at `ctx.body`; the request's own body is used up after that.
 * GET, HEAD and DELETE have none: what they carry is not read.
 */
export const withBody = defineMiddleware<
  "body",
  WithBodyConfig | undefined,
  Record<never, never>,
  Bytes
>({
  key: "body",
  run: ({ limitBytes = 1_048_576 } = {}) => {
    const none = { body: new Uint8Array(0) };
    return (req) => {
      if (req.method === "GET" || req.method === "HEAD" || req.method === "DELETE") return none;
      return readBody(req, limitBytes).then((body) => ({ body }));
    };
  },
});
