import type { LogFields } from "./logger.ts";
import { loggableFields } from "./loggableValue.ts";
import type { LogLevel } from "./logLevel.ts";
import { redactText } from "./redact.ts";

const longestLine = 9_900; // The platform cuts at 10,000.
const longestMessage = 1_000;
const longestField = 1_500;

/** One event as a line of JSON, always whole and always under 10,000 characters. */
export function logLine(level: LogLevel, timeMs: number, message: string, fields: LogFields): string {
  const told = redactText(message);
  const head = { level, time: new Date(timeMs).toISOString(), message: shorten(told, longestMessage) };
  let line = JSON.stringify(head).slice(0, -1);
  let dropped = 0;
  for (const [name, value] of Object.entries(loggableFields(fields))) {
    if (value === undefined || name in head) continue;
    const text = fieldText(value);
    const part = `,${JSON.stringify(shorten(name, 100))}:${text}`;
    if (line.length + part.length > longestLine) dropped++;
    else line += part;
  }
  return dropped === 0 ? `${line}}` : `${line},"droppedFields":${dropped}}`;
}

function fieldText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longestField ? text : JSON.stringify(shorten(typeof value === "string" ? value : text, 1_200));
}

function shorten(text: string, longest: number): string {
  // Quoting can only lengthen what is cut here to a half again in practice; the line's own limit catches the rest.
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}
