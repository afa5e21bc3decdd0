import type { SqlTag } from "../../db/database.ts";
import type { TransactionClaim, TransactionFate, TransactionLog } from "./transactionLog.ts";

const dayMs = 86_400_000;

/** Transactions in `resilience.transaction_logs`. Pass the transaction's own tag to claim and to finish. */
export function postgresTransactionLog(sql: SqlTag): TransactionLog {
  return {
    async claim({ scope, key }, { requestHash, keepMs = dayMs } = {}) {
      const [row] = await sql<{ state: TransactionClaim["kind"]; result: string | null; xid: string }>`
        select * from resilience_gate.claim_transaction(${scope}, ${key}, ${requestHash ?? null}::text,
          ${Math.ceil(keepMs)}::bigint)`;
      if (row === undefined) throw new Error(`Cannot claim the key "${key}" as the claim gave no row`);
      const { state, result, xid } = row;
      if (state === "run") return { kind: state, xid };
      return state === "done" ? { kind: state, result, xid } : { kind: state };
    },

    async finish({ scope, key }, resultText) {
      const [row] = await sql<{ is_kept: boolean }>`
        select resilience_gate.finish_transaction(${scope}, ${key}, ${resultText}::text) as is_kept`;
      if (row?.is_kept !== true) {
        throw new Error(`Cannot finish the key "${key}" as this transaction has not claimed it`);
      }
    },

    async currentXid() {
      const [row] = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`;
      return row!.xid;
    },

    async fateOf(xid) {
      const [row] = await sql<{ fate: TransactionFate | null }>`
        select pg_xact_status(${xid}::text::xid8) as fate`;
      return row?.fate ?? "unknown";
    },
  };
}
