/** Sixteen digits in a row, or with a point among them: what is shorter fits a number of JavaScript. */
const longNumber = /[\d.]{16}/;
const significant = 15;

/** An answer in whose JSON the numbers that JavaScript cannot hold are texts, as the driver of Postgres gives them. */
export async function exactNumbers(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, statusText, headers } = response;
  const hasBody = status !== 204 && status !== 304;
  const body = hasBody && response.ok && longNumber.test(text) ? withExactNumbers(text) : text;
  return new Response(hasBody ? body : null, { status, statusText, headers });
}

/** JSON text with such numbers as texts; what is not JSON stays as it is. */
export function withExactNumbers(text: string): string {
  const keep = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && context?.source !== undefined && !isExact(context.source, value)
      ? context.source
      : value;
  try {
    return JSON.stringify(JSON.parse(text, keep as (key: string, value: unknown) => unknown));
  } catch {
    return text;
  }
}

function isExact(source: string, value: number): boolean {
  if (String(value) === source) return true;
  const [mantissa = ""] = source.split(/e/i);
  const digits = (mantissa.includes(".") ? mantissa.replace(/0+$/, "") : mantissa).replace(/[-.]/g, "").replace(
    /^0+/,
    "",
  );
  return digits.length <= significant && Number.isFinite(value);
}
