import type { AuthMode, FunctionContract, HttpMethod, MethodContract } from "./contract.ts";
import { findLooseObject } from "./strictInput.ts";

const nameShape = /^[A-Za-z][A-Za-z0-9_-]*$/;
const modeShape = /^(?:user|publishable|secret|none|(?:publishable|secret):(?:\*|[A-Za-z0-9_-]+))$/;

/** Throws where a contract promises what cannot be kept, at definition: long before a request would find out. */
export function checkDefinition(contract: FunctionContract): void {
  const { name, summary, auth, methods } = contract;
  if (!nameShape.test(name)) {
    fail(name, `its name must be one the platform deploys, matching ${nameShape}`);
  }
  if (summary === "" || summary.endsWith(".")) fail(name, `its summary must be a sentence without a full stop`);
  checkModes(name, auth);
  const entries = Object.entries(methods) as [HttpMethod, MethodContract][];
  if (entries.length === 0) fail(name, "it must answer at least one method");
  for (const [method, methodContract] of entries) checkMethod(name, method, methodContract);
}

function checkModes(name: string, modes: readonly AuthMode[]): void {
  if (modes.length === 0) fail(name, "it must say which credentials open it: 'none' for everybody");
  for (const mode of modes) {
    if (!modeShape.test(mode)) fail(name, `'${mode}' is not a mode of credentials`);
  }
  if (modes.slice(0, -1).includes("none")) fail(name, "'none' must be the last mode, as it always fits");
}

function checkMethod(name: string, method: HttpMethod, contract: MethodContract): void {
  const { input, output, streams, auth, rateLimit, idempotent, status, bodyLimitBytes, deadlineMs } = contract;
  if (auth !== undefined) checkModes(name, auth);
  if (input !== undefined) {
    const loose = findLooseObject(input);
    if (loose !== undefined) {
      fail(name, `the input of ${method} must refuse unknown fields: use z.strictObject at '${loose}'`);
    }
  }
  if (rateLimit !== undefined) {
    checkNumber(name, `the rate limit's 'limit' of ${method}`, rateLimit.limit, 1);
    checkNumber(name, `the rate limit's 'windowMs' of ${method}`, rateLimit.windowMs, 1);
  }
  if (idempotent === true && method === "GET") fail(name, "GET changes nothing and needs no idempotency key");
  if (streams === true && output !== undefined) fail(name, `${method} streams events and so has no output`);
  if (streams === "on-request" && output === undefined) {
    fail(name, `${method} streams on request, and so must say its output otherwise`);
  }
  if (streams !== undefined && streams !== false && idempotent === true) {
    fail(name, `${method} streams events, which cannot be kept to repeat`);
  }
  if (status !== undefined && (status < 200 || status > 299)) {
    fail(name, `the status of ${method} must be one of success: got ${status}`);
  }
  if (bodyLimitBytes !== undefined) checkNumber(name, `'bodyLimitBytes' of ${method}`, bodyLimitBytes, 1);
  if (deadlineMs !== undefined) checkNumber(name, `'deadlineMs' of ${method}`, deadlineMs, 1);
}

function checkNumber(name: string, what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    fail(name, `${what} must be a whole number of at least ${least}: got ${value}`);
  }
}

function fail(name: string, why: string): never {
  throw new Error(`Cannot define function '${name}' as ${why}`);
}
