import { isSecretName, redactText } from "./redact.ts";

const deepest = 6;
const mostItems = 50;

/** A value as a log line may carry it: plain JSON without secrets, of bounded depth, errors told by their cause chain. */
export function loggableValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return redactText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "object":
      break;
    default:
      return value === undefined ? undefined : String(value);
  }
  if (value === null) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (depth === deepest) return "[deeper]";
  if (value instanceof Error) return loggableError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => loggableValue(item, depth + 1));
    return value.length > mostItems ? [...items, `[${value.length - mostItems} more]`] : items;
  }
  return loggableFields(value as Record<string, unknown>, depth);
}

/** The fields of an object, those with secret names blackened. */
export function loggableFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const entries = Object.entries(fields);
  const loggable = entries.slice(0, mostItems).map(([name, value]) => {
    return [
      name,
      isSecretName(name) && value !== null && value !== undefined ? "[redacted]" : loggableValue(value, depth + 1),
    ];
  });
  if (entries.length > mostItems) loggable.push(["more", entries.length - mostItems]);
  return Object.fromEntries(loggable);
}

/** Code, name and message, and those of what caused it. Never the statement, its parameters or the rows it met. */
function loggableError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    ...typeof code === "string" || typeof code === "number" ? { code } : {},
    name: error.name,
    message: redactText(error.message),
    ...cause === undefined ? {} : { cause: loggableValue(cause, depth + 1) },
  };
}
