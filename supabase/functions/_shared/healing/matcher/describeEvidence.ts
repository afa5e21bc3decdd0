import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import type { PairComparison } from "./pairFeatures.ts";
import { valueKinds } from "./valueKind.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Says in words what speaks for and against a pair, strongest first. */
export function describeEvidence(source: SourceProfile, target: TargetProfile, pair: PairComparison): string[] {
  const { names, values } = pair;
  const lines: string[] = [];
  if (names.isSame) lines.push("names are equal but for writing");
  else if (names.alignment >= 0.25) {
    lines.push(`names agree to ${percent(names.alignment)}${sharedMeaning(source, target)}`);
  } else if (names.grams >= 0.3) lines.push(`names share ${percent(names.grams)} of their letter groups`);
  if (names.conflict) lines.push("against: the names hold opposite qualifiers");
  if (names.oneSided) lines.push("against: one name holds a qualifier that the other lacks");
  if (values.isComparable) {
    if (values.wholes > 0) lines.push(`${percent(values.wholes)} of the values occur on both sides`);
    if (values.words >= 0.15) lines.push(`values share words (${percent(values.words)})`);
    if (values.patterns >= 0.3) lines.push(`${percent(values.patterns)} of the values are written alike`);
    if (values.isNumericPair) lines.push(`numbers are distributed alike to ${percent(values.numbers)}`);
    const kind = mainKind(source);
    if (values.kinds >= 0.5) lines.push(`both hold values of the sort "${kind}"`);
    else lines.push(`against: values differ in sort ("${kind}" and "${mainKind(target)}")`);
  }
  if (!target.column.type.startsWith("text")) lines.push(`values can be cast to ${target.column.type}`);
  return lines;
}

function sharedMeaning(source: SourceProfile, target: TargetProfile): string {
  const theirs = new Set(target.name.tokens.flatMap((token) => token.concepts.map((concept) => concept.name)));
  const shared = source.name.tokens.flatMap((token) => token.concepts.map((concept) => concept.name))
    .filter((name) => theirs.has(name));
  return shared.length === 0 ? "" : `, both mean "${[...new Set(shared)].join('", "')}"`;
}

function mainKind(side: SourceProfile | TargetProfile): string {
  const { kinds } = side.values.profile;
  return valueKinds[kinds.indexOf(Math.max(...kinds))] ?? "unknown";
}
