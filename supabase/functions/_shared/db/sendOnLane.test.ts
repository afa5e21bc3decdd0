import assert from "node:assert/strict";
import type { DriverQuery } from "./driverQuery.ts";
import { IdleLanes } from "./idleLanes.ts";
import { Lane } from "./lane.ts";
import { LanePool } from "./lanePool.ts";
import { sendOnLane } from "./sendOnLane.ts";
import type { SqlClient } from "./sqlClient.ts";

/** Sends statements that fail so one after the other; tells on how many connections they were. */
async function connectionsFor(use: "shared" | "held", failure: Error): Promise<number> {
  const clock = { now: () => 0, monotonic: () => 0, setTimer: () => () => {} };
  const lanes = [new Lane(() => ({ end: () => Promise.resolve() }) as unknown as Lane["client"], clock, 1_000)];
  const client = { pool: new LanePool(lanes, new IdleLanes(lanes, clock, 20_000)), isPooled: false } as SqlClient;
  const used = new Set<unknown>();
  for (let statement = 0; statement < 3; statement++) {
    const send = sendOnLane(client, use, (sql) => {
      used.add(sql);
      return Promise.reject(failure) as unknown as DriverQuery;
    }, undefined);
    await assert.rejects(send, failure);
  }
  return used.size;
}

Deno.test("sendOnLane: a connection that broke is not sent on again, one on which the server refused is", async () => {
  for (const use of ["shared", "held"] as const) {
    assert.equal(await connectionsFor(use, Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })), 3);
    assert.equal(await connectionsFor(use, Object.assign(new Error("no"), { code: "23505", severity: "ERROR" })), 1);
  }
});
