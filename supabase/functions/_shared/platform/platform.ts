/** What the kernel needs of the runtime, and all of it. Everything else in `supabase/functions` is plain TypeScript. */
export interface Platform {
  /** An environment variable; empty counts as unset. */
  env(name: string): string | undefined;
  /** Keeps the isolate alive until `work` settles, after the response has left. A rejection is reported, never thrown. */
  waitUntil(work: Promise<unknown>): void;
  /** Calls `listener` when the isolate is about to be retired. */
  onRetire(listener: (reason: string) => void): void;
  /** CPU time this isolate has used, where the runtime tells; the hosted limit is 2 s a request. */
  cpuTimeMs(): number | undefined;
  /** The version of Deno that runs this isolate. */
  readonly denoVersion: string;
}
