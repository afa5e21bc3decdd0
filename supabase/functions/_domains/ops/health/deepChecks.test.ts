import assert from "node:assert/strict";
import { accessFinding, jobsFinding, queuesFinding } from "./deepChecks.ts";

const sound = { missingRoles: [], reachable: [], unprotected: [], unprotectedPublic: [] };

Deno.test("a kernel that API roles can reach fails; an unprotected table of the API warns", () => {
  assert.equal(accessFinding(sound).status, "pass");
  assert.equal(accessFinding({ ...sound, missingRoles: ["anon"] }).status, "fail");
  assert.equal(accessFinding({ ...sound, reachable: ["isolates"] }).status, "fail");
  assert.equal(accessFinding({ ...sound, unprotected: ["isolates"] }).status, "fail");
  assert.equal(accessFinding({ ...sound, unprotectedPublic: ["orders"] }).status, "warn");
});

Deno.test("an overdue job warns", () => {
  const job = { name: "ops-purge", isOverdue: false, lastState: "failed", lastErrorCode: "internal" };
  assert.equal(jobsFinding([job]).status, "pass");
  assert.equal(jobsFinding([job, { ...job, isOverdue: true }]).status, "warn");
});

Deno.test("dead letters warn, and so do messages that wait for ten minutes", () => {
  const queue = { name: "mail", waiting: 5, hidden: 0, dead: 0, oldestWaitingMs: 600_000 };
  assert.equal(queuesFinding([queue]).status, "pass");
  assert.equal(queuesFinding([{ ...queue, dead: 1 }]).status, "warn");
  assert.equal(queuesFinding([{ ...queue, oldestWaitingMs: 600_001 }]).status, "warn");
});
