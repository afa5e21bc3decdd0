/** A time as the API writes it, of one as Postgres writes it in JSON. */
export function utcTime(time: string): string;
export function utcTime(time: string | null): string | null;
export function utcTime(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
