import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerDispute } from '../acquirer/dispute-answers';
import { disputeFee } from './dispute-fees';

/** A payment's disputes as every network tells them, in the order of their ids. */
export function disputesOnWire(disputes: readonly AcquirerDispute[], scheme: string): NetworkDispute[] {
  return [...disputes].sort((left, right) => (left.id < right.id ? -1 : 1)).map((one) => onWire(one, scheme));
}

function onWire(dispute: AcquirerDispute, scheme: string): NetworkDispute {
  const fee = disputeFee(scheme, dispute.receivedAt);
  return {
    network_reference: dispute.id,
    status: dispute.status,
    amount: { amount: dispute.amount, currency: dispute.currency },
    category: dispute.category,
    reason_code: dispute.reasonCode,
    received_at: dispute.receivedAt.toISOString(),
    ...(dispute.evidenceDueBy !== null && { evidence_due_by: dispute.evidenceDueBy.toISOString() }),
    ...(fee !== undefined && { fee }),
  };
}

/** Statuses that only a dispute can have whose evidence was submitted. */
const ANSWERED: ReadonlySet<string> = new Set([
  'evidence_under_review',
  'won',
  'lost',
  'arbitration_under_review',
  'arbitration_won',
  'arbitration_lost',
]);

/**
 * What a dispute's own status proves of our instruction about it; null while it still waits for an answer. Evidence and
 * acceptance exclude each other, so a dispute that was answered otherwise is a certain no.
 */
export function outcomeByDispute(dispute: AcquirerDispute, instruction: Instruction): Outcome | null {
  if (dispute.status === 'open') return null;
  const isDone = instruction.operation === 'accept' ? dispute.code === 'accepted' : ANSWERED.has(dispute.code);
  return isDone
    ? {
        kind: 'PROCESSED',
        networkReference: dispute.id,
        amount: instruction.amount,
        counterparty: instruction.target?.instrument?.scheme ?? 'card',
      }
    : { kind: 'DECLINED', reason: 'ALREADY_FINAL', networkCode: dispute.code, networkReference: dispute.id };
}
