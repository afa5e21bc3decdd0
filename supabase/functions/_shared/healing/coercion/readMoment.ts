import { type CoercionStrategy, type Refusal, refuse } from "./coercion.ts";
import { readEpoch } from "./epoch.ts";
import type { Inverse } from "./inverse.ts";
import { type IsoTime, readIsoTime } from "./isoTime.ts";

/** A sent value read as a date or a time. */
export interface Moment {
  readonly ok: true;
  readonly iso: IsoTime;
  readonly strategy: CoercionStrategy;
  readonly inverse: Inverse;
}

/** Reads a text, a Date, or a number that is plainly an epoch. */
export function readMoment(value: unknown): Moment | Refusal {
  if (typeof value === "string") {
    const iso = readIsoTime(value);
    if (iso === undefined) {
      return refuse(/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|^\d+$/.test(value) ? "ambiguous_time" : "not_a_time");
    }
    return { ok: true, iso, strategy: "time_from_text", inverse: { from: "string", text: value } };
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return refuse("not_a_time");
    const iso = readIsoTime(value.toISOString()); // Years before 1 and after 9999 have six digits and a sign.
    if (iso === undefined) return refuse("out_of_range");
    return { ok: true, iso, strategy: "time_from_date", inverse: { from: "date", ms: value.getTime() } };
  }
  if (typeof value !== "number" && typeof value !== "bigint") return refuse("unsupported_value");
  const epoch = readEpoch(value);
  if (epoch === undefined) return refuse("ambiguous_time");
  const inverse = { from: typeof value as "number" | "bigint", text: String(value) };
  return { ok: true, iso: readIsoTime(epoch)!, strategy: "time_from_epoch", inverse };
}

/** Do the fraction's digits all fit the type's precision, six where it states none? */
export function isFractionKept({ fraction }: IsoTime, modifiers: readonly number[]): boolean {
  return fraction.length <= (modifiers[0] ?? 6);
}
