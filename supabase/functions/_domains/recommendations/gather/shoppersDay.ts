/** Which day and month it is where the shopper is. */
export interface ShoppersDay {
  /** As in 2026-11-26. */
  readonly day: string;
  /** 1 to 12. */
  readonly month: number;
}

/** Formatters by zone: making one takes a hundred times what using it takes. There are some hundred zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day at a moment, in UTC unless another time zone is named. */
export function shoppersDay(nowMs: number, timeZone = "UTC"): ShoppersDay {
  const day = timeZone === "UTC" ? new Date(nowMs).toISOString().slice(0, 10) : formatterOf(timeZone).format(nowMs);
  return { day, month: Number(day.slice(5, 7)) };
}

/** Is there such a time zone? */
export function isTimeZone(name: string): boolean {
  try {
    return formatterOf(name) !== undefined;
  } catch {
    return false;
  }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  if (formatters.size < 1_000) formatters.set(timeZone, made); // Names differ in case, too: the isolate is not filled with them.
  return made;
}
