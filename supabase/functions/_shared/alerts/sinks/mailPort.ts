/** A letter to send. */
export interface Mail {
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** The same however often it is sent, for services that tell repetitions by it. */
  readonly id: string;
}

/** Whoever sends mail. Ports 25 and 587 are blocked on the hosted platform: it is a service behind HTTP. */
export interface MailPort {
  send(mail: Mail, options: { readonly signal: AbortSignal }): Promise<void>;
}
