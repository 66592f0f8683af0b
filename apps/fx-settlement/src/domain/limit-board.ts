import type { Money } from '@gateway/money';
import type { BookedRefund } from './refund-book';
import { makeGood, release, reserve, spend } from './spending-limit';
import type { LimitKind, LimitRefusal, SpendingLimit } from './spending-limit';
import { payoutOf } from './reservation';
import type { QuoteTerms, Reservation } from './reservation';

/** The name of one limit. */
export interface LimitKey {
  readonly kind: LimitKind;
  readonly subject: string;
  readonly currency: string;
}

/** The limits that a payout is checked against. */
export function limitsOfPayout(network: string, partnerId: string, currency: string): LimitKey[] {
  return [
    { kind: 'float', subject: network, currency },
    { kind: 'exposure', subject: currency, currency },
    { kind: 'net_debit', subject: partnerId, currency },
  ];
}

/** The limits that a booked credit changes: those of its payout, and the exposure in the payer's currency. */
export function limitsOfCredit(terms: QuoteTerms): LimitKey[] {
  const source = terms.amounts.atMid.currency.code;
  return [
    ...limitsOfPayout(terms.targetNetwork, terms.partnerId, terms.amounts.target.currency.code),
    { kind: 'exposure', subject: source, currency: source },
  ];
}

/** The balance that a refund is funded from. */
export function limitOfFunding(partnerId: string, currency: string): LimitKey {
  return { kind: 'partner_balance', subject: partnerId, currency };
}

/** What paid for a refund: the partner's balance, or the float at the payee's network that a returned credit went into. */
export type RefundFunding =
  { readonly by: 'balance'; readonly partnerId: string } | { readonly by: 'return'; readonly network: string };

/** The limits that a booked refund changes: what paid for it, and the exposure on both sides. */
export function limitsOfRefund(funding: RefundFunding, { source, target }: BookedRefund): LimitKey[] {
  const exposure = [source, target].map(({ currency: { code } }) => exposureIn(code));
  return [limitThatPays(funding, target.currency.code), ...exposure];
}

/** The float that a network's payouts come from. */
export function floatOf(network: string, currency: string): LimitKey {
  return { kind: 'float', subject: network, currency };
}

/** The limits that are made good where what came back is the partner's. */
export function limitsOfKept(partnerId: string, network: string, currency: string): LimitKey[] {
  return [floatOf(network, currency), limitOfFunding(partnerId, currency)];
}

function limitThatPays(funding: RefundFunding, currency: string): LimitKey {
  return funding.by === 'balance'
    ? limitOfFunding(funding.partnerId, currency)
    : { kind: 'float', subject: funding.network, currency };
}

function exposureIn(currency: string): LimitKey {
  return { kind: 'exposure', subject: currency, currency };
}

/**
 * The limit rows of one batch, locked by the caller, walked in memory in the order of the commands: each command sees
 * what the ones before it took or gave back, so exactly the allowed number pass.
 */
export class LimitBoard {
  private readonly byKey = new Map<string, SpendingLimit>();
  private readonly touched = new Set<SpendingLimit>();

  constructor(limits: readonly SpendingLimit[]) {
    for (const limit of limits) this.byKey.set(nameOf(limit), limit);
  }

  /** Those of the keys that this board does not hold. */
  missing(keys: readonly LimitKey[]): LimitKey[] {
    return keys.filter((key) => !this.byKey.has(nameOf(key)));
  }

  /** The limits that were changed, in the order of their ids. */
  changed(): SpendingLimit[] {
    return [...this.touched].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  reserve(terms: QuoteTerms): LimitRefusal | undefined {
    const payout = payoutOf(terms);
    return reserve(this.take(limitsOfPayout(terms.targetNetwork, terms.partnerId, payout.currency.code)), payout.minor);
  }

  release(reservation: Reservation & { readonly payout: Money }): void {
    const { network, partnerId, payout } = reservation;
    release(this.take(limitsOfPayout(network, partnerId, payout.currency.code)), payout.minor);
  }

  /** A credit is certain: the reservation, where there is one, becomes spending, and the position turns. */
  credit(terms: QuoteTerms, reserved: Money | null): void {
    const { target, atMid } = terms.amounts;
    for (const limit of this.take(limitsOfPayout(terms.targetNetwork, terms.partnerId, target.currency.code))) {
      spend([limit], reserved?.minor ?? 0n, limit.kind === 'float' ? payoutOf(terms).minor : target.minor);
    }
    const source = atMid.currency.code;
    for (const limit of this.take([{ kind: 'exposure', subject: source, currency: source }]))
      makeGood(limit, atMid.minor);
  }

  /**
   * A payee has the money after the end of the credit was certain: the float is spent, be it over the limit. Nothing was
   * converted, so the position stays as it is: what was paid is to be recovered in its own currency.
   */
  lateCredit(terms: QuoteTerms, reserved: Money | null): void {
    const { target } = terms.amounts;
    for (const limit of this.take(limitsOfPayout(terms.targetNetwork, terms.partnerId, target.currency.code))) {
      spend([limit], reserved?.minor ?? 0n, limit.kind === 'float' ? payoutOf(terms).minor : 0n);
    }
  }

  /** Takes what the payee's side gives for a refund from the partner's balance. */
  fund(partnerId: string, amount: Money): LimitRefusal | undefined {
    return reserve(this.take([limitOfFunding(partnerId, amount.currency.code)]), amount.minor);
  }

  /** A refund that was funded may not be sent: the partner has the balance again. */
  unfund(partnerId: string, amount: Money): void {
    release(this.take([limitOfFunding(partnerId, amount.currency.code)]), amount.minor);
  }

  /**
   * A refund is booked: what was set aside is spent, and the position turns back. Booked even over the limit. A credit
   * that came back stays spent until then, so that a second credit finds the float that it needs.
   */
  refund(funding: RefundFunding, refund: BookedRefund, reserved: Money | null): void {
    const { target, positionOut, positionIn } = refund;
    const paying = this.take([limitThatPays(funding, target.currency.code)]);
    if (funding.by === 'balance') spend(paying, reserved?.minor ?? 0n, target.minor);
    else for (const limit of paying) makeGood(limit, target.minor);
    for (const limit of this.take([exposureIn(positionIn.currency.code)])) makeGood(limit, positionIn.minor);
    for (const limit of this.take([exposureIn(positionOut.currency.code)])) makeGood(limit, -positionOut.minor);
  }

  /** A refund is withdrawn: what it had spent is there again, and the position turns to where it was. */
  withdraw(funding: RefundFunding, { target, positionOut, positionIn }: BookedRefund): void {
    const paying = this.take([limitThatPays(funding, target.currency.code)]);
    if (funding.by === 'balance') for (const limit of paying) makeGood(limit, target.minor);
    else spend(paying, 0n, target.minor);
    for (const limit of this.take([exposureIn(positionIn.currency.code)])) makeGood(limit, -positionIn.minor);
    for (const limit of this.take([exposureIn(positionOut.currency.code)])) makeGood(limit, positionOut.minor);
  }

  /** A refund went to another instrument of the payer: the float there is spent, be it over the limit. */
  payElsewhere(network: string, amount: Money): void {
    spend(this.take([floatOf(network, amount.currency.code)]), 0n, amount.minor);
  }

  /** What came back is the partner's: the float has it again, and so has the balance that had paid the refund. */
  giveToPartner(partnerId: string, network: string, amount: Money): void {
    for (const limit of this.take(limitsOfKept(partnerId, network, amount.currency.code)))
      makeGood(limit, amount.minor);
  }

  private take(keys: readonly LimitKey[]): SpendingLimit[] {
    return keys.map((key) => {
      const limit = this.byKey.get(nameOf(key));
      if (limit === undefined) throw new RangeError(`no limit row for ${nameOf(key)}`);
      this.touched.add(limit);
      return limit;
    });
  }
}

function nameOf(key: LimitKey): string {
  return `${key.kind} ${key.subject} ${key.currency}`;
}
