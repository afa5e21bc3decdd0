import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import { type FeatureName, type PairFeatures, readFeature } from "./pairFeatures.ts";
import { valueKinds } from "./valueKind.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Says in words what speaks for and against a pair, strongest first. */
export function describeEvidence(source: SourceProfile, target: TargetProfile, features: PairFeatures): string[] {
  const read = (name: FeatureName) => readFeature(features, name);
  const lines: string[] = [];
  if (read("isSame")) lines.push("names are equal but for writing");
  else if (read("alignment") >= 0.25) {
    lines.push(`names agree to ${percent(read("alignment"))}${sharedMeaning(source, target)}`);
  } else if (read("grams") >= 0.3) lines.push(`names share ${percent(read("grams"))} of their letter groups`);
  if (read("conflict")) lines.push("against: the names hold opposite qualifiers");
  if (read("oneSided")) lines.push("against: one name holds a qualifier that the other lacks");
  if (read("valuesComparable")) {
    if (read("wholes") > 0) lines.push(`${percent(read("wholes"))} of the values occur on both sides`);
    if (read("words") >= 0.15) lines.push(`values share words (${percent(read("words"))})`);
    if (read("patterns") >= 0.3) lines.push(`${percent(read("patterns"))} of the values are written alike`);
    if (read("isNumericPair")) lines.push(`numbers are distributed alike to ${percent(read("numbers"))}`);
    const kind = mainKind(source);
    if (read("kinds") >= 0.5) lines.push(`both hold values of the sort "${kind}"`);
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
