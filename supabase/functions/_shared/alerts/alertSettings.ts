import { alertSeverities } from "./alert.ts";
import { type AlertSink, AlertSinkError, type ConfiguredSink } from "./alertSink.ts";
import { httpMail } from "./sinks/httpMail.ts";
import { mailSink } from "./sinks/mailSink.ts";
import { sinkUrl } from "./sinks/sinkUrl.ts";
import { slackSink } from "./sinks/slackSink.ts";
import { readSigningSecrets } from "./sinks/standardWebhook.ts";
import { webhookSink } from "./sinks/webhookSink.ts";

type Env = (name: string) => string | undefined;

/**
 * The sinks that the environment describes; none where it says nothing. One whose settings make no sense is there all the
 * same and fails each delivery with `misconfigured`, so that the others tell of it.
 */
export function readAlertSinks(env: Env, options: { readonly isHosted: boolean }): ConfiguredSink[] {
  const textOf = (variable: string) => {
    const text = env(variable);
    if (text === undefined) throw new TypeError(`Cannot read the settings as '${variable}' is not set`);
    return text;
  };
  const urlOf = (variable: string) => sinkUrl(textOf(variable), options);
  return [
    ...configured(env, "webhook", ["BALLAST_ALERT_WEBHOOK_URL", "BALLAST_ALERT_WEBHOOK_SECRET"], () =>
      webhookSink({
        url: urlOf("BALLAST_ALERT_WEBHOOK_URL"),
        secrets: readSigningSecrets(textOf("BALLAST_ALERT_WEBHOOK_SECRET")),
      })),
    ...configured(
      env,
      "slack",
      ["BALLAST_ALERT_SLACK_URL"],
      () => slackSink({ url: urlOf("BALLAST_ALERT_SLACK_URL") }),
    ),
    ...configured(
      env,
      "mail",
      ["BALLAST_ALERT_MAIL_URL", "BALLAST_ALERT_MAIL_KEY", "BALLAST_ALERT_MAIL_FROM", "BALLAST_ALERT_MAIL_TO"],
      () =>
        mailSink({
          mail: httpMail({
            url: urlOf("BALLAST_ALERT_MAIL_URL"),
            key: textOf("BALLAST_ALERT_MAIL_KEY"),
            from: textOf("BALLAST_ALERT_MAIL_FROM"),
          }),
          to: textOf("BALLAST_ALERT_MAIL_TO"),
        }),
    ),
  ];
}

/** A sink is there as soon as one of its variables is. */
function configured(env: Env, name: string, variables: readonly string[], make: () => AlertSink): ConfiguredSink[] {
  const values = variables.map(env);
  if (values.every((value) => value === undefined)) return [];
  const target = JSON.stringify(values);
  const level = env(`BALLAST_ALERT_${name.toUpperCase()}_SEVERITY`) ?? "info";
  const least = alertSeverities.find((severity) => severity === level);
  try {
    if (least === undefined) throw new TypeError(`Cannot read the settings as '${level}' is no severity`);
    return [{ sink: make(), least, target }];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [{ sink: brokenSink(name), least: "info", target, problem: error.message }];
  }
}

function brokenSink(name: string): AlertSink {
  return { name, deliver: () => Promise.reject(new AlertSinkError("misconfigured", { status: 500 })) };
}
