/**
 * Writes a string as an SQL literal. Used where the protocol has no parameters (claims in a multi-statement message);
 * values of a statement always travel as parameters.
 *
 * Quotes are doubled. A backslash means nothing between plain quotes while `standard_conforming_strings` is on, and
 * escapes while it is off: with one in the text the form is E'...', which reads the same either way. JavaScript strings
 * reach the server as valid UTF-8, so that no byte of a longer character can pass for a quote.
 */
export function quoteLiteral(text: string): string {
  if (text.includes("\u0000")) {
    throw new TypeError(`Cannot quote a text for SQL as it holds a NUL character at ${text.indexOf("\u0000")}`);
  }
  const quoted = text.replaceAll("'", "''");
  return quoted.includes("\\") ? ` E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}
