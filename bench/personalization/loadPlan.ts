/** A request that is due at its place in the plan. */
export interface DueRequest {
  /** Whose latency it counts to. */
  readonly side: string;
  readonly url: string;
  readonly init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** What came of a request. */
export interface LoadAnswer {
  readonly side: string;
  readonly status: number;
  readonly latencyMs: number;
  /** The beginning of an answer that was no success. */
  readonly text?: string;
}

/**
 * Sends the requests at a steady rate from a process of its own; throws where one of them fails. The first of them open its
 * connections and warm its code: they are sent, and do not count.
 */
export async function sendAtRate(
  requests: readonly DueRequest[],
  perSecond: number,
  { warmUp = 0 }: { warmUp?: number } = {},
): Promise<LoadAnswer[]> {
  const planFile = await Deno.makeTempFile({ prefix: "ballast-load-", suffix: ".json" });
  try {
    await Deno.writeTextFile(planFile, JSON.stringify({ perSecond, requests }));
    const script = new URL("./openLoop.ts", import.meta.url).href;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "-A", script, planFile],
    }).output();
    if (!success) throw new Error(`Cannot generate load: ${new TextDecoder().decode(stderr)}`);
    const answers: LoadAnswer[] = JSON.parse(await Deno.readTextFile(`${planFile}.answers`));
    const failed = answers.filter(({ status }) => status >= 400);
    if (failed.length > 0) {
      throw new Error(`Cannot measure as ${failed.length} of ${answers.length} requests failed: ${failed[0]!.text}`);
    }
    return answers.slice(warmUp);
  } finally {
    await Deno.remove(planFile).catch(() => {});
    await Deno.remove(`${planFile}.answers`).catch(() => {});
  }
}

/** The latency that a share of the answers of a side stayed below. */
export function quantileMs(answers: readonly LoadAnswer[], side: string, share: number): number {
  const sorted = answers.filter((one) => one.side === side).map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
