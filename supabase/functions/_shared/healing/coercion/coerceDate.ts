import { type Coercer, fit, refuse } from "./coercion.ts";
import { readMoment } from "./readMoment.ts";

/** A day; also a day's first moment in UTC, which is how JavaScript has to write a day. An epoch is a moment, no day. */
export const coerceDate: Coercer = (value) => {
  const moment = readMoment(value);
  if (!moment.ok) return moment;
  const { iso, strategy, inverse } = moment;
  if (strategy === "time_from_epoch") return refuse("ambiguous_time");
  if (iso.date === undefined) return refuse("not_a_time");
  if (iso.time !== undefined && (iso.time !== "00:00:00" || iso.fraction !== "")) return refuse("time_would_be_lost");
  if (iso.offset !== undefined && iso.offset !== "Z") return refuse("zone_would_be_lost");
  return fit(iso.date, strategy, iso.date === value ? { from: "string" } : inverse);
};
