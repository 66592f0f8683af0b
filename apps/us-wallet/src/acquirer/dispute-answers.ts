import type { DisputeCategory, DisputeStatus } from '@gateway/contracts/wallet.network.disputes';
import { allOrNone, instant, minorUnits, objectOf, text } from './read-fields';

/** A dispute as the acquirer tells it. Amounts are digits of minor units. */
export interface AcquirerDispute {
  id: string;
  status: DisputeStatus;
  /** The acquirer's own status, which says more. */
  code: string;
  amount: string;
  currency: string;
  category: DisputeCategory;
  reasonCode: string;
  receivedAt: Date;
  evidenceDueBy: Date | null;
}

/**
 * Status of a dispute: theirs to ours. An issuer that withdraws loses; what is accepted or not answered in time is lost.
 * A status that is not listed is not read: the acquirer is asked again.
 */
const STATUSES: Readonly<Record<string, DisputeStatus>> = {
  evidence_required: 'open',
  evidence_under_review: 'under_review',
  arbitration_under_review: 'under_review',
  won: 'won',
  canceled: 'won',
  arbitration_won: 'won',
  lost: 'lost',
  accepted: 'lost',
  expired: 'lost',
  arbitration_lost: 'lost',
};

/** A resolved dispute never went to us for an answer: why it was resolved tells who has the money. */
const RESOLVED: Readonly<Record<string, DisputeStatus>> = {
  rapid_dispute_resolution: 'lost',
  already_refunded: 'won',
};

const CATEGORIES: Readonly<Record<string, DisputeCategory>> = {
  fraudulent: 'fraudulent',
  unrecognized: 'unrecognized',
  product_service_not_received: 'not_received',
  not_as_described: 'not_as_described',
  credit_not_issued: 'credit_not_issued',
  canceled_recurring: 'canceled_recurring',
  duplicate: 'duplicate',
  processing_error: 'processing_error',
  general: 'general',
};

/** `GET /disputes/{id}`, or one of a list. */
export function readDispute(value: unknown): AcquirerDispute | null {
  const dispute = objectOf(value);
  const [id, code, currency] = [text(dispute['id']), text(dispute['status']), text(dispute['currency'])];
  const [amount, receivedAt] = [minorUnits(dispute['amount']), instant(dispute['received_on'])];
  if (id === null || code === null || currency === null || amount === null || receivedAt === null) return null;
  const status = statusOf(code, text(dispute['resolved_reason']));
  if (status === null) return null;
  const category = text(dispute['category']) ?? '';
  return {
    id,
    status,
    code,
    amount,
    currency,
    // A category that is not known is a dispute nevertheless.
    category: Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category]! : 'general',
    reasonCode: (text(dispute['reason_code']) ?? '').slice(0, 32),
    receivedAt,
    evidenceDueBy: instant(dispute['evidence_required_by']),
  };
}

/** `GET /disputes?...`. */
export function readDisputeList(value: unknown): AcquirerDispute[] | null {
  const data = objectOf(value)['data'];
  return Array.isArray(data) ? allOrNone(data.map(readDispute)) : null;
}

/** That a dispute has changed, and whose: what it has become is asked for. */
export interface MentionedDispute {
  id: string;
  /** Our reference of the payment. */
  paymentReference: string;
  /** As the acquirer writes it. */
  lastUpdate: string;
}

/** `GET /disputes?from=...`: also one whose status is not known; one of a payment without our reference is not ours. */
export function readMentions(value: unknown): MentionedDispute[] | null {
  const data = objectOf(value)['data'];
  return Array.isArray(data) ? allOrNone(data.map(readMention)) : null;
}

function readMention(value: unknown): MentionedDispute | null {
  const dispute = objectOf(value);
  const [id, paymentReference, lastUpdate] = ['id', 'payment_reference', 'last_update'].map((name) =>
    text(dispute[name]),
  );
  return id == null || lastUpdate == null ? null : { id, paymentReference: paymentReference ?? '', lastUpdate };
}

/** The answer to evidence, its submission and an acceptance has no body: what came of it is asked for. */
export function readTaken(): { taken: true } {
  return { taken: true };
}

function statusOf(code: string, resolvedReason: string | null): DisputeStatus | null {
  if (code === 'resolved') return Object.hasOwn(RESOLVED, resolvedReason ?? '') ? RESOLVED[resolvedReason!]! : null;
  return Object.hasOwn(STATUSES, code) ? STATUSES[code]! : null;
}
