import { type Coercer, fit, refuse } from "./coercion.ts";
import { printClock, readIsoTime } from "./isoTime.ts";
import { isFractionKept } from "./readMoment.ts";

/** A time of day, out of a text alone; zones as for timestamps. */
export const coerceTime: Coercer = (value, { name, modifiers }) => {
  if (value instanceof Date) return refuse("date_would_be_lost");
  if (typeof value !== "string") return refuse("unsupported_value");
  const iso = readIsoTime(value);
  if (iso === undefined) return refuse("not_a_time");
  if (iso.date !== undefined) return refuse(iso.time === undefined ? "not_a_time" : "date_would_be_lost");
  if (!isFractionKept(iso, modifiers)) return refuse("would_round");
  const hasZone = name === "time with time zone";
  if (hasZone && iso.offset === undefined) return refuse("zone_missing");
  if (!hasZone && iso.offset !== undefined && iso.offset !== "Z") return refuse("zone_would_be_lost");
  const text = printClock(iso) + (hasZone ? iso.offset : "");
  return fit(text, "time_from_text", { from: "string", text: value });
};
