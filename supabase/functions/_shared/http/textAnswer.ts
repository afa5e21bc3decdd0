/** An answer that is a text instead of JSON. Made by {@link textAnswer}. */
export interface TextAnswer {
  readonly kind: "text-answer";
  readonly text: string;
}

/** Answers with a text, of the media type that the contract names in `textType`. */
export function textAnswer(text: string): TextAnswer {
  return { kind: "text-answer", text };
}

/** Is a use case's result a text? */
export function isTextAnswer(result: unknown): result is TextAnswer {
  if (typeof result !== "object" || result === null) return false;
  const { kind, text } = result as { kind?: unknown; text?: unknown };
  return kind === "text-answer" && typeof text === "string";
}

/** The text as it is sent. */
export function textResponse({ text }: TextAnswer, textType: string, status: number): Response {
  return new Response(text, { status, headers: { "content-type": textType, "cache-control": "no-store" } });
}
