import { stableJson } from "./canonicalText.ts";
import type { DriftField, FinalColumn, Place } from "./drift.ts";
import { heldTexts } from "./heldTexts.ts";

/** What came of one value of a row that landed. */
export type FieldFate = "as sent" | "healed" | "rescued" | "WRONG" | "LOST";

/** Why a value is wrong or lost. */
export interface Finding {
  readonly why: string;
}

/** A row as it is, and as it was or would be without the payload; canonical texts by column. */
export interface LandedRow {
  readonly columns: readonly FinalColumn[];
  readonly holds: Readonly<Record<string, string | null>>;
  /** Undefined where nobody can foretell it. */
  readonly before: Readonly<Record<string, string | null | undefined>>;
  /** Can the payload be rebuilt to the letter? */
  readonly isKept: boolean;
}

/** Judges each value by the columns. `isWrong` where a column holds what no value of the payload was meant for. */
export function judgeFields(fields: readonly DriftField[], row: LandedRow) {
  const findings: Finding[] = [];
  const isTouched = fields.some((field) => field.isTouched);
  const fates = fields.map((field): FieldFate => {
    const states = field.places.map((place) => stateOf(place, row));
    const say = (fate: "WRONG" | "LOST", why: string): FieldFate => {
      findings.push({ why: `${fate} "${field.key}": ${why}` });
      return fate;
    };
    if (states.includes("other")) {
      const { column } = field.places[states.indexOf("other")]!;
      return say(
        "WRONG",
        `column "${column}" holds ${JSON.stringify(row.holds[column])} for ${JSON.stringify(field.value)}`,
      );
    }
    const isInPlace = states.length > 0 && states.every((state) => state === "in place");
    if (!isInPlace && states.includes("in place")) return say("WRONG", "a part of it is in its place");
    if (isTouched && !row.isKept && (field.isTouched || !isInPlace)) {
      return say("LOST", "it cannot be rebuilt to the letter");
    }
    if (isInPlace) return field.isTouched ? "healed" : "as sent";
    return row.isKept ? "rescued" : say("LOST", "it is in no column and cannot be rebuilt");
  });
  const strays = findStrays(fields, row);
  for (const { why } of strays) findings.push({ why: `WRONG ${why}` });
  const before = Object.entries(row.before);
  return {
    fates,
    findings,
    isWrong: strays.length > 0,
    isUnchanged: before.every(([column, text]) => text === undefined || row.holds[column] === text),
  };
}

/** Is the value in its place, is there what was there before, or something else? */
function stateOf({ column, member, holds }: Place, row: LandedRow): "in place" | "before" | "other" {
  const text = row.holds[column] ?? null;
  const before = row.before[column];
  if (member !== undefined) {
    if (text === null) return "before";
    const object = JSON.parse(text) as Record<string, unknown>;
    return Object.hasOwn(object, member) && holds.includes(stableJson(object[member])) ? "in place" : "other";
  }
  const isNull = text === null && holds.length === 0;
  if (text !== null && holds.includes(text)) return "in place";
  if (before === undefined ? isNull : text === before) return "before";
  return "other";
}

/** Columns that hold what was not meant for them. */
function findStrays(fields: readonly DriftField[], row: LandedRow): Finding[] {
  const claimed = Map.groupBy(fields.flatMap(({ places }) => places), ({ column }) => column);
  return row.columns.flatMap(({ name, type }): Finding[] => {
    const places = claimed.get(name);
    const text = row.holds[name] ?? null;
    const before = row.before[name];
    if (places !== undefined) {
      const members = places.flatMap(({ member }) => member === undefined ? [] : [member]);
      if (members.length === 0 || text === null) return [];
      const others = Object.keys(JSON.parse(text) as object).filter((member) => !members.includes(member));
      return others.length === 0 ? [] : [{ why: `column "${name}" has members that nobody sent: ${others}` }];
    }
    if (before === undefined || text === before) return [];
    const from = fields.filter(({ value }) => heldTextsOrNone(type, value).includes(text ?? "")).map(({ key }) =>
      `"${key}"`
    );
    return [{ why: `column "${name}" holds ${JSON.stringify(text)}, perhaps from ${from.join(" or ") || "nowhere"}` }];
  });
}

function heldTextsOrNone(type: string, value: unknown): string[] {
  try {
    return heldTexts(type, value);
  } catch {
    return []; // It cannot be read as that type, so it is not where the text comes from.
  }
}
