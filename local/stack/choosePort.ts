import { freePort, isPortFree } from "../database/freePort.ts";
import { waitUntil } from "../database/waitUntil.ts";

/** Options of {@link choosePort}. */
export interface PortOptions {
  /** The flag that chooses another. */
  readonly flag: string;
  readonly purpose: string;
  /** How long to wait for the port: the isolates of a killed stack need a moment to notice. @default 0 */
  readonly patienceMs?: number;
}

/** The port to use: `wanted`, or any free one for 0. Throws an error that says what to do where it is taken. */
export async function choosePort(wanted: number, options: PortOptions): Promise<number> {
  const { flag, purpose, patienceMs = 0 } = options;
  if (wanted === 0) return freePort();
  if (await waitUntil(() => isPortFree(wanted), { timeoutMs: patienceMs, everyMs: 50 })) return wanted;
  const owner = await identify(wanted);
  throw new Error(
    `Cannot start as port ${wanted}, wanted for ${purpose}, is taken${owner}: ` +
      `stop what listens there, or choose another with '${flag} <number>' ('${flag} 0' takes any free one)`,
  );
}

/** Another checkout's stack answers at `/health`; of anything else we only know that it is there. */
async function identify(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(500) });
    const answer = await response.json() as { executionId?: unknown };
    return typeof answer.executionId === "string" ? " by another Ballast stack" : "";
  } catch {
    return ""; // No HTTP, or no answer in time: not ours.
  }
}
