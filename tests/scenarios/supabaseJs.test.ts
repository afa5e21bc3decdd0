import assert from "node:assert/strict";
import { createClient, FunctionsHttpError } from "@supabase/supabase-js";
import { type TestStack, testStack } from "../harness/testStack.ts";

function clientOf(stack: TestStack, key: string) {
  return createClient(stack.url, key, { auth: { autoRefreshToken: false, persistSession: false } });
}

Deno.test("supabase-js calls ops-health with the publishable key, and nobody signed in", async () => {
  await using stack = await testStack();
  const { data, error } = await clientOf(stack, stack.publishableKey).functions.invoke("ops-health");
  assert.equal(error, null);
  assert.match(data.status, /^(?:pass|warn)$/); // A busy machine's database is called slow.
});

Deno.test("somebody who signed up with supabase-js sees the flags as themselves", async () => {
  await using stack = await testStack();
  const operator = clientOf(stack, stack.secretKey);
  const client = clientOf(stack, stack.publishableKey);
  const signedUp = await client.auth.signUp({ email: "ada@example.com", password: "correct horse battery" });
  assert.equal(signedUp.error, null);
  const body = { name: "new-checkout", isEnabled: true, rolloutPercent: 0, isPublic: true };
  const put = await operator.functions.invoke("ops-flags", {
    method: "PUT",
    body: { ...body, allowedSubjects: [`user:${signedUp.data.user?.id}`] },
  });
  assert.equal(put.error, null);

  const asAda = await client.functions.invoke("ops-flags", { method: "GET" });
  assert.deepEqual([asAda.error, asAda.data.flags], [null, { "new-checkout": true }]);
  await client.auth.signOut();
  const asVisitor = await client.functions.invoke("ops-flags", { method: "GET" });
  assert.deepEqual([asVisitor.error, asVisitor.data.flags], [null, { "new-checkout": false }]);

  const anonymous = await client.auth.signInAnonymously();
  assert.equal(anonymous.error, null);
  const asAnonymous = await client.functions.invoke("ops-flags", { method: "GET" });
  assert.deepEqual([asAnonymous.error, asAnonymous.data.flags], [null, { "new-checkout": false }]);
});

Deno.test("an error reaches supabase-js with its code", async () => {
  await using stack = await testStack();
  const client = clientOf(stack, stack.publishableKey);
  const { error } = await client.functions.invoke("ops-flags", { method: "PATCH", body: { name: "a", off: true } });
  assert.ok(error instanceof FunctionsHttpError);
  assert.deepEqual([error.context.status, (await error.context.json()).code], [401, "wrong_credentials"]);
});
