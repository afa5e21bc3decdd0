import type { ServeHandler } from "../gateway/captureServe.ts";

/** Answers `/auth/v1/*`, or nothing where the isolate was given no database and no signing key. */
export function authHandler(): ServeHandler | undefined {
  return undefined;
}
