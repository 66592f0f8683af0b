import type { Money } from '@gateway/money';
import type { PaymentCase } from './advance-payment';
import type { Payment } from './payment';

/** An object of a payment that a case is about: its place in the case's detail, and the money that waits with it. */
interface CaseObject {
  name: 'refund' | 'return' | 'dispute';
  id: string;
  state: PaymentCase['state'];
  amount: Money;
}

/** What was told, and which instruction it is about. */
interface CaseFact extends Pick<PaymentCase, 'kind' | 'fact' | 'instructionId'> {
  reason: string | undefined;
  version: number | undefined;
  /** What else a person needs to know. */
  more?: PaymentCase['detail'];
}

/** A case about a refund, a returned credit or a dispute: settlement's people have to look. */
export function caseAbout(payment: Payment, object: CaseObject, told: CaseFact, at: Date): PaymentCase {
  return {
    paymentId: payment.id,
    partnerId: payment.order.partnerId,
    kind: told.kind,
    state: object.state,
    fact: told.fact,
    instructionId: told.instructionId,
    detail: {
      [object.name]: object.id,
      owner: 'settlement',
      amount: object.amount.toDigits(),
      currency: object.amount.currency.code,
      reason: told.reason ?? null,
      version: told.version ?? null,
      ...told.more,
    },
    at,
  };
}
