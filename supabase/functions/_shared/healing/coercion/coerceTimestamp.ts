import { type Coercer, fit, refuse } from "./coercion.ts";
import { printClock } from "./isoTime.ts";
import { isFractionKept, readMoment } from "./readMoment.ts";

/**
 * A moment. Without time zone takes local times and UTC, whose offset is what such a column leaves unsaid; Postgres
 * would drop any other offset without a word. With time zone takes only what names its zone, as the session's zone would
 * decide otherwise.
 */
export const coerceTimestamp: Coercer = (value, { name, modifiers }) => {
  const moment = readMoment(value);
  if (!moment.ok) return moment;
  const { iso, strategy, inverse } = moment;
  const hasZone = name === "timestamp with time zone";
  if (iso.date === undefined) return refuse("not_a_time");
  if (!isFractionKept(iso, modifiers)) return refuse("would_round");
  if (hasZone && iso.offset === undefined) return refuse("zone_missing");
  if (!hasZone && iso.offset !== undefined && iso.offset !== "Z") return refuse("zone_would_be_lost");
  const clock = iso.time === undefined ? "00:00:00" : printClock(iso);
  return fit(`${iso.date}T${clock}${hasZone ? iso.offset : ""}`, strategy, inverse);
};
