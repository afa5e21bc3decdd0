import { isShortForm } from "./isShortForm.ts";
import { areOtherWords } from "./isSlip.ts";
import type { NameProfile } from "./nameProfile.ts";
import { countBits, editDistance, letterMask } from "./stringSimilarity.ts";

const leastLetters = 5;
/** A name this near is a rival: the slip might be one of it, too. */
const nearBy = 2;

/** A name that is no target, such as a former one. */
export interface RivalName {
  readonly name: NameProfile;
  /** The place of the target that had it; undefined where it is none of them. */
  readonly target: number | undefined;
}

/**
 * The targets that sources name but for one slip of the keys, or for words written short, by their places. For a slip: a
 * name of at least five letters, with one target alone within two slips, and no rival that is another's; names that differ
 * by words, such as county and country, are two names. For a short form: that of one target or rival alone. One source
 * alone may have a target.
 */
export function findSlips(
  sources: readonly NameProfile[],
  targets: readonly NameProfile[],
  rivals: readonly RivalName[] = [],
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const claims = new Map<number, number>();
  const masked = targets.map(mask);
  sources.forEach((source, at) => {
    const only = placeOfLong(source, targets, rivals) ?? placeOfSlip(source, targets, masked, rivals);
    if (only === undefined) return;
    found.set(at, only);
    claims.set(only, (claims.get(only) ?? 0) + 1);
  });
  return new Map([...found].filter(([, place]) => claims.get(place) === 1));
}

function placeOfLong(
  source: NameProfile,
  targets: readonly NameProfile[],
  rivals: readonly RivalName[],
): number | undefined {
  const longer = targets.flatMap((target, place) => isShortForm(source, target) ? [place] : []);
  const others = rivals.filter(({ name, target }) => target !== longer[0] && isShortForm(source, name));
  return longer.length === 1 && others.length === 0 ? longer[0] : undefined;
}

function placeOfSlip(
  source: NameProfile,
  targets: readonly NameProfile[],
  masked: readonly MaskedName[],
  rivals: readonly RivalName[],
): number | undefined {
  if (source.squashed.length < leastLetters || !/^[a-z\d]+$/.test(source.squashed)) return undefined;
  const own = mask(source);
  const near = masked.flatMap((target, place) => isNear(own, target) ? [place] : []);
  const [only] = near;
  if (only === undefined || near.length > 1 || !isOneSlip(source, targets[only]!)) return undefined;
  return isNearRival(source, only, rivals) ? undefined : only;
}

/** Whether a source is within two slips of a rival that is not the target's own. */
export function isNearRival(source: NameProfile, target: number, rivals: readonly RivalName[]): boolean {
  if (source.squashed.length < leastLetters) return false;
  const own = mask(source);
  return rivals.some((rival) => rival.target !== target && isNear(own, mask(rival.name)));
}

interface MaskedName {
  readonly text: string;
  readonly mask: number;
}

const mask = ({ squashed }: NameProfile): MaskedName => ({ text: squashed, mask: letterMask(squashed) });

/** Each slip brings in one letter at most, and takes one away: most pairs are told apart without looking closer. */
function isNear(one: MaskedName, other: MaskedName): boolean {
  if (Math.abs(one.text.length - other.text.length) > nearBy) return false;
  if (countBits(one.mask & ~other.mask) > nearBy || countBits(other.mask & ~one.mask) > nearBy) return false;
  return editDistance(one.text, other.text) <= nearBy;
}

function isOneSlip(source: NameProfile, target: NameProfile): boolean {
  if (areOtherWords(source, target)) return false;
  if (source.digits !== target.digits || target.squashed.length < leastLetters) return false;
  return editDistance(source.squashed, target.squashed) === 1;
}
