import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { makeSigningKey } from "../../local/keys/signingKey.ts";
import type { ErrorCode } from "../../supabase/functions/_shared/errors/errorRegistry.ts";
import { parseQuery } from "../../supabase/functions/_shared/http/parseQuery.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { unsignedToken, userToken } from "../harness/userToken.ts";
import { assertProblem, tellsOfInside } from "./assertProblem.ts";
import {
  type CredentialKind,
  credentials,
  fieldNames,
  goodCredentials,
  isAccepted,
  readContracts,
  requestBudget,
  type Target,
  targetsOf,
} from "./badInputTargets.ts";

const functionsFolder = join(projectFolder, "supabase", "functions");
const json = { "content-type": "application/json" };
const describe = ({ name, method }: Target) => `${method} ${name}`;

/** Every method of every function of the checkout. */
async function allTargets(stack: TestStack): Promise<Target[]> {
  const contracts = await readContracts(functionsFolder);
  assert.ok(contracts.length >= 4, "the functions were not found");
  return contracts.flatMap((contract) => targetsOf(stack, contract));
}

/** Sends bad credentials to a target and checks what comes back. */
async function checkCredentials(target: Target): Promise<void> {
  const { stack, name, method, accepts, takesBody } = target;
  const send = async (headers: Record<string, string>, code: ErrorCode, what: string) => {
    const body = takesBody ? { body: "{}" } : {};
    const response = await stack.call(name, { method, headers: { ...json, ...headers }, ...body });
    await assertProblem(response, code, `${describe(target)} with ${what}`);
  };
  const bearer = (token: string) => ({ apikey: stack.publishableKey, authorization: `Bearer ${token}` });
  if (accepts.has("user")) {
    const [good, othersKey] = [await userToken(stack.signingKey), await makeSigningKey()];
    const expired = await userToken(stack.signingKey, { expiresInSeconds: -60 });
    const forged = await userToken({ ...othersKey, kid: stack.signingKey.kid });
    const [header, claims, signature] = good.split(".");
    const altered = btoa(atob(claims!).replace(/"sub":"[^"]*"/, '"sub":"root"')).replaceAll("=", "");
    await send(bearer(expired), "expired_token", "an expired token");
    await send(bearer(forged), "invalid_token", "a forged token");
    await send(bearer(`${header}.${altered}.${signature}`), "invalid_token", "an altered token");
    await send(bearer(unsignedToken(good)), "invalid_token", "a token of alg none");
    await send(bearer("not.a.token"), "invalid_token", "a token that is none");
    const service = await userToken(stack.signingKey, { claims: { role: "service_role" } });
    await send(bearer(service), "wrong_credentials", "a token of service_role");
  }
  if (accepts.has("none")) return;
  await send({}, "missing_credentials", "no key");
  const takesKeys = accepts.has("publishable") || accepts.has("secret");
  const unknownKey = { apikey: "sb_secret_AAAAAAAAAAAAAAAAAAAAAA_AAAAAAAA" };
  await send(unknownKey, takesKeys ? "invalid_api_key" : "wrong_credentials", "an unknown key");
  for (const kind of ["publishable", "user", "secret"] satisfies CredentialKind[]) {
    // Somebody signed in sends the publishable key along, which may be what opens this one.
    if (accepts.has(kind) || (kind === "user" && accepts.has("publishable"))) continue;
    await send(await credentials(stack, kind), "wrong_credentials", `credentials of kind ${kind}`);
  }
}

/** Sends bad bodies to a target and checks what comes back. */
async function checkBodies(target: Target): Promise<void> {
  const { stack, name, method } = target;
  const send = async (body: BodyInit, type: string | undefined, code: ErrorCode, what: string) => {
    const headers = { ...await goodCredentials(target), ...(type === undefined ? {} : { "content-type": type }) };
    const response = await stack.call(name, { method, headers, body });
    await assertProblem(response, code, `${describe(target)} with ${what}`);
  };
  await send('{"name": ', "application/json", "malformed_json", "half of a body");
  await send("{'name': 1}", "application/json; charset=utf-8", "malformed_json", "single quotes");
  await send("name=1", "application/x-www-form-urlencoded", "unsupported_media_type", "a form");
  await send(new TextEncoder().encode("{}"), undefined, "unsupported_media_type", "no content type");
  const badText = new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);
  await send(badText, "application/json", "malformed_utf8", "bad UTF-8");
  const large = new Uint8Array(10_000_000).fill(0x20);
  await send(large, "application/json", "body_too_large", "10 MB");
}

/** Sends input that the contract refuses and checks that it is refused, whatever it is. */
async function checkInputs(target: Target): Promise<void> {
  const { stack, name, method, takesBody } = target;
  const names = fieldNames(target);
  const field = fc.oneof(...names.map((known) => fc.constant(known)), fc.string({ minLength: 1, maxLength: 12 }));
  const numRuns = Math.max(5, Math.min(100, requestBudget(target) - 20));
  const refused = async (init: RequestInit & { query?: string }, what: string) => {
    const headers = { ...json, ...await goodCredentials(target) };
    const response = await stack.call(name, { method, ...init, headers });
    await assertProblem(response, "invalid_input", `${describe(target)} with ${what}`);
  };
  if (takesBody) {
    const body = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(field, fc.jsonValue({ maxDepth: 2 })));
    const bad = body.map((value) => JSON.stringify(value))
      .filter((text) => !tellsOfInside(text) && !isAccepted(target, JSON.parse(text)));
    await fc.assert(fc.asyncProperty(bad, (text) => refused({ body: text }, text)), { numRuns });
    return;
  }
  const query = fc.array(fc.tuple(field, fc.string({ maxLength: 12 })), { minLength: 1, maxLength: 4 })
    .filter((pairs) => !pairs.flat().some(tellsOfInside))
    .map((pairs) => `?${new URLSearchParams(pairs)}`)
    .filter((text) => !isAccepted(target, parseQuery(text)));
  await fc.assert(fc.asyncProperty(query, (text) => refused({ query: text }, text)), { numRuns });
}

Deno.test("bad credentials, bodies, methods and inputs are refused by every function, each for its own reason", async (t) => {
  await using stack = await testStack();
  const targets = await allTargets(stack);
  await t.step("credentials", async () => {
    for (const target of targets) await checkCredentials(target);
  });
  await t.step("bodies", async () => {
    for (const target of targets) if (target.takesBody) await checkBodies(target);
  });
  await t.step("methods", async () => {
    for (const name of new Set(targets.map((target) => target.name))) {
      const answered = targets.filter((target) => target.name === name).map(({ method }) => method as string);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"]) {
        if (answered.includes(method)) continue;
        await assertProblem(await stack.call(name, { method }), "method_not_allowed", `${method} ${name}`);
      }
    }
  });
  await t.step("inputs", async () => {
    for (const target of targets) await checkInputs(target);
  });
  const isAnswering = await stack.call("ops-health");
  assert.equal(isAnswering.status, 200, await isAnswering.text());
});

Deno.test("a secret key where a user is wanted, and all the rest, for a function that is for users alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ballast-functions-" });
  try {
    await Deno.mkdir(join(folder, "notes-write"));
    await Deno.writeTextFile(
      join(folder, "notes-write", "index.ts"),
      `import * as z from "zod";
      import { defineFunction } from ${JSON.stringify(join(functionsFolder, "_shared", "http", "defineFunction.ts"))};
      const handler = () => ({ isWritten: true });
      const [input, output] = [z.strictObject({ text: z.string() }), z.object({ isWritten: z.boolean() })];
      export default defineFunction({ name: "notes-write", summary: "Write a note", auth: ["user"],
        methods: { GET: { input, output, handler }, POST: { input, output, handler, bodyLimitBytes: 10_000 } } });`,
    );
    await using stack = await testStack({ functionsFolder: folder });
    const targets = (await readContracts(folder)).flatMap((contract) => targetsOf(stack, contract));
    assert.equal(targets.length, 2);
    for (const target of targets) {
      await checkCredentials(target);
      if (target.takesBody) await checkBodies(target);
      await checkInputs(target);
    }
    const headers = await credentials(stack, "user");
    const good = await stack.call("notes-write", { headers, query: "?text=hello" });
    assert.deepEqual([good.status, await good.json()], [200, { isWritten: true }]);
    assert.match(good.headers.get("server-timing") ?? "", /use-case/, "the sign that a use case ran is not there");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
