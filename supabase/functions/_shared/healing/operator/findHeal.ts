import type { Heal, HealStore } from "../ledger/heal.ts";
import { isId, OperatorRefusal } from "./operatorRefusal.ts";

/** A heal by its id, and the id that the records of its rows carry. */
export async function findHeal(
  ledger: HealStore,
  id: string,
): Promise<{ readonly heal: Heal; readonly planId: string }> {
  const [heal] = isId(id) ? await ledger.listHeals({ ids: [id] }) : [];
  if (heal === undefined) throw new OperatorRefusal("NOT_FOUND", `Cannot find heal "${id}"`);
  const plan = heal.evidence["plan"];
  return { heal, planId: isId(plan) ? plan : heal.id };
}
