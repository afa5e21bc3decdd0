/** A date, a time of day, or both, as a text says them. */
export interface IsoTime {
  /** `2026-01-31`, a day of the calendar. */
  readonly date: string | undefined;
  /** `23:59:59`. */
  readonly time: string | undefined;
  /** The digits after the second's point, without trailing zeros. */
  readonly fraction: string;
  /** `Z` or `+05:30`; undefined where the text names no zone. */
  readonly offset: string | undefined;
}

const dayPatterns = [
  /^(\d{4})-(\d{2})-(\d{2})$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/,
];
const clock = /^(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?|(\d{2})(?:(\d{2})(?:[.,](\d+))?)?)$/;
const zone = /^(?:Z|UTC|GMT|([+-])(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?)$/i;
const dayAndClock = /^([\d/.-]{8,10})(?:[Tt]|[ ]+)(\d{2}[\d:.,]*)[ ]*(.*)$/;
const clockAndZone = /^(\d{1,2}:[\d:.,]+)[ ]*(.*)$/;

/**
 * Reads ISO 8601 and its common variants; undefined for what can be read in two ways (`01/02/2026`), depends on when or
 * where it is read (`now`, `Europe/Paris`), or is no date or time (February 30, 24:00, a leap second).
 */
export function readIsoTime(text: string): IsoTime | undefined {
  const trimmed = text.trim();
  const date = readDay(trimmed);
  if (date !== undefined) return { date, time: undefined, fraction: "", offset: undefined };
  const both = dayAndClock.exec(trimmed);
  if (both !== null) {
    const day = readDay(both[1]!);
    const clock = readClock(both[2]!, both[3]!);
    return day !== undefined && clock !== undefined ? { date: day, ...clock } : undefined;
  }
  const alone = clockAndZone.exec(trimmed);
  if (alone === null) return undefined;
  const clock = readClock(alone[1]!.replace(/^\d:/, "0$&"), alone[2]!);
  return clock && { date: undefined, ...clock };
}

function readDay(text: string): string | undefined {
  for (const pattern of dayPatterns) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [year, month, day] = [found[1]!, found[2]!.padStart(2, "0"), found[3]!.padStart(2, "0")];
    const iso = `${year}-${month}-${day}`;
    const parsed = new Date(`${iso}T00:00:00Z`);
    // Date.parse takes February 30 for March 2; Postgres knows no year 0.
    const isDay = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso) && year !== "0000";
    return isDay ? iso : undefined;
  }
  return undefined;
}

function readClock(text: string, zoneText: string): Omit<IsoTime, "date"> | undefined {
  const found = clock.exec(text);
  if (found === null) return undefined;
  const [hour, minute, second] = [found[1]!, found[2] ?? found[5]!, found[3] ?? found[6] ?? "00"];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const fraction = (found[4] ?? found[7] ?? "").replace(/0+$/, "");
  const read = { time: `${hour}:${minute}:${second}`, fraction };
  if (zoneText === "") return { ...read, offset: undefined };
  const offset = readOffset(zoneText);
  return offset === undefined ? undefined : { ...read, offset };
}

function readOffset(text: string): string | undefined {
  const found = zone.exec(text);
  if (found === null) return undefined;
  const [, sign, hours = "00", minutes = "00", seconds = "00"] = found;
  if (sign === undefined || Number(hours + minutes + seconds) === 0) return "Z";
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return `${sign}${hours}:${minutes}${seconds === "00" ? "" : `:${seconds}`}`;
}

/** The time of day with its fraction. */
export function printClock({ time, fraction }: IsoTime): string {
  return fraction === "" ? time! : `${time}.${fraction}`;
}
