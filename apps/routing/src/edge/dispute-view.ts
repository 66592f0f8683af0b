import { answerIdOf, isAnswerable, type Dispute } from '../domain/disputes/dispute';
import { disputeIsUnknown, disputeStatusOf, isFinalDispute } from '../domain/disputes/dispute-state';
import { viewOfMoney } from './amount-view';
import { FAILURE_DETAILS } from './failures';

/** A dispute as partners see it: what is claimed, until when it can be answered, and who bears it. */
export function viewOfDispute(dispute: Dispute, now: Date): object {
  const { id, createdAt, order, state, standing } = dispute;
  const isOpen = !isFinalDispute(state);
  return {
    id,
    object: 'dispute',
    payment: order.paymentId,
    status: disputeStatusOf(state),
    ...(disputeIsUnknown(state) ? { outcome: 'unknown' } : {}),
    actions: isAnswerable(dispute, now) ? ['evidence', 'accept'] : [],
    amount: viewOfMoney(order.amount),
    fee: order.fee === null ? null : viewOfMoney(order.fee),
    category: order.category,
    reason_code: order.reasonCode,
    received: order.receivedAt.toISOString(),
    evidence_due_by: isOpen ? standing.dueBy : null,
    answer: answerOf(dispute),
    liability: order.liability.bearer,
    clause: order.liability.clause,
    ...(state === 'LOST' && order.liability.bearer === 'partner' ? { recovery: 'netted' } : {}),
    ...failureOf(dispute),
    created: createdAt.toISOString(),
  };
}

/** The same in an event: the texts of evidence can name people, and stay where they are asked for. */
export function viewOfToldDispute(dispute: Dispute, now: Date): object {
  return viewOfDispute({ ...dispute, standing: { ...dispute.standing, evidence: null } }, now);
}

/** Who answered, with what, and under which reference. */
function answerOf(dispute: Dispute): object | null {
  const { answer, answeredBy, evidence } = dispute.standing;
  if (answer === null || answeredBy === null) return null;
  return {
    type: answer === 'represent' ? 'evidence' : 'accept',
    by: answeredBy,
    reference: answerIdOf(dispute),
    ...(evidence === null ? {} : { evidence }),
  };
}

function failureOf({ standing }: Dispute): object {
  const code = standing.reason;
  return code === null ? {} : { failure: { code, detail: FAILURE_DETAILS[code] ?? FAILURE_DETAILS.OTHER! } };
}
