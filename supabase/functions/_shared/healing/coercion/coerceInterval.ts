import { type Coercer, fit, refuse } from "./coercion.ts";

const iso =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const spoken = new RegExp(
  "^(?!$)" +
    ["years?", "mon(?:th)?s?", "weeks?", "days?", "hours?", "min(?:ute)?s?"].map((unit) => `(?:(\\d+) ?${unit} ?)?`)
      .join("") +
    "(?:(\\d+(?:\\.\\d+)?) ?sec(?:ond)?s?)?$",
  "i",
);
const withClock = /^(?:(\d+) days? )?(\d{1,3}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/i;

/** So that no sum leaves the range of the parts that Postgres keeps: months, days, microseconds. */
const mostDigits = 6;

/** A length of time of whole parts, in ISO 8601, in words, or as Postgres prints it; only seconds have fractions. */
export const coerceInterval: Coercer = (value, { modifiers }) => {
  if (typeof value !== "string") return refuse("unsupported_value");
  const parts = readParts(value.trim());
  if (parts === undefined) return refuse("not_an_interval");
  const numbers = parts.map((part) => part?.replace(/^0+(?=\d)/, "") ?? "0");
  if (numbers.some((part) => part.replace(/\..*/, "").length > mostDigits)) return refuse("out_of_range");
  const fraction = (numbers[6]!.split(".")[1] ?? "").replace(/0+$/, "");
  if (fraction.length > (modifiers[0] ?? 6)) return refuse("would_round");
  const [years, months, weeks, days, hours, minutes, seconds] = numbers;
  // As Postgres keeps them: a week is seven days.
  const allDays = Number(weeks) * 7 + Number(days);
  const text = `P${years}Y${months}M${allDays}DT${hours}H${minutes}M${seconds}S`;
  return fit(text, "interval_from_text", { from: "string", text: value });
};

/** Years, months, weeks, days, hours, minutes, seconds. */
function readParts(text: string): (string | undefined)[] | undefined {
  const clock = withClock.exec(text);
  if (clock !== null) {
    const [, days, hours, minutes, seconds] = clock;
    if (Number(minutes) > 59 || Number(seconds ?? 0) >= 60) return undefined;
    return [undefined, undefined, undefined, days, hours, minutes, seconds];
  }
  const found = iso.exec(text) ?? spoken.exec(text);
  return found === null ? undefined : found.slice(1);
}
