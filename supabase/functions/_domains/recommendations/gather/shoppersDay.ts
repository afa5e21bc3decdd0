/** Which day and month it is where the shopper is. */
export interface ShoppersDay {
  /** As in 2026-11-26. */
  readonly day: string;
  /** 1 to 12. */
  readonly month: number;
}

/** The day at a moment, in UTC unless another time zone is named. */
export function shoppersDay(nowMs: number, timeZone = "UTC"): ShoppersDay {
  const day = timeZone === "UTC"
    ? new Date(nowMs).toISOString().slice(0, 10)
    : new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(nowMs);
  return { day, month: Number(day.slice(5, 7)) };
}
