/** What a shopper can be seen doing. `viewed_often` is not among them: it is found out, not sent. */
export const signals = [
  "purchase",
  "repeat_purchase",
  "bulk_purchase",
  "subscription",
  "add_to_cart",
  "quantity_increase",
  "save_for_later",
  "remove_from_cart",
  "click",
  "view_details",
  "dwell_10s",
  "dwell_30s",
  "dwell_60s",
  "impression",
  "skipped",
  "returned",
] as const;

/** A signal that clients send. */
export type Signal = (typeof signals)[number];
