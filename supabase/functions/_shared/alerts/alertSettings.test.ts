import assert from "node:assert/strict";
import { readAlertSinks } from "./alertSettings.ts";
import { noticeFixture } from "./testing/noticeFixture.ts";

const secret = `whsec_${btoa("a secret of thirty-two bytes ....")}`;

function read(variables: Record<string, string>, isHosted = true) {
  return readAlertSinks((name) => variables[name], { isHosted });
}

Deno.test("where nothing is said there are no sinks", () => {
  assert.deepEqual(read({}), []);
});

Deno.test("each sink is there with its variables, and hears what it asks for", () => {
  const sinks = read({
    BALLAST_ALERT_WEBHOOK_URL: "https://hooks.example/a",
    BALLAST_ALERT_WEBHOOK_SECRET: secret,
    BALLAST_ALERT_SLACK_URL: "https://hooks.slack.example/b",
    BALLAST_ALERT_SLACK_SEVERITY: "error",
    BALLAST_ALERT_MAIL_URL: "https://mail.example/send",
    BALLAST_ALERT_MAIL_KEY: "key",
    BALLAST_ALERT_MAIL_FROM: "ballast@example.com",
    BALLAST_ALERT_MAIL_TO: "ops@example.com",
  });
  assert.deepEqual(sinks.map(({ sink, least, problem }) => [sink.name, least, problem]), [
    ["webhook", "info", undefined],
    ["slack", "error", undefined],
    ["mail", "info", undefined],
  ]);
});

Deno.test("a sink that is configured by half is there, says what is wrong, quotes no secret and fails each delivery", async () => {
  const sinks = read({
    BALLAST_ALERT_WEBHOOK_URL: "https://hooks.example/a",
    BALLAST_ALERT_WEBHOOK_SECRET: "hunter2",
    BALLAST_ALERT_SLACK_URL: "http://hooks.slack.example/hunter2",
    BALLAST_ALERT_MAIL_KEY: "hunter2",
  });
  assert.deepEqual(sinks.map(({ problem }) => problem), [
    "Cannot read the secret as it must begin with 'whsec_'",
    "Cannot use the address as it must begin with https:",
    "Cannot read the settings as 'BALLAST_ALERT_MAIL_URL' is not set",
  ]);
  const { sink } = sinks[0]!;
  await assert.rejects(sink.deliver(noticeFixture(), { signal: new AbortController().signal }), {
    code: "misconfigured",
  });
});
