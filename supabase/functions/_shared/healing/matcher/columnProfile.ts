import { type CastCheck, createCastCheck, naturalness } from "./castability.ts";
import type { SourceColumn, TargetColumn } from "./column.ts";
import { type ExpectedKinds, expectKinds } from "./expectedValues.ts";
import { type NameProfile, profileNames } from "./nameProfile.ts";
import { type TypeFamily, typeFamily } from "./typeFamily.ts";
import { valueKinds } from "./valueKind.ts";
import { profileValues, toText } from "./valueProfile.ts";
import { type ComparableValues, toComparable } from "./valueSimilarity.ts";

const mostSamples = 50;
/** A wide table is read with fewer samples a column, as its profile takes time in proportion to them. */
const wideTable = 150;
const samplesWhenWide = 10;

/** A key of the payload, taken apart once a matching run. */
export interface SourceProfile {
  readonly column: SourceColumn;
  readonly name: NameProfile;
  readonly values: ComparableValues;
  readonly expected: ExpectedKinds | undefined;
  /** The values that are not blank, with their text. */
  readonly texts: readonly { readonly text: string; readonly value: unknown }[];
}

/** A column of the table, taken apart once a schema version. */
export interface TargetProfile {
  readonly column: TargetColumn;
  readonly name: NameProfile;
  readonly values: ComparableValues;
  readonly expected: ExpectedKinds | undefined;
  /** How natural each kind of value is in the column's type, in the order of `valueKinds`. */
  readonly naturalKinds: Float64Array;
  /** Columns of one key take the same values. */
  readonly castKey: string;
  readonly canCast: CastCheck;
}

/** The columns of one table, ready for any number of matching runs. */
export interface TargetProfiles {
  /** In the order of the columns' names. */
  readonly profiles: readonly TargetProfile[];
}

/** Takes a table's columns apart; keep the result as long as the schema version and its statistics. */
export function profileTargets(unordered: readonly TargetColumn[]): TargetProfiles {
  const columns = [...unordered].sort((a, b) => a.name < b.name ? -1 : 1);
  const names = profileNames(columns.map((column) => column.name));
  const limit = columns.length > wideTable ? samplesWhenWide : mostSamples;
  const profiles = columns.map((column, index) => {
    const name = names[index] as NameProfile;
    const family = typeFamily(column.type, column.enumLabels);
    return {
      column,
      name,
      values: toComparable(profileValues(valuesOf(column), limit)),
      expected: expectKinds(name),
      naturalKinds: naturalKindsOf(family),
      castKey: `${column.type}/${column.maxLength ?? ""}/${column.enumLabels?.join("/") ?? ""}`,
      canCast: createCastCheck(column),
    };
  });
  return { profiles };
}

/** Takes a payload's keys apart. */
export function profileSources(columns: readonly SourceColumn[]): SourceProfile[] {
  const names = profileNames(columns.map((column) => column.name));
  return columns.map((column, index) => {
    const name = names[index] as NameProfile;
    return {
      column,
      name,
      values: toComparable(profileValues(column.values, mostSamples)),
      expected: expectKinds(name),
      texts: column.values.flatMap((value) => {
        const text = toText(value);
        return text === undefined ? [] : [{ text, value }];
      }),
    };
  });
}

const naturalKinds = new Map<TypeFamily, Float64Array>();

function naturalKindsOf(family: TypeFamily): Float64Array {
  let known = naturalKinds.get(family);
  if (known === undefined) {
    naturalKinds.set(family, known = Float64Array.from(valueKinds, (kind) => naturalness(family, kind)));
  }
  return known;
}

function valuesOf(column: TargetColumn): readonly unknown[] {
  const { sampleValues = [], mostCommonValues = [], min, max } = column.statistics ?? {};
  if (sampleValues.length > 0) return sampleValues;
  if (mostCommonValues.length > 0) return mostCommonValues;
  if (column.enumLabels !== undefined) return column.enumLabels;
  return [min, max].filter((value) => value !== undefined);
}
