import { AppError } from "../../../_shared/errors/appError.ts";
import type { FeatureFlag, FlagSettings } from "../../../_shared/flags/featureFlag.ts";
import { nextRolloutPercent } from "../../../_shared/flags/rolloutLadder.ts";

/** What may be changed of a flag without naming the rest. */
export interface FlagPatch {
  readonly isEnabled?: boolean | undefined;
  readonly rolloutPercent?: number | undefined;
  /** One step up the ladder. */
  readonly advance?: true | undefined;
  /** Off, at once and for everyone; the share stays as it is. */
  readonly off?: true | undefined;
}

/** What a patch comes to for this flag. Throws `conflict` where a roll-out cannot advance. */
export function applyFlagPatch(flag: FeatureFlag, patch: FlagPatch): Partial<FlagSettings> {
  if (patch.off === true) return { isEnabled: false };
  const { isEnabled = flag.isEnabled, rolloutPercent = flag.rolloutPercent } = patch;
  if (patch.advance !== true) return { isEnabled, rolloutPercent };
  if (!isEnabled) {
    throw new AppError(
      "conflict",
      `Cannot advance flag '${flag.name}' as it is off: send 'isEnabled' along to turn it on`,
    );
  }
  const next = nextRolloutPercent(flag.rolloutPercent);
  if (next === undefined) {
    throw new AppError("conflict", `Cannot advance flag '${flag.name}' as it is on for everyone already`);
  }
  return { isEnabled, rolloutPercent: next };
}
