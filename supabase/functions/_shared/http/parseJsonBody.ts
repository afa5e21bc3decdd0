import { AppError } from "../errors/appError.ts";
import type { Bytes } from "./bytes.ts";
import { isNestedDeeperThan } from "./jsonNesting.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const jsonType = /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json *(?:;|$)/i;
const nestingLimit = 64;

/** The value of a JSON body; `undefined` where there is none. Each way to be wrong has its own error. */
export function parseJsonBody(body: Bytes, contentType: string | null): unknown {
  if (body.byteLength === 0) return undefined;
  if (contentType === null || !jsonType.test(contentType)) {
    throw new AppError("unsupported_media_type", "Cannot read the body as its content type is not JSON", {
      details: { received: contentType, supported: ["application/json", "application/*+json"] },
    });
  }
  const text = decode(body);
  if (isNestedDeeperThan(text, nestingLimit)) {
    throw new AppError("invalid_input", `Cannot take the input as it is nested deeper than ${nestingLimit} levels`, {
      details: { issues: [{ path: "", code: "too_deep", message: `At most ${nestingLimit} levels are accepted` }] },
    });
  }
  try {
    // Keys such as "__proto__" become plain own properties here; a strict schema then refuses them as unknown.
    return JSON.parse(text);
  } catch {
    throw new AppError("malformed_json", "Cannot read the body as it is not valid JSON");
  }
}

function decode(body: Bytes): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new AppError("malformed_utf8", "Cannot read the body as it is not valid UTF-8");
  }
}
