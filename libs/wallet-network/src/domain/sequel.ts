import type { Answer } from './decision';
import { nextLookMs, type Circumstances } from './enquiry-plan';
import { isMoreTakenBack, sameAmount, type Change, type Contradiction, type Standing, type Told } from './standing';

type Proof = Extract<Answer, { kind: 'PROCESSED' }>;

const DAY_MS = 86_400_000;
const LOOKED: Change = { dueMs: null, enquiries: 0 };

/** What is told of a certain yes. */
export function toldOfProof({ amount, networkReference, counterparty, ...more }: Proof): Told {
  const { holdExpiresAt, cancelableUntil, authentication, disputes } = more;
  return {
    outcome: 'PROCESSED',
    amount,
    networkReference,
    counterparty,
    ...(holdExpiresAt !== undefined && { holdExpiresAt }),
    ...(cancelableUntil !== undefined && { cancelableUntil }),
    ...(authentication !== undefined && { authentication }),
    ...(disputes !== undefined && { disputes }),
  };
}

/**
 * A notification came after a credit, hold or collection was processed, so the network was asked once more: only its own
 * word that it was taken back, or is disputed, changes anything.
 */
export function lookBack(standing: Standing, answer: Answer, at: Circumstances): Change {
  switch (answer.kind) {
    case 'PROCESSED':
      return standing.operation === 'credit' ? creditNow(answer) : payersMoneyNow(standing, answer, at);
    case 'DECLINED':
      return standing.operation === 'credit' ? { ...LOOKED, tellContradiction: deniedBy(answer) } : LOOKED;
    case 'PENDING':
    case 'NOT_FOUND':
      return LOOKED;
    case 'NOT_STARTED':
      return { dueMs: at.nowMs };
    case 'UNKNOWN':
    case 'NOT_SUBMITTED':
      return lookAgain(standing, at);
  }
}

/** Nothing was learnt: the network is asked again, as the notification that was the reason will not come again. */
export function lookAgain(standing: Standing, at: Circumstances): Change {
  return { enquiries: standing.enquiries + 1, dueMs: nextLookMs(standing, at) };
}

/** What is held or taken from a payer ends by our own doing, too, or by itself; a credit that was made does not. */
function deniedBy({ kind, networkCode }: Extract<Answer, { kind: 'DECLINED' }>): Contradiction {
  const later = { type: 'enquiry', status: kind, ...(networkCode !== undefined && { code: networkCode }) };
  return { earlier: null, later };
}

function creditNow({ amount, networkReference, counterparty, returned }: Proof): Change {
  if (returned === undefined) return LOOKED;
  return {
    ...LOOKED,
    returned,
    tell: { outcome: 'PROCESSED', amount, networkReference, counterparty, returned },
  };
}

/**
 * What has become of what was held or collected: disputed, or taken back by the network itself, of which each part is told
 * once, with what was taken back before. While a dispute is open the network is asked once a day, as the notification of its end may be lost.
 */
function payersMoneyNow(standing: Standing, answer: Proof, at: Circumstances): Change {
  const { disputes = [] } = answer;
  const isTakenBack = isMoreTakenBack(standing, answer.returned);
  if (disputes.length === 0 && !isTakenBack) return LOOKED;
  const returned = isTakenBack ? answer.returned! : standing.returned;
  const isOpen = disputes.some(({ status }) => status === 'open' || status === 'under_review');
  const isOther = !sameAmount(answer.amount, standing.asked);
  return {
    ...LOOKED,
    ...(isTakenBack && { returned }),
    dueMs: isOpen ? at.nowMs + Math.ceil(DAY_MS / at.factor) : null,
    tell: { ...toldOfProof(answer), ...(isOther && { amountConflict: true }), ...(returned !== null && { returned }) },
  };
}
