import type { Evidence, LedgerSum, PaymentRow } from './evidence';
import type { Invariant } from './judge';
import { overPayments } from './money-judge';
import { isPayers, owedToPayee, takenBackBy } from './movements';
import type { Contradicted } from './said';
import { CREDITED, FINAL_STATES } from './states';
import type { ExecutedMovement } from './world';

/** What others are to give back to us. */
const TO_BE_RECOVERED = '1350';
/** What we owe to payees. */
const OWED_TO_PAYEES = '2050';

type Balances = ReadonlyMap<string, readonly string[]>;

/** By payment and account, as `amount currency`. */
function balancesOf(ledger: readonly LedgerSum[]): Balances {
  const found = new Map<string, string[]>();
  for (const { payment_id, account, currency, balance } of ledger) {
    const key = `${payment_id} ${account}`;
    found.set(key, [...(found.get(key) ?? []), `${balance} ${currency}`]);
  }
  return found;
}

/** What somebody has to give back to us: the network took it back though the payee was paid, or would not capture it. */
function toBeRecovered({ state, total_source }: PaymentRow, executed: readonly ExecutedMovement[]): bigint {
  if (state === 'CAPTURE_LOST') return BigInt(total_source);
  return state === 'COMPLETED' ? takenBackBy(executed).payer : 0n;
}

/** The books say what is to be recovered and what is owed once more: no more and no less than the networks' own books. */
export function takenBackWronglyBooked(evidence: Evidence): string[] {
  const balances = balancesOf(evidence.ledger);
  return overPayments(evidence, (payment, executed) => {
    if (!FINAL_STATES.includes(payment.state)) return [];
    const standOn = (account: string): string => (balances.get(`${payment.payment_id} ${account}`) ?? []).join(', ');
    const told = (minor: bigint, currency: string): string => (minor === 0n ? '' : `${minor} ${currency}`);
    const wanted = {
      [TO_BE_RECOVERED]: told(toBeRecovered(payment, executed), payment.source_currency),
      [OWED_TO_PAYEES]: told(-owedToPayee(payment, executed), payment.target_currency),
    };
    return Object.entries(wanted)
      .filter(([account, balance]) => standOn(account) !== balance)
      .map(([account, balance]) => `[${standOn(account)}] on ${account}, not [${balance}]`);
  });
}

/** What a network took back after the payee was credited has a case, or is a returned credit: one, and none without. */
export function takenBackUntold(evidence: Evidence): string[] {
  return overPayments(evidence, (payment, executed) => {
    if (!CREDITED.includes(payment.state)) return [];
    const { payment_id: id, target_currency: currency } = payment;
    const count = (kind: string): number => (evidence.cases.get(id) ?? []).filter((one) => one.kind === kind).length;
    const takenBack = executed.some((one) => one.taken_back && isPayers(one)) ? 1 : 0;
    const lost = payment.state === 'CAPTURE_LOST' ? 1 : 0;
    const owed = owedToPayee(payment, executed);
    const returned = (evidence.returned.get(id) ?? []).map((one) => `${one.amount} ${one.currency}`).join(', ');
    const wanted = owed === 0n ? '' : `${owed} ${currency}`;
    return [
      ...(count('source_taken_back') === takenBack
        ? []
        : [`${count('source_taken_back')} cases of what was taken back`]),
      ...(count('capture_lost') === lost ? [] : [`${count('capture_lost')} cases of the lost capture`]),
      ...(returned === wanted ? [] : [`[${returned}] came back as returned credits, not [${wanted}]`]),
    ];
  });
}

const CONFLICT = 'notification_conflict';
/** What routing calls the outcome that a notification can speak against. */
const KNOWN_BY: Readonly<Record<string, string>> = {
  hold: 'source_processed',
  collect: 'source_processed',
  credit: 'credit_processed',
  capture: 'capture_processed',
};

/**
 * F17: a network that says no after its yes has a case opened for it, one, and none without; neither moves anything. Of what was
 * undone no is no contradiction.
 */
export function contradictionsUntold(evidence: Evidence): string[] {
  return overPayments(evidence, (payment, executed) => {
    const said = evidence.contradicted.get(payment.payment_id) ?? [];
    const about = (evidence.cases.get(payment.payment_id) ?? [])
      .filter(({ kind }) => kind === CONFLICT)
      .map((one) => one.instruction_id ?? '');
    const took = new Set(executed.filter((one) => one.taken_back).map(({ reference }) => reference));
    const certain = said.filter((one) => !took.has(one.reference) && isCertain(evidence, payment, one));
    return [
      ...certain.filter(({ reference }) => !about.includes(reference)).map((one) => `no case for ${one.reference}`),
      ...about.filter((id, at) => about.indexOf(id) !== at).map((id) => `two cases for ${id}`),
      ...about
        .filter((id) => !took.has(id) && !said.some(({ reference }) => reference === id))
        .map((id) => `a case for ${id}, of which no network said two things`),
      ...movesByConflict(evidence, payment),
    ];
  });
}

function isCertain(
  { changes }: Evidence,
  { payment_id: id, state }: PaymentRow,
  { reference, at }: Contradicted,
): boolean {
  const fact = KNOWN_BY[reference.slice(id.length + 1)];
  const isUndone = fact === 'source_processed' && !CREDITED.includes(state);
  const known = (changes.get(id) ?? []).find((row) => row.changes.some((change) => change.fact === fact));
  return !isUndone && known !== undefined && known.at < at;
}

function movesByConflict({ changes }: Evidence, { payment_id: id }: PaymentRow): string[] {
  return (changes.get(id) ?? [])
    .flatMap((row) => row.changes)
    .filter(({ fact, from, to, money }) => fact === 'outcome_contradicted' && (from !== to || money !== undefined))
    .map(({ from, to, money }) => `moved from ${from} to ${to} (${money ?? 'no money'}) by a word`);
}

/** How often networks did of their own accord what this judge is about. */
export function ofTheirOwnAccord({
  executed,
  cases,
}: Evidence): Record<'payers' | 'payees' | 'contradictions', number> {
  const takenBack = [...executed.values()].flat().filter((one) => one.taken_back);
  return {
    payers: takenBack.filter(isPayers).length,
    payees: takenBack.filter((one) => !isPayers(one)).length,
    contradictions: [...cases.values()].flat().filter(({ kind }) => kind === CONFLICT).length,
  };
}

/** A run of misbehaving networks in which none of them did has proved nothing. */
function nothingOfTheirOwnAccord(evidence: Evidence): string[] {
  if (evidence.planned.length > 0) return [];
  const counts = Object.entries(ofTheirOwnAccord(evidence));
  return counts.filter(([, count]) => count === 0).map(([what]) => `no ${what}`);
}

/** What must hold where networks take back or deny by themselves what they have done. */
export const NETWORK_INVARIANTS: readonly Invariant[] = [
  {
    name: 'what networks took back is to be recovered or owed once more, to the minor unit',
    check: takenBackWronglyBooked,
  },
  { name: 'what networks took back has its case, or is a returned credit', check: takenBackUntold },
  { name: 'a network that contradicts itself has its case, and moves nothing', check: contradictionsUntold },
  { name: 'networks took back and contradicted, where they were to misbehave', check: nothingOfTheirOwnAccord },
];
