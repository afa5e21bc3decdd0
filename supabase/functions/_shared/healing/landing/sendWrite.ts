import type { Connector, Outcome, Row } from "../../connect/connector.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";

/** The rows that came back, by the place of the payload's row they belong to: several for an update. */
export interface SentWrite {
  readonly rows: Row[];
  /** For each of `rows` the place of its payload; undefined where that cannot be told. */
  readonly places: readonly number[] | undefined;
}

/** Sends a prepared statement; `statements` (places of rows) parts it, one after the other. */
export async function sendWrite(
  connector: Connector,
  prepared: PreparedWrite,
  statements: readonly (readonly number[])[] | undefined = prepared.plan.statements,
): Promise<Outcome<SentWrite>> {
  const { call, table, rows, match = {}, selection = {}, conflictColumns } = prepared;
  switch (call.operation) {
    case "select":
      return toSent(await connector.select(table, selection), undefined);
    case "delete":
      return toSent(await connector.delete(table, match), undefined);
    case "update": {
      const outcome = await connector.update(table, rows[0]!.sent, match);
      return toSent(outcome, outcome.value?.map(() => 0));
    }
    default: {
      const landed: Row[] = [];
      const places: number[] = [];
      let isTold = true;
      for (const part of statements ?? [[...rows.keys()]]) {
        const sent = part.map((place) => rows[place]!.sent);
        const outcome = call.operation === "insert"
          ? await connector.insert(table, sent)
          : await connector.upsert(table, sent, conflictColumns);
        if (outcome.failure !== undefined) return outcome;
        landed.push(...outcome.value);
        places.push(...part);
        isTold &&= outcome.value.length === part.length; // A trigger may have kept some from landing.
      }
      return { value: { rows: landed, places: isTold ? places : undefined } };
    }
  }
}

function toSent(outcome: Outcome<Row[]>, places: readonly number[] | undefined): Outcome<SentWrite> {
  return outcome.failure === undefined ? { value: { rows: outcome.value, places } } : outcome;
}
