import { reservationEvents } from '@gateway/contracts/fx.reservation.events.v1';
import type { ReservationOutcome } from '@gateway/contracts/fx.reservation.events.v1';
import type { AuditEntry, Emitted, OutboundRecord } from '@gateway/messaging';
import type { AnsweredCommand } from './answer-commands';
import type { PlacedPosting } from './ledger-store';

const ACTOR = 'service:fx-settlement';

/** What a batch tells the outside: an outcome per command, and one audit record per payment with all that was done to it. */
export function emittedOf(answered: readonly AnsweredCommand[], posted: readonly PlacedPosting[], now: Date): Emitted {
  const at = now.toISOString();
  const audit = new Map<string, AuditEntry>();
  const note = (subjectId: string, partnerId: string, bucket: number, action: AuditEntry['actions'][number]): void => {
    const entry = audit.get(subjectId) ?? { subjectId, partnerId, bucket, actor: ACTOR, actions: [] };
    entry.actions.push(action);
    audit.set(subjectId, entry);
  };
  for (const { record, answer } of answered) {
    if (!answer.fresh) continue;
    const { payment_id, partner_id } = record.data;
    const detail = { outcome: answer.outcome, reason: answer.reason };
    note(payment_id, partner_id, record.partition, { action: 'reservation.answered', detail });
  }
  for (const { paymentId, partnerId, stripe, posting } of posted) {
    const detail = { booking: posting.code, leg: posting.legId, party: posting.party, ...valuationOf(posting) };
    note(paymentId, partnerId, stripe, { action: 'ledger.booked', detail });
  }
  return { records: answered.map((one) => outcomeRecord(one, at)), audit: [...audit.values()] };
}

/** Of a funded refund: the rate at which it was valued, and what the gateway bears or gains by rule R1. */
function valuationOf({ refund }: PlacedPosting['posting']): Record<string, string> {
  return refund === undefined ? {} : { rule: 'R1', mid: refund.mid.toString(), fx_result: refund.result.toDigits() };
}

function outcomeRecord({ record, answer }: AnsweredCommand, at: string): OutboundRecord<ReservationOutcome> {
  const data: ReservationOutcome = {
    instruction_id: answer.instructionId,
    payment_id: record.data.payment_id,
    partner_id: record.data.partner_id,
    version: answer.version,
    outcome: answer.outcome,
    ...(answer.reason === null ? {} : { reason: answer.reason }),
    ...(answer.mid === undefined ? {} : { mid: answer.mid }),
    at,
  };
  return {
    contract: reservationEvents,
    data,
    partition: record.partition,
    ...(record.traceparent === undefined ? {} : { traceparent: record.traceparent }),
  };
}
