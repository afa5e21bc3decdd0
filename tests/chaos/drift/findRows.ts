import { type Drift, type DriftRow, payloadText, type Place } from "./drift.ts";
import { stableJson } from "./canonicalText.ts";
import type { Observation } from "./observation.ts";

/** The row of the table that a row of payload is about. */
export interface FoundRow {
  readonly key: string;
  readonly holds: Readonly<Record<string, string | null>>;
  /** What it held before, or would hold of itself. */
  readonly before: Readonly<Record<string, string | null | undefined>>;
  readonly isThereBefore: boolean;
}

type Holds = Readonly<Record<string, string | null>>;

/** Rows by the payload that they are for, and what is wrong with rows that no payload is for. */
export interface FoundRows {
  readonly of: ReadonlyMap<DriftRow, FoundRow>;
  readonly findings: readonly string[];
}

/** Finds the rows by their keys; one whose key the database has made is the one that is most like the payload. */
export function findRows(drift: Drift, seen: Observation): FoundRows {
  const payloads = drift.stages.flatMap(({ calls }) => calls).flatMap(({ rows }) => rows);
  const keyOf = (row: Holds) => row[drift.keyColumn] ?? "null";
  const seeds = new Map(drift.seeds.map((seed) => [seed.rowKey, seed]));
  const rest = Object.fromEntries(drift.columns.map(({ name, rest }) => [name, rest]));
  const of = new Map<DriftRow, FoundRow>();
  const findings: string[] = [];
  const free = new Set(seen.rows);
  const take = (payload: DriftRow, holds: Holds | undefined) => {
    if (holds === undefined) return;
    const seed = seeds.get(keyOf(holds));
    free.delete(holds);
    const before = seed === undefined ? rest : Object.fromEntries(
      Object.entries(seed.holds).map(([column, texts]) => [
        column,
        texts === null ? null : texts.find((text) => text === holds[column]) ?? texts[0]!,
      ]),
    );
    of.set(payload, { key: keyOf(holds), holds, before, isThereBefore: seed !== undefined });
  };
  for (const payload of payloads) {
    if (payload.rowKey !== undefined) take(payload, seen.rows.find((row) => keyOf(row) === payload.rowKey));
  }
  const made = payloads.filter(({ rowKey }) => rowKey === undefined);
  const candidates = [...free].filter((row) => !seeds.has(keyOf(row)));
  const pairs = made.flatMap((payload) =>
    candidates.map((row) => {
      const isRebuilt = (seen.rebuilt.get(keyOf(row)) ?? []).includes(payloadText(payload));
      return { payload, row, share: likeness(payload, row), others: isRebuilt ? -1 : othersIn(row, payload, rest) };
    })
  );
  // A payload that says less than another is like the other's row, too: its own holds nothing else.
  for (const { payload, row, share } of pairs.sort((a, b) => b.share - a.share || a.others - b.others)) {
    if (share >= leastLikeness && !of.has(payload) && free.has(row)) take(payload, row);
  }
  for (const row of free) {
    const seed = seeds.get(keyOf(row));
    if (seed === undefined) {
      findings.push(`WRONG drift ${drift.number}: a row that nobody sent: ${JSON.stringify(row)}`);
    }
    for (const [column, texts] of Object.entries(seed?.holds ?? {})) {
      const text = row[column] ?? null;
      const isSame = texts === null ? text === null : text !== null && texts.includes(text);
      if (!isSame) {
        findings.push(`WRONG drift ${drift.number}: a row that nobody meant has "${column}" changed to ${text}`);
      }
    }
  }
  const missing = drift.table === undefined
    ? []
    : [...seeds.keys()].filter((key) => !seen.rows.some((row) => keyOf(row) === key));
  if (missing.length > 0) findings.push(`LOST drift ${drift.number}: rows that were there are gone: ${missing}`);
  return { of, findings };
}

/** A row that holds less of a payload is another one's. */
const leastLikeness = 0.5;

/** The share of a payload's values that a row holds, in their columns or in others. */
function likeness({ fields }: DriftRow, row: Holds): number {
  const texts = new Set(Object.values(row));
  const isHeld = ({ column, member, holds }: Place) =>
    member !== undefined
      ? holds.includes(stableJson(memberOf(row[column] ?? "{}", member)))
      : holds.includes(row[column] ?? "") || texts.has(holds[0] ?? "");
  return fields.filter(({ places }) => places.some(isHeld)).length /
    Math.max(1, fields.filter(({ places }) => places.length > 0).length);
}

function memberOf(text: string, member: string): unknown {
  const object = JSON.parse(text) as Record<string, unknown>;
  return Object.hasOwn(object, member) ? object[member] : null;
}

/** How many columns of a row hold what a payload did not say, nor they would of themselves. */
function othersIn(row: Holds, { fields }: DriftRow, rest: Readonly<Record<string, string | null | undefined>>): number {
  const said = new Set(fields.flatMap(({ places }) => places.flatMap(({ holds }) => holds)));
  return Object.entries(row).filter(([column, text]) => text !== rest[column] && text !== null && !said.has(text))
    .length;
}
