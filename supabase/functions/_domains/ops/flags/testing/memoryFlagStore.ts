import type { FeatureFlag, FlagChange, FlagSettings } from "../../../../_shared/flags/featureFlag.ts";
import type { ChangeNote, FlagStore } from "../../../../_shared/flags/flagStore.ts";

const at = "2026-11-21T09:00:00.000Z";

/** A store in memory, with the versions and the history that the real one's triggers see to. */
export class MemoryFlagStore implements FlagStore {
  flags = new Map<string, FeatureFlag>();
  changes: FlagChange[] = [];

  list = () => Promise.resolve([...this.flags.values()]);
  find = (name: string) => Promise.resolve(this.flags.get(name));
  history = (name: string, limit: number) =>
    Promise.resolve(this.changes.filter((change) => change.name === name).slice(-limit).reverse());

  put: FlagStore["put"] = (name, settings, expectedVersion, note) => {
    const current = this.flags.get(name);
    if (current === undefined && expectedVersion > 0) return Promise.resolve({ kind: "missing" });
    if (current !== undefined && current.version !== expectedVersion) {
      return Promise.resolve({ kind: "conflict", current });
    }
    return Promise.resolve({ kind: "changed", flag: this.#write(name, settings, note) });
  };

  change: FlagStore["change"] = async (name, decide, expectedVersion, note) => {
    const current = this.flags.get(name);
    if (current === undefined) return { kind: "missing" };
    if (expectedVersion !== undefined && current.version !== expectedVersion) return { kind: "conflict", current };
    return await Promise.resolve({
      kind: "changed",
      flag: this.#write(name, { ...current, ...decide(current) }, note),
    });
  };

  remove: FlagStore["remove"] = (name, expectedVersion) => {
    const current = this.flags.get(name);
    if (current === undefined) return Promise.resolve({ kind: "missing" });
    if (expectedVersion !== undefined && current.version !== expectedVersion) {
      return Promise.resolve({ kind: "conflict", current });
    }
    this.flags.delete(name);
    return Promise.resolve({ kind: "changed", flag: current });
  };

  #write(name: string, settings: FlagSettings, { changedBy, reason }: ChangeNote): FeatureFlag {
    const version = (this.flags.get(name)?.version ?? 0) + 1;
    const flag = { ...settings, name, version, createdAt: at, updatedAt: at };
    this.flags.set(name, flag);
    this.changes.push({
      name,
      version,
      changedAt: at,
      changedBy,
      reason: reason ?? null,
      before: null,
      after: settings,
    });
    return flag;
  }
}
