import { until, type Gateway } from './gateway';
import { auditOf } from './records';

/** A case as operators see it. */
export interface CaseView {
  kind: string;
  state: string;
  fact: string;
  owner: string;
  instruction_id: string | null;
  detail: Record<string, string | number | null>;
}

/** The payment's cases, read by a person who works them. */
export async function casesOf(gateway: Gateway, paymentId: string): Promise<CaseView[]> {
  const { body } = await gateway.asOperator('settlement-1', 'GET', `/ops/v1/cases?payment=${paymentId}`);
  return body.data as CaseView[];
}

/** Waits until the payment has a case of this kind. */
export async function untilCase(gateway: Gateway, paymentId: string, kind: string): Promise<CaseView> {
  return until(
    `${paymentId} has a case ${kind}`,
    async () => (await casesOf(gateway, paymentId)).find((one) => one.kind === kind),
    60_000,
  );
}

/** Waits until the audit log has this action of the payment; gives back its detail. */
export async function untilAudited(
  gateway: Gateway,
  paymentId: string,
  action: string,
  fits: (detail: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>> {
  return until(
    `${action} of ${paymentId} is audited`,
    async () =>
      (await auditOf(gateway, paymentId)).find((one) => one.action === action && fits(one.detail ?? {}))?.detail,
    60_000,
  );
}
