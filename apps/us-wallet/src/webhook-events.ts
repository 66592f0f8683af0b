import type { Claim } from '@gateway/wallet-network';

/**
 * The acquirer's events that are known, and what each claims of the payment or action that it names; `null`: nothing
 * about its end. Any other type is kept and acknowledged. None of them is ever believed: they only have us ask.
 */
export const EVENT_CLAIMS: Readonly<Record<string, Claim['claim'] | null>> = {
  payment_approved: 'done',
  payment_pending: null,
  payment_authentication_failed: 'not_done',
  payment_declined: 'not_done',
  payment_canceled: null,
  payment_expired: null,
  payment_captured: 'done',
  payment_capture_pending: null,
  payment_capture_declined: 'not_done',
  payment_voided: 'done',
  payment_void_declined: 'not_done',
  payment_refunded: 'done',
  payment_refund_pending: null,
  payment_refund_declined: 'not_done',
  payment_paid: 'done',
  payment_returned: null,
  dispute_received: null,
  dispute_evidence_required: null,
  dispute_evidence_submitted: null,
  dispute_expired: null,
  dispute_canceled: null,
  dispute_won: null,
  dispute_lost: null,
};

/** Events of an action that undid a payment. Where they name no action of ours the acquirer may have done it by itself. */
const UNDOINGS: ReadonlySet<string> = new Set(['payment_voided', 'payment_refunded']);

/** What is read of an event: names, and what a person needs of a conflict. */
export interface WebhookEvent {
  id: string | null;
  type: string | null;
  /** Ours: of the action where the event is about one, else of the payment. */
  instructionId: string | null;
  /** It is about a dispute of that payment. */
  isOfDispute: boolean;
  says?: Claim;
}

/** Fields of `data` that are kept; nobody's name, card or account is among them. */
const KEPT = ['id', 'action_id', 'status', 'approved', 'amount', 'currency', 'response_code', 'processed_on'] as const;
const LONGEST = 128;

/** Reads a verified body; null where it is no JSON object: then it names nothing, and is kept by its hash. */
export function readEvent(rawBody: Buffer): WebhookEvent | null {
  const event = objectIn(rawBody);
  if (event === null) return null;
  const data = isObject(event['data']) ? event['data'] : {};
  const type = textOf(event['type']);
  const isOfDispute = type?.startsWith('dispute_') === true;
  const ofAction = textOf(data['action_reference']);
  const instructionId = isOfDispute ? textOf(data['payment_reference']) : (ofAction ?? textOf(data['reference']));
  const claim = claimOf(type, ofAction);
  const read = { id: textOf(event['id']), type, instructionId, isOfDispute };
  return claim ? { ...read, says: { claim, fields: fieldsOf(type ?? '', data) } } : read;
}

function claimOf(type: string | null, ofAction: string | null): Claim['claim'] | null {
  if (type === null || !Object.hasOwn(EVENT_CLAIMS, type)) return null;
  return UNDOINGS.has(type) && ofAction === null ? 'taken_back' : (EVENT_CLAIMS[type] ?? null);
}

function fieldsOf(type: string, data: Record<string, unknown>): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = data[name];
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
    return isScalar ? [[name, String(value).slice(0, LONGEST)]] : [];
  });
  return { type, ...(Object.fromEntries(kept) as Record<string, string>) };
}

function objectIn(rawBody: Buffer): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(rawBody.toString('utf8'));
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : null;
}
