import { AppError } from "../errors/appError.ts";
import { errorText } from "../errors/errorText.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Bytes } from "./bytes.ts";
import type { Caller } from "./caller.ts";
import { idempotencyScope } from "./callerScope.ts";
import type { IdempotencyKey, IdempotencyStore, StoredAnswer } from "./idempotencyStore.ts";
import { defineMiddleware } from "./middleware.ts";
import { requestHash } from "./requestHash.ts";

/** Options of {@link withIdempotency}. */
export interface WithIdempotencyConfig {
  /** What the keys are for: the same key under another name is another key. */
  readonly name: string;
  readonly store: IdempotencyStore;
  readonly log: Pick<Logger, "warn">;
  /** How long a runner that is not heard of again blocks its key. */
  readonly leaseMs: number;
  /** A larger answer is not kept; a retry is told so instead of running again. @default 262_144 */
  readonly maxBodyBytes?: number;
  /** @default true */
  readonly isEnabled?: boolean;
  /** Is told of answers that are given again. @default the isolate's hub */
  readonly observer?: KernelObserver;
}

const keyShape = /^[\x21-\x7e]{1,255}$/;
const none = { idempotency: undefined };

/**
 * Runs a request under an `Idempotency-Key` once, and answers its retries with the first answer. Requests without the
 * header pass. What throws or answers 500 and above is not kept: its retry runs.
 */
export const withIdempotency = defineMiddleware<
  "idempotency",
  WithIdempotencyConfig,
  { caller: Caller; body: Bytes },
  IdempotencyKey | undefined
>({
  key: "idempotency",
  run: ({ name, store, log, leaseMs, maxBodyBytes = 262_144, isEnabled = true, observer }) => {
    if (!isEnabled) return undefined;
    const hub = hubOf(observer);
    const unlessGone = (work: Promise<void>) =>
      work.catch((error) => log.warn("Idempotency key could not be settled", { error: errorText(error) }));
    return async function* (request, { caller, body }) {
      const key = request.headers.get("idempotency-key");
      if (key === null) return yield none;
      if (!keyShape.test(key)) {
        throw new AppError(
          "invalid_idempotency_key",
          "Cannot use the Idempotency-Key as it must be 1 to 255 printable ASCII characters without spaces",
        );
      }
      const id = { scope: `${name} ${idempotencyScope(caller, key)}`, key };
      const state = await store.begin(id, await requestHash(request, body), leaseMs);
      if (state.kind === "done") hub.counted("http.replayed");
      if (state.kind !== "run") return answerFor(state);
      let response: Response;
      try {
        response = yield { idempotency: id };
        if (response.status < 500) {
          const { answer, copy } = await keep(response, maxBodyBytes);
          response = copy;
          await unlessGone(store.finish(id, state.runId, answer));
          return response;
        }
      } catch (error) {
        await unlessGone(store.release(id, state.runId));
        throw error;
      }
      await unlessGone(store.release(id, state.runId));
      return response;
    };
  },
});

function answerFor(state: Exclude<Awaited<ReturnType<IdempotencyStore["begin"]>>, { kind: "run" }>): Response {
  switch (state.kind) {
    case "reused":
      throw new AppError(
        "idempotency_key_reused",
        "Cannot run the request as its Idempotency-Key belongs to a request with other content",
      );
    case "running":
      throw new AppError(
        "request_in_progress",
        "Cannot answer yet as the first request with this Idempotency-Key is still running",
        { details: { retryAfterMs: state.retryAfterMs } },
      );
    case "done":
      return replay(state.answer);
  }
}

function replay({ status, headers, body }: StoredAnswer): Response {
  if (body === null) {
    throw new AppError(
      "conflict",
      `Cannot repeat the answer as it was too large to keep: the first request was answered with status ${status}`,
    );
  }
  return new Response(body.byteLength === 0 ? null : body, {
    status,
    headers: { ...headers, "idempotency-replayed": "true" },
  });
}

/** The answer as it is stored, and the answer to send: reading one uses it up. */
async function keep(response: Response, maxBodyBytes: number): Promise<{ answer: StoredAnswer; copy: Response }> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  if (headers["content-type"]?.startsWith("text/event-stream") === true) {
    return { answer: { status, headers, body: null }, copy: response };
  }
  const body = new Uint8Array(await response.arrayBuffer());
  return {
    answer: { status, headers, body: body.byteLength > maxBodyBytes ? null : body },
    copy: new Response(body.byteLength === 0 ? null : body, { status, headers: response.headers }),
  };
}
