/** How often something was done with products of a trait, and when last. */
export interface TraitEvents {
  readonly signal: string;
  readonly times: number;
  readonly lastAt: string;
  readonly lastProduct: string;
}

const deeds: Readonly<Record<string, string>> = {
  purchase: "bought",
  repeat_purchase: "bought",
  bulk_purchase: "bought",
  subscription: "subscribed to",
  add_to_cart: "put into the cart",
  quantity_increase: "put more of into the cart",
  save_for_later: "saved for later",
  remove_from_cart: "taken out of the cart",
  click: "looked at",
  view_details: "looked at",
  dwell_10s: "stayed with",
  dwell_30s: "stayed with",
  dwell_60s: "stayed with",
  skipped: "passed over",
  viewed_often: "looked at often and never bought",
  returned: "sent back",
};

/**
 * Why something is believed of a shopper, in words they can check: "bought 2 times and looked at 5 times, last Oat Milk".
 * Undefined where the events are too long ago to be told.
 */
export function explainTrait(events: readonly TraitEvents[]): string | undefined {
  if (events.length === 0) return undefined;
  const times = new Map<string, number>();
  for (const event of events) {
    const deed = deeds[event.signal] ?? event.signal;
    times.set(deed, (times.get(deed) ?? 0) + event.times);
  }
  const told = [...times].sort((one, other) => other[1] - one[1])
    .slice(0, 3)
    .map(([deed, count]) => `${deed} ${count === 1 ? "once" : `${count} times`}`);
  const { lastProduct } = events.reduce((last, event) => (event.lastAt > last.lastAt ? event : last));
  const list = told.length < 2 ? told.join("") : `${told.slice(0, -1).join(", ")} and ${told.at(-1)}`;
  return `${list}, last ${lastProduct}`;
}
