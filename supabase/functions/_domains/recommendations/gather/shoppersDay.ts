/** Which day and month it is where the shopper is. */
export interface ShoppersDay {
  /** As in 2026-11-26. */
  readonly day: string;
  /** 1 to 12. */
  readonly month: number;
}

const format = { year: "numeric", month: "2-digit", day: "2-digit" } as const;

/** Formatters by zone: making one takes a hundred times what using it takes. There are some hundred zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day at a moment: the shopper's where their time zone is named, else that of UTC. */
export function shoppersDay(nowMs: number, timeZone?: string): ShoppersDay {
  const text = timeZone === undefined ? new Date(nowMs).toISOString() : formatterOf(timeZone).format(nowMs);
  const day = text.slice(0, 10);
  return { day, month: Number(day.slice(5, 7)) };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", { timeZone, ...format });
  if (formatters.size < 1_000) formatters.set(timeZone, made); // Names differ in case, too: the isolate is not filled with them.
  return made;
}
