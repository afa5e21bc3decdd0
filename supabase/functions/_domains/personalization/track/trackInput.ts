import * as z from "zod";
import { eventFields, TrackEvent } from "./trackEvent.ts";

/** One event, or up to 500 of them at once. */
export const TrackInput = z.strictObject({
  ...eventFields,
  eventId: eventFields.eventId.optional(),
  type: eventFields.type.optional(),
  /** Several events at once, instead of one: each counts or is refused by itself. */
  events: z.array(TrackEvent).min(1).max(500).optional(),
}).superRefine(({ events, ...event }, issues) => {
  if (events === undefined) {
    for (const issue of TrackEvent.safeParse(event).error?.issues ?? []) {
      // What is there was checked already: only what is lacking is left to say.
      if (event[issue.path[0] as keyof typeof event] !== undefined) continue;
      issues.addIssue({ code: "custom", path: [...issue.path], message: issue.message });
    }
  } else if (Object.values(event).some((field) => field !== undefined)) {
    issues.addIssue({ code: "custom", path: ["events"], message: "Must stand alone: one event, or 'events'" });
  }
});

/** The events of an input. */
export function eventsOf({ events, ...event }: z.output<typeof TrackInput>): readonly TrackEvent[] {
  // A single event was checked against TrackEvent whole.
  return events ?? [event as TrackEvent];
}
