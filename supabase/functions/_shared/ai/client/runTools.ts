import { dataBlock } from "../hygiene/dataBlock.ts";
import type { ProviderAnswer, ProviderMessage, ToolCall, ToolResult } from "../provider/aiProvider.ts";
import type { PreparedRequest } from "./preparedRequest.ts";

/** What came of the tools that a model called. */
export interface ToolRound {
  /** The model's turn and the tools' answers: what the conversation goes on with. */
  readonly messages: readonly ProviderMessage[];
  readonly refused: readonly string[];
}

const longestResult = 50_000;

/**
 * Runs the tools that an answer calls, one after the other. A tool that is not on the list is refused and never run; one whose input
 * does not fit, or that fails, says so to the model. What tools give is data, and redacted like all that leaves.
 */
export async function runTools(
  { text, toolCalls }: ProviderAnswer,
  prepared: PreparedRequest,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ToolRound> {
  const results: ToolResult[] = [];
  const refused: string[] = [];
  for (const call of toolCalls) {
    signal.throwIfAborted();
    const result = await runTool(call, prepared, signal, onError);
    if (result === undefined) refused.push(call.name);
    results.push(result ?? { callId: call.id, text: "Refused: this tool may not be used here.", isError: true });
  }
  return { messages: [{ role: "assistant", text, toolCalls }, { role: "tool", results }], refused };
}

async function runTool(
  { id: callId, name, input }: ToolCall,
  { tools, redaction, restores }: PreparedRequest,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ToolResult | undefined> {
  const tool = tools.get(name);
  if (tool === undefined) return undefined;
  const failed = (text: string): ToolResult => ({ callId, text, isError: true });
  const parsed = tool.input.safeParse(redaction.showIn(input, restores));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    return failed(redaction.hide(`The input does not fit: ${wrong}`));
  }
  try {
    const given = await tool.run(parsed.data, { signal });
    const text = (typeof given === "string" ? given : JSON.stringify(given) ?? "null").slice(0, longestResult);
    return { callId, text: dataBlock("result", redaction.hide(text)), isError: false };
  } catch (error) {
    signal.throwIfAborted();
    onError(error);
    return failed("The tool failed."); // Its words are for the operator.
  }
}
