/** What an isolate can tell of the others. */
export interface FleetView {
  /** Isolates that reached the database within the last minute, this one among them. */
  readonly isolatesSeen: number;
}

/** The isolates that work on the same database, as this one takes part in them. */
export interface Fleet {
  /** Shows that this isolate is alive, at most once a second, and counts those that are. */
  beat(): Promise<FleetView>;
}
