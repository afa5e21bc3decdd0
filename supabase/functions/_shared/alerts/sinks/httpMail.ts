import type { MailPort } from "./mailPort.ts";
import { postNotice } from "./postNotice.ts";

/**
 * Mail through a service that takes `{ from, to, subject, text }` as JSON under a bearer key, as Resend does; others need a
 * {@linkcode MailPort} of a few lines of their own. `Idempotency-Key` keeps a repeated letter from being sent twice.
 */
export function httpMail({ url, key, from }: {
  readonly url: URL;
  readonly key: string;
  readonly from: string;
}): MailPort {
  return {
    async send({ to, subject, text, id }, { signal }) {
      await postNotice({
        url,
        body: JSON.stringify({ from, to: [to], subject, text }),
        headers: { authorization: `Bearer ${key}`, "idempotency-key": id },
        signal,
      });
    },
  };
}
