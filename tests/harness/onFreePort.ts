import { freePort } from "../../local/database/freePort.ts";

const mostTries = 5;

/** Starts something on a port that is free; other tests run at the same time, and where one of them takes it first, on another. */
export async function onFreePort<Made>(start: (port: number) => Promise<Made>): Promise<Made> {
  for (let tries = 1;; tries++) {
    try {
      return await start(freePort());
    } catch (error) {
      if (tries === mostTries || !(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
