import { isFinal } from '../../apps/routing/src/domain/payment-state';
import { movedBy } from '../../apps/routing/src/domain/refund/refund';
import { leftOfReturn } from '../../apps/routing/src/domain/returns/returned-credit';
import { isFinalRefund, isUnsentRefund } from '../../apps/routing/src/domain/refund/refund-state';
import type { Walk } from './walk';
import type { WalkedNetwork } from './walked-network';

const ACCOUNTS: Readonly<Record<string, { receivable: string; float: string }>> = {
  applepay: { receivable: '1100', float: '1250' },
  alipay: { receivable: '1150', float: '1200' },
};

/** What is wrong with the books at the end of a walk, as sentences. */
export function wrongIn(walk: Walk): string[] {
  return [
    ...walk.swallowed.map((money) => `an event books ${money} under keys that are taken`),
    ...unfinished(walk),
    ...unbalanced(walk),
    ...uncleared(walk),
    ...unlikeNetworks(walk),
    ...openReservations(walk),
    ...wrongLimits(walk),
  ];
}

function unfinished({ routing }: Walk): string[] {
  return isFinal(routing.payment.state) ? [] : [`the payment stays ${routing.payment.state}`];
}

/** Debits equal credits in each currency. */
function unbalanced({ books }: Walk): string[] {
  const sums = new Map<string, bigint>();
  for (const { account, minor } of books.booked.flatMap(({ posting }) => posting.lines)) {
    sums.set(account.currency, (sums.get(account.currency) ?? 0n) + minor);
  }
  return [...sums].filter(([, sum]) => sum !== 0n).map(([currency, sum]) => `${currency} is off by ${sum}`);
}

/** Clearing accounts hold what an open object explains, and nothing else. */
function uncleared(walk: Walk): string[] {
  const { books } = walk;
  const [source, target] = [currencyOf(walk, 'source'), currencyOf(walk, 'target')];
  const balances = books.balances();
  const expected: [string, bigint][] = [
    [`1110 ${source}`, 0n],
    [`2000 ${source}`, 0n],
    [`2200 ${source}`, 0n],
    [`9000 ${source}`, 0n],
    [`9001 ${source}`, 0n],
    [`2050 ${target}`, -openReturns(walk)],
    [`2150 ${source}`, -openRefunds(walk)],
    [`1300 ${source}`, openDisputes(walk)],
    [`1050 ${source}`, 0n],
  ];
  return expected.flatMap(([account, sum]) => {
    const found = balances.get(account) ?? 0n;
    return found === sum ? [] : [`${account} holds ${found} and ${sum} is explained`];
  });
}

function currencyOf({ routing }: Walk, side: 'source' | 'target'): string {
  const { totalSource, target } = routing.payment.order;
  return (side === 'source' ? totalSource : target).currency.code;
}

/** Returned credits that wait for a choice or a second credit, and those whose refund has no money yet. */
function openReturns({ routing }: Walk): bigint {
  return routing.returns
    .filter(({ state, standing }) => {
      if (state === 'CORRECTED' || state === 'KEPT') return false;
      if (state !== 'REFUNDED') return true;
      return routing.refunds.some(({ id, state: of }) => id === standing.refundId && isUnsentRefund(of));
    })
    .reduce((sum, returned) => sum + leftOfReturn(returned).minor, 0n);
}

function openRefunds({ routing }: Walk): bigint {
  return routing.refunds
    .filter(({ state }) => !isUnsentRefund(state) && !isFinalRefund(state))
    .reduce((sum, refund) => sum + movedBy(refund).source.minor, 0n);
}

function openDisputes({ routing }: Walk): bigint {
  return routing.disputes
    .filter(({ state }) => state !== 'WON' && state !== 'LOST')
    .reduce((sum, { order }) => sum + order.amount.minor, 0n);
}

/** Settlement items, and the accounts that they settle, are what the networks have moved, by counterparty and currency. */
function unlikeNetworks({ books, source, target }: Walk): string[] {
  const moved = new Map<string, bigint>();
  const items = new Map<string, bigint>();
  for (const network of [source, target]) addMoved(moved, network);
  for (const { posting } of books.booked) {
    const { item } = posting;
    if (item === undefined || item.operation === 'chargeback_recovery') continue;
    add(items, `${item.accountCode} ${item.counterparty} ${item.amount.currency.code}`, item.amount.minor);
  }
  const balances = books.balances();
  return [...new Set([...moved.keys(), ...items.keys()])].flatMap((account) => {
    const [executed, settled, booked] = [moved, items, balances].map((of) => of.get(account) ?? 0n);
    return executed === settled && executed === booked
      ? []
      : [`${account}: the network moved ${executed}, items say ${settled}, the ledger ${booked}`];
  });
}

function addMoved(sums: Map<string, bigint>, { traits, moved }: WalkedNetwork): void {
  for (const { role, counterparty, currency, minor } of moved) {
    add(sums, `${ACCOUNTS[traits.id]?.[role]} ${counterparty} ${currency}`, minor);
  }
}

function add(sums: Map<string, bigint>, key: string, minor: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + minor);
}

/** A payment's reservation is open only while it is unfinished, a refund's only while its money is asked for. */
function openReservations({ books, routing }: Walk): string[] {
  const granted = [...books.reservations.values()].filter(({ state }) => state === 'GRANTED');
  const consumed = [...books.reservations.values()].filter(
    ({ state, mid }) => state === 'CONSUMED' && mid === undefined,
  );
  const isCredited = books.booked.some(({ posting }) => posting.code === 'credited');
  return [
    ...granted.map(({ instructionId }) => `${instructionId} is still reserved in ${routing.payment.state}`),
    ...(isCredited && consumed.length !== 1 ? [`${consumed.length} reservations are spent for one credit`] : []),
  ];
}

/** Nothing stays reserved, the exposure is the position of the ledger, and a float is used as the ledger says. */
function wrongLimits(walk: Walk): string[] {
  const { books } = walk;
  const balances = books.balances();
  return [...books.limits.values()].flatMap((limit) => {
    const name = `${limit.kind} ${limit.subject} ${limit.currency}`;
    const reserved = limit.reserved === 0n ? [] : [`${name} has ${limit.reserved} reserved`];
    const used = usedByLedger(walk, limit, balances);
    return used === null || used === limit.used
      ? reserved
      : [...reserved, `${name} has ${limit.used} used, the ledger ${used}`];
  });
}

function usedByLedger(
  walk: Walk,
  { kind, subject, currency }: { kind: string; subject: string; currency: string },
  balances: Map<string, bigint>,
): bigint | null {
  if (kind === 'exposure') return balances.get(`3000 ${currency}`) ?? 0n;
  if (kind === 'partner_balance') return balances.get(`2120 ${currency}`) ?? 0n;
  if (kind !== 'float') return null;
  // A credit that came back stays spent until it is decided what becomes of it.
  const open = subject === walk.target.traits.id ? -(balances.get(`2050 ${currency}`) ?? 0n) : 0n;
  return -(balances.get(`${ACCOUNTS[subject]?.float} ${currency}`) ?? 0n) + open;
}
