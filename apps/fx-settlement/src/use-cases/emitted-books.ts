import { reservationEvents } from '@gateway/contracts/fx.reservation.events.v1';
import type { ReservationOutcome } from '@gateway/contracts/fx.reservation.events.v1';
import type { AuditEntry, Emitted, OutboundRecord } from '@gateway/messaging';
import type { RefundSides } from '../domain/refund-rule';
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

/** Of a funded refund: its rule, the rate at which it was valued, and what the gateway bears or gains. */
function valuationOf({ refund }: PlacedPosting['posting']): Record<string, string> {
  if (refund === undefined) return {};
  const { rule, bearer, mid, result } = refund;
  return { rule, ...(bearer === null ? {} : { bearer }), mid: mid.toString(), fx_result: result.toDigits() };
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
    ...(answer.moved === undefined ? {} : { refund: onWire(answer.moved) }),
    at,
  };
  return {
    contract: reservationEvents,
    data,
    partition: record.partition,
    ...(record.traceparent === undefined ? {} : { traceparent: record.traceparent }),
  };
}

function onWire({ source, target }: RefundSides): NonNullable<ReservationOutcome['refund']> {
  const amountOf = (money: RefundSides['source']): { amount: string; currency: string } => ({
    amount: money.toDigits(),
    currency: money.currency.code,
  });
  return { source_amount: amountOf(source), target_amount: amountOf(target) };
}
