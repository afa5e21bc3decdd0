import { clockFinding, type ClockReading } from "./clockFinding.ts";
import type { HealthCheck } from "./healthCheck.ts";
import type { HealthPorts } from "./healthPorts.ts";
import type { Pong } from "./healthProbe.ts";
import type { CheckFinding } from "./healthReport.ts";
import { migrationsFinding } from "./migrationsFinding.ts";

const slowAboveMs = 500;

/**
 * What every call looks at. Three statements, sent together: one network round trip on a connection that is open. The
 * call that measures goes first, so that it does not wait behind the others.
 */
export function basicChecks(ports: HealthPorts): HealthCheck[] {
  const { clock, probe, fleet, member, expectedMigrations } = ports;
  let pinged: Promise<{ pong: Pong; reading: ClockReading }> | undefined;
  const ping = () => pinged ??= pingAndTime(ports);
  return [
    {
      name: "database",
      isCritical: true,
      run: async () => databaseFinding(await ping()),
    },
    {
      name: "clock",
      isCritical: false,
      run: async () => clockFinding((await ping()).reading),
    },
    {
      name: "migrations",
      isCritical: true,
      run: async () => migrationsFinding(expectedMigrations, await probe.appliedMigrations()),
    },
    {
      name: "fleet",
      isCritical: false,
      async run() {
        const { isolatesSeen } = await fleet.beat();
        const details = { isolateId: member.id, region: member.region };
        return { status: "pass", observedValue: isolatesSeen, observedUnit: "isolates", details };
      },
    },
    {
      name: "version",
      isCritical: false,
      run() {
        const upMs = Math.round(clock.now() - member.startedAtMs);
        return {
          status: "pass",
          observedValue: member.ballastVersion,
          details: { denoVersion: member.denoVersion, upMs },
        };
      },
    },
  ];
}

async function pingAndTime({ clock, probe }: HealthPorts): Promise<{ pong: Pong; reading: ClockReading }> {
  const sentAtMs = clock.now();
  const startedAt = clock.monotonic();
  const pong = await probe.ping();
  const receivedAtMs = sentAtMs + clock.monotonic() - startedAt;
  return { pong, reading: { sentAtMs, receivedAtMs, databaseMs: pong.nowMs } };
}

function databaseFinding({ pong, reading }: { pong: Pong; reading: ClockReading }): CheckFinding {
  const latencyMs = reading.receivedAtMs - reading.sentAtMs;
  const finding = {
    observedValue: Math.round(latencyMs * 10) / 10,
    observedUnit: "ms",
    details: { serverVersion: pong.serverVersion },
  };
  if (pong.isReadOnly) return { status: "fail", output: "The database refuses writes", ...finding };
  if (latencyMs > slowAboveMs) return { status: "warn", output: "The database answers slowly", ...finding };
  return { status: "pass", ...finding };
}
