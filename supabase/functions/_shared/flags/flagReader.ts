/** Feature flags as a use case reads them. */
export interface FlagReader {
  /** Is the flag on for this subject? The caller's own subject unless given; an unknown flag is off. */
  isOn(name: string, subject?: string): Promise<boolean>;
}
