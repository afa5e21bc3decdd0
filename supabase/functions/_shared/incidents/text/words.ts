/** Nothing, where there are none. */
export const counted = (count: number, one: string, more?: string) => count === 0 ? "" : many(count, one, more);

/** So many, in the singular or the plural. */
export const many = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** The time of day of an ISO date. */
export const time = (iso: string) => iso.slice(11, 19);

/** The day and the time of an ISO date. */
export const dayAndTime = (iso: string) => `${iso.slice(0, 10)} ${time(iso)}`;

/** A duration as people say it. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor(ms / 1_000) % 60;
  return minutes < 60 ? `${minutes} min ${seconds} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Names come from callers and from errors: one line each, and no longer than one can read. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- that is what is to be found
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
  return line.length <= 300 ? line : `${line.slice(0, 297)}...`;
}
