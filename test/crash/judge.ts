import type { Evidence, InstructionRow, PaymentRow } from './evidence';
import { owedToPayee } from './movements';
import { FINAL_STATES } from './states';

/** One thing that must hold after a run; `check` answers a sentence for each breach. */
export interface Invariant {
  readonly name: string;
  readonly check: (evidence: Evidence) => string[];
}

const isFinal = ({ state }: Pick<PaymentRow, 'state'>): boolean => FINAL_STATES.includes(state);
const isWithPerson = ({ state, waits_for_person }: PaymentRow): boolean => state === 'IN_REVIEW' || waits_for_person;
const FINISHED_INSTRUCTION = ['PROCESSED', 'DECLINED', 'NOT_SUBMITTED', 'TOMBSTONE'];
/** Empty for each payment that is over: payer's funds, payout obligation, returns, unearned fees, holds. */
const CLEARING_ACCOUNTS = ['1110', '2000', '2050', '2150', '2200', '9000', '9001'];
const BYTES_AT_MOST = 4 * 1024 ** 3;
/** A partner repeats for 150 s before it gives an order up: a slow machine is in time for nearly all of them, too. */
const ACCEPTED_AT_LEAST = 0.9;
const COMPLETED_AT_LEAST = 0.1;
/** Of payments, where it is the networks that fail. */
const UNKNOWN_AT_LEAST = 0.1;

function forEach(
  { payments }: Evidence,
  problemWith: (payment: PaymentRow) => string | null | undefined | false,
): string[] {
  return [...payments.values()].flatMap((payment) => {
    const problem = problemWith(payment);
    return problem ? [`${payment.payment_id} (${payment.state}): ${problem}`] : [];
  });
}

function nothingLostAtTheEdge({ load, payments }: Evidence): string[] {
  const accepted = new Set(load.accepted.map(({ id }) => id));
  return [
    ...load.failed.map((reason) => `an order was never answered: ${reason}`),
    ...[...accepted].filter((id) => !payments.has(id)).map((id) => `${id} was accepted and is not known any more`),
    ...[...payments.keys()].filter((id) => !accepted.has(id)).map((id) => `${id} exists and no partner was told`),
  ];
}

function finalOrWithPerson(evidence: Evidence): string[] {
  const late = evidence.settled.rest;
  return [
    ...(late === null ? [] : [`after ${evidence.settled.seconds} s: ${late}`]),
    ...forEach(evidence, (payment) => !isFinal(payment) && !isWithPerson(payment) && 'neither final nor with a person'),
  ];
}

function oneAnswerPerKey({ load, repeatedOtherwise }: Evidence): string[] {
  const ids = load.accepted.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [
    ...twice.map((id) => `${id} answers two keys`),
    ...repeatedOtherwise.map((id) => `a repeat of the request for ${id} was answered otherwise`),
  ];
}

function quotesUsedOnce(evidence: Evidence): string[] {
  const { quoteUses, reservations } = evidence;
  const reserved = new Set(reservations.filter(({ payout }) => payout !== null).map(({ payment_id }) => payment_id));
  return forEach(evidence, ({ payment_id, quote_id }) => {
    const used = quoteUses.get(payment_id);
    if (used === undefined) return reserved.has(payment_id) && 'reserved without its quote';
    return used !== quote_id && `used the quote ${used}, not ${quote_id}`;
  });
}

function historyWithoutGaps(evidence: Evidence): string[] {
  return forEach(evidence, ({ payment_id, state, public_status, sequence }) => {
    const rows = evidence.changes.get(payment_id) ?? [];
    const gap = rows.findIndex((row, at) => row.sequence !== at + 1);
    if (gap >= 0) return `sequence ${gap + 1} is missing`;
    const moves = rows.flatMap(({ changes }) => changes);
    const torn = moves.findIndex(({ from }, at) => at > 0 && moves[at - 1]?.to !== from);
    if (torn >= 0) return `its history is torn at ${moves[torn]?.fact}`;
    const last = rows.at(-1);
    return (
      (last?.sequence !== sequence || last.state !== state || last.public_status !== public_status) &&
      'its last change is not where it stands'
    );
  });
}

function readersTookAll(evidence: Evidence): string[] {
  return forEach(evidence, ({ payment_id, sequence }) => {
    const taken = evidence.taken.get(payment_id) ?? 0;
    return taken !== sequence && `fx-settlement has taken ${taken} of ${sequence} events`;
  });
}

function auditWithoutGaps(evidence: Evidence): string[] {
  const stored = new Map(evidence.auditLog.map((row) => [`${row.service} ${row.bucket}`, row]));
  const streams = evidence.streams.flatMap(({ service, bucket, numbered }) => {
    const row = stored.get(`${service} ${bucket}`);
    const whole =
      numbered === '0' ? row === undefined : row?.count === numbered && row.last === numbered && row.first === '1';
    return whole ? [] : [`audit of ${service}, bucket ${bucket}: ${row?.count ?? 0} of ${numbered} stored`];
  });
  const changes = forEach(evidence, ({ payment_id, sequence }) => {
    const audited = evidence.auditedChanges.get(payment_id) ?? 0;
    return audited !== sequence && `${audited} audit records for ${sequence} transactions`;
  });
  return [...streams, ...changes];
}

function instructionsEnded(evidence: Evidence): string[] {
  const byPayment = new Map<string, InstructionRow[]>();
  for (const row of evidence.instructions)
    byPayment.set(row.payment_id, [...(byPayment.get(row.payment_id) ?? []), row]);
  return forEach(evidence, (payment) => {
    if (!isFinal(payment) || isWithPerson(payment)) return null;
    const open = (byPayment.get(payment.payment_id) ?? []).find(({ state }) => !FINISHED_INSTRUCTION.includes(state));
    return open && `${open.instruction_id} is still ${open.state}`;
  });
}

function webhooksToldOnce(evidence: Evidence): string[] {
  const refused = evidence.refusedDeliveries;
  return [
    ...(refused === 0 ? [] : [`${refused} deliveries were refused for their signature`]),
    ...forEach(evidence, (payment) => {
      const events = evidence.webhooks.get(payment.payment_id) ?? [];
      const statuses = events.map(({ event }) => event).filter(({ type }) => type !== CREDIT_RETURNED);
      const sequences = statuses.map(({ sequence }) => sequence);
      if (sequences.some((sequence, at) => at > 0 && sequence <= (sequences[at - 1] ?? 0))) return 'told out of order';
      const executed = evidence.executed.get(payment.payment_id) ?? [];
      const returned = owedToPayee(payment, executed) === 0n ? 0 : 1;
      const toldReturned = events.length - statuses.length;
      if (isFinal(payment) && toldReturned !== returned)
        return `the partner was told ${toldReturned} times that the credit came back`;
      const wanted = statusesOf(evidence, payment.payment_id).join(', ');
      const told = statuses.map(({ type }) => type).join(', ');
      return told !== wanted && `the partner was told [${told}], not [${wanted}]`;
    }),
  ];
}

/** Beside the statuses: the payee's network has given the credit back. */
const CREDIT_RETURNED = 'payment.credit_returned';

/** The public statuses that a payment went through after its creation, each time it changed. */
function statusesOf({ changes }: Evidence, id: string): string[] {
  const rows = changes.get(id) ?? [];
  const changed = rows.filter((row, at) => at === 0 || rows[at - 1]?.public_status !== row.public_status);
  return changed.map(({ public_status }) => `payment.${public_status}`);
}

function reservationsOfUnfinished(evidence: Evidence): string[] {
  const open = evidence.reservations.filter(({ state }) => state === 'GRANTED');
  const broken = open.flatMap(({ payment_id }) => {
    const payment = evidence.payments.get(payment_id);
    return payment && !isFinal(payment) ? [] : [`a reservation of ${payment_id} (${payment?.state}) is open`];
  });
  const openIn = (currency: string): bigint =>
    open.reduce((sum, one) => (one.currency === currency ? sum + BigInt(one.payout ?? 0) : sum), 0n);
  const floats = evidence.reserved
    .filter(({ kind }) => kind === 'float')
    .reduce(
      (sums, { currency, reserved }) => sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(reserved)),
      new Map<string, bigint>(),
    );
  const off = [...floats].filter(([currency, reserved]) => reserved !== openIn(currency));
  return [
    ...broken,
    ...off.map(([currency, reserved]) => `${reserved} ${currency} reserved, ${openIn(currency)} in open reservations`),
  ];
}

function booksBalance({ trialBalance }: Evidence): string[] {
  return [
    ...trialBalance.currencies
      .filter(({ difference }) => difference !== '0')
      .map(({ currency, difference }) => `${currency} is off by ${difference}`),
    ...(trialBalance.accounts_off_their_lines ?? []).map((account) => `${account} is not the sum of its lines`),
  ];
}

function clearingAccountsEmpty({ ledger, payments, executed }: Evidence): string[] {
  return ledger.flatMap(({ payment_id, account, currency, balance }) => {
    const payment = payments.get(payment_id);
    if (!CLEARING_ACCOUNTS.includes(account) || !payment || !isFinal(payment)) return [];
    // A credit that its network took back is owed to the payee once more.
    const owed = account === '2050' ? owedToPayee(payment, executed.get(payment_id) ?? []) : 0n;
    if (owed > 0n && BigInt(balance) === -owed) return [];
    return [`${payment_id} (${payment.state}) leaves ${balance} ${currency} on ${account}`];
  });
}

/** A run in which hardly anything was paid, or nobody was killed, has proved nothing. */
function worthItsName({ load, payments, planned, kills, watch, changes }: Evidence): string[] {
  const missed = planned.length - kills.length;
  const unknown = [...changes.values()].filter((rows) => rows.some(({ state }) => state.endsWith('_UNKNOWN'))).length;
  const orders = load.accepted.length + load.failed.length;
  const idle = (['us-to-china', 'china-to-us'] as const).filter((direction) => {
    const ids = load.accepted.filter(({ order }) => order.direction === direction).map(({ id }) => id);
    const completed = ids.filter((id) => payments.get(id)?.state === 'COMPLETED');
    return completed.length <= ids.length * COMPLETED_AT_LEAST;
  });
  return [
    ...(missed === 0 ? [] : [`${missed} planned kills did not happen`]),
    ...(load.accepted.length > orders * ACCEPTED_AT_LEAST
      ? []
      : [`only ${load.accepted.length} payments of ${orders}`]),
    ...idle.map((direction) => `hardly any payment ${direction} was completed`),
    ...(planned.length > 0 || unknown > payments.size * UNKNOWN_AT_LEAST
      ? []
      : [`only ${unknown} payments were unknown`]),
    ...(watch.looks > 0 ? [] : ['nobody looked at the books meanwhile']),
  ];
}

/** What must hold of the messages, the records and the edge; money has a judge of its own. */
export const INVARIANTS: readonly Invariant[] = [
  { name: 'every accepted payment exists, and none that no partner was told of', check: nothingLostAtTheEdge },
  { name: 'every accepted payment is final or with a person', check: finalOrWithPerson },
  { name: 'each key has one answer, also when asked again', check: oneAnswerPerKey },
  { name: 'each quote made one payment', check: quotesUsedOnce },
  { name: 'histories have no gap and no tear', check: historyWithoutGaps },
  { name: 'fx-settlement has taken every event of every payment', check: readersTookAll },
  { name: 'audit streams have no gap, and each transaction of a payment its record', check: auditWithoutGaps },
  { name: 'no instruction of a finished payment is under way', check: instructionsEnded },
  { name: 'outboxes are published, nothing is parked or dead-lettered', check: ({ leftOver }) => [...leftOver] },
  { name: 'each public status was told to the partner once, in order, well signed', check: webhooksToldOnce },
  { name: 'open reservations are the unfinished payments', check: reservationsOfUnfinished },
  { name: 'the trial balance is zero, and balances are the sums of their lines', check: booksBalance },
  { name: 'finished payments leave nothing on clearing accounts and holds', check: clearingAccountsEmpty },
  {
    name: 'the books balanced and limits held at every look during the kills',
    check: ({ watch }) => [...watch.broken],
  },
  { name: 'no name of a person appears in a log or on a topic', check: ({ leaks }) => [...leaks] },
  { name: 'payments were completed both ways, and what was to fail did fail', check: worthItsName },
  {
    name: 'all processes together stay under 4 GB',
    check: ({ watch }) => (watch.peakBytes < BYTES_AT_MOST ? [] : [`${watch.peakBytes} bytes at the peak`]),
  },
];
