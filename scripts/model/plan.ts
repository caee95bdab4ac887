import { planUnknown } from "../errors/model.js";

/** What native forms are chosen for: speed, or little memory. */
export const PLANS = ["fast", "lean"] as const;

export type PlanName = (typeof PLANS)[number];

/** The plan of that name. Throws SertaoError MODEL_PLAN. */
export function planNamed(name: string): PlanName {
  const plan = PLANS.find((known) => known === name);
  if (plan === undefined) throw planUnknown(name, PLANS.join(" and "));
  return plan;
}
