import { type Drift, type DriftCall, type DriftRow, type Mutation, payloadText } from "./drift.ts";
import { type FieldFate, type Finding, judgeFields, type LandedRow } from "./judgeFields.ts";
import type { Observation, ToldFate } from "./observation.ts";
import { findRows, type FoundRow } from "./findRows.ts";

/** What came of a mutation, from best to worst. */
export const fates = ["as sent", "healed", "rescued", "dead letter", "WRONG", "LOST"] as const;

/** See {@linkcode fates}. */
export type Fate = typeof fates[number];

/** What came of one mutation of a drift. */
export interface MutationVerdict {
  readonly kind: string;
  readonly expectation: string;
  readonly fate: Fate;
  /** Did each of its rows stand beside, or hold, something that cannot land, so that not healing it is no fault? */
  readonly isHindered: boolean;
}

/** What came of a drift. */
export interface DriftVerdict {
  readonly mutations: readonly MutationVerdict[];
  /** Why something is wrong or lost, for people. */
  readonly findings: readonly string[];
}

/**
 * Judges by what is in the database. WRONG is a value in another column than its own, one that has been changed, a row
 * that nobody sent, one told otherwise than it is; LOST is a payload that cannot be rebuilt to the letter and is no dead
 * letter either.
 */
export function judgeDrift(drift: Drift, seen: Observation): DriftVerdict {
  const findings: string[] = [];
  const fatesOf = drift.mutations.map(() => ({ free: [] as Fate[], hindered: [] as Fate[] }));
  const letters = seen.letters.map((letter) => ({ ...letter, isTaken: false }));
  const found = findRows(drift, seen);
  const calls = drift.stages.flatMap(({ calls }) => calls);
  calls.forEach((call, at) => {
    call.rows.forEach((row, place) => {
      const judged = judgeRow({
        drift,
        call,
        row,
        found: found.of.get(row),
        told: seen.told[at]?.[place],
        letters,
        seen,
      });
      findings.push(...judged.findings);
      const isHindered = call.operation === "batch" ? row.isBlocked : call.rows.some(({ isBlocked }) => isBlocked);
      const note = (mutation: number, fate: Fate) => fatesOf[mutation]![isHindered ? "hindered" : "free"].push(fate);
      row.fields.forEach(({ mutations }, field) => mutations.forEach((each) => note(each, judged.fields[field]!)));
      for (const each of row.mutations) note(each, fateOfRow(judged.fields, drift.mutations[each]!));
      // What is wrong in a row is the fault of no mutation in particular where it has none.
      if (judged.isWrong) drift.mutations.forEach((_, each) => note(each, "WRONG"));
    });
  });
  if (seen.strayRows > 0) findings.push(`${seen.strayRows} rows in tables that nothing was meant for`);
  findings.push(...found.findings);
  if (seen.strayRows > 0 || found.findings.length > 0) { for (const { free } of fatesOf) free.push("WRONG"); }
  const mutations = drift.mutations.map(({ kind, expectation }, at): MutationVerdict => {
    const { free, hindered } = fatesOf[at]!;
    const all = [...free, ...hindered].filter((fate) => fate === "WRONG" || fate === "LOST");
    const fate = all.length > 0 ? worst(all) : worst(free.length > 0 ? free : hindered);
    return { kind, expectation, fate, isHindered: free.length === 0 };
  });
  return { mutations, findings };
}

/** Of what is wrong with a row as a whole: it has landed, whatever else was the matter with a value. */
function fateOfRow(fields: readonly Fate[], { expectation }: Mutation): Fate {
  const fate = worst(fields);
  if (fate === "dead letter" || fate === "WRONG" || fate === "LOST") return fate;
  return expectation === "as sent" ? "as sent" : "healed";
}

/** The worst of some fates; what nothing has come of is as sent. */
export function worst(all: readonly Fate[]): Fate {
  return fates[Math.max(0, ...all.map((fate) => fates.indexOf(fate)))]!;
}

interface RowInquiry {
  readonly drift: Drift;
  readonly call: DriftCall;
  readonly row: DriftRow;
  readonly found: FoundRow | undefined;
  readonly told: ToldFate | undefined;
  readonly letters: { readonly payload: string; readonly argumentsText: string; isTaken: boolean }[];
  readonly seen: Observation;
}

function judgeRow({ drift, call, row, found, told, letters, seen }: RowInquiry) {
  const text = payloadText(row);
  const all = (fate: Fate) => row.fields.map(() => fate);
  const name = `drift ${drift.number}, ${call.operation} [${drift.mutations.map(({ kind }) => kind).join("; ")}]`;
  const letter = letters.find((each) =>
    !each.isTaken && each.payload === text && hasArguments(each.argumentsText, call)
  );
  if (letter !== undefined) letter.isTaken = true;
  const landed = found === undefined ? undefined : judgeLanding(drift, row, found, seen, text);
  const isUntouched = landed === undefined || (found!.isThereBefore && landed.isUnchanged);
  if (isUntouched && letter !== undefined) {
    const isTold = told === "dead letter";
    return isTold ? { fields: all("dead letter"), findings: [], isWrong: false } : {
      fields: all("WRONG"),
      findings: [`${name}: a dead letter, but the caller was told '${told}'`],
      isWrong: true,
    };
  }
  if (landed === undefined) {
    return {
      fields: all("LOST"),
      findings: [`${name}: neither landed nor a dead letter, told '${told}'`],
      isWrong: true,
    };
  }
  const wrongs: string[] = landed.findings.map(({ why }) => `${name}: ${why}`);
  let isWrong = landed.isWrong;
  if (letter !== undefined) wrongs.push(`${name}: landed, and is a dead letter`);
  else if (told !== "landed") wrongs.push(`${name}: landed, but the caller was told '${told}'`);
  if (letter !== undefined || told !== "landed") isWrong = true;
  return { fields: landed.fates, findings: wrongs, isWrong };
}

interface Landing {
  readonly fates: readonly FieldFate[];
  readonly findings: readonly Finding[];
  readonly isWrong: boolean;
  /** Does every column hold what it held before? */
  readonly isUnchanged: boolean;
}

function judgeLanding(drift: Drift, row: DriftRow, found: FoundRow, seen: Observation, text: string): Landing {
  const rebuilt = seen.rebuilt.get(found.key) ?? [];
  const landed: LandedRow = {
    columns: drift.columns,
    holds: found.holds,
    before: found.before,
    isKept: rebuilt.includes(text),
  };
  return judgeFields(row.fields, landed);
}

/** A letter must say which rows were meant, or it cannot be sent again. */
function hasArguments(argumentsText: string, { match, onConflict }: DriftCall): boolean {
  const told = argumentsText.replaceAll(/\s/g, "");
  const parts = [match, onConflict].filter((part) => part !== undefined);
  return parts.every((part) => told.includes(JSON.stringify(part).replaceAll(/\s/g, "")));
}
