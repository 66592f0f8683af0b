import { Rate } from '@gateway/money';
import type { Money } from '@gateway/money';
import type { LimitBoard } from './limit-board';
import { movedAt } from './refund-rule';
import type { RefundSides, RefundTerms } from './refund-rule';
import { payoutOf } from './reservation';
import type { QuoteTerms, Reservation, ReservationRefusal } from './reservation';

/** A command of routing, with the quote that its offer names (undefined where the offer is not one of ours). */
export interface ReserveCommand {
  readonly operation: 'reserve';
  readonly instructionId: string;
  readonly paymentId: string;
  readonly partnerId: string;
  readonly terms: QuoteTerms | undefined;
  readonly withdrawn: boolean;
}

export interface ReleaseCommand {
  readonly operation: 'release';
  readonly instructionId: string;
  readonly paymentId: string;
  readonly partnerId: string;
  readonly targetInstructionId: string;
  /** Of a refund's funding: a credit that came back was to fund it, so no balance was asked. */
  readonly isFromReturn: boolean;
}

/** Sets money of the partner's balance aside for a refund, or notes that a credit which came back funds it. */
export interface FundRefundCommand {
  readonly operation: 'fund_refund';
  readonly instructionId: string;
  readonly paymentId: string;
  readonly partnerId: string;
  /** What the payee's side gives for the refund. */
  readonly amount: Money;
  /** Whether a credit that came back funds it: then no balance is asked. */
  readonly isFromReturn: boolean;
  /** The newest rate, eight places. */
  readonly mid: string;
  /** Of a refund whose amounts the rate decides: its rule, and its share of the payment in the payer's currency. */
  readonly atDayRate?: RefundTerms & { readonly source: Money };
}

/** The answer to one command: how the reservation stands. */
export interface ReservationAnswer {
  readonly instructionId: string;
  readonly outcome: 'GRANTED' | 'REFUSED' | 'RELEASED';
  readonly reason: ReservationRefusal | null;
  readonly version: number;
  /** Of a funded refund. */
  readonly mid?: string;
  /** Of a funded refund whose amounts the rate decided: what moves. */
  readonly moved?: RefundSides;
  /** Whether this command changed something; false for a repeat. */
  readonly fresh: boolean;
}

/** The reservations of the payments of one batch, and the payments that used the quotes. */
export class ReservationDesk {
  private readonly byInstruction = new Map<string, Reservation>();
  private readonly byPayment = new Map<string, Reservation[]>();
  private readonly touched = new Set<Reservation>();

  constructor(
    reservations: readonly Reservation[],
    private readonly paymentByQuote: ReadonlyMap<string, string>,
    private readonly limits: LimitBoard,
  ) {
    for (const reservation of reservations) this.know(reservation);
  }

  changed(): Reservation[] {
    return [...this.touched];
  }

  /** The first instruction with an id wins; a repeat is answered with the outcome as it stands. */
  reserve(command: ReserveCommand): ReservationAnswer {
    const known = this.byInstruction.get(command.instructionId);
    if (known !== undefined) return answerOf(known, false);
    const refusal = this.refusalOf(command);
    const reservation: Reservation = {
      instructionId: command.instructionId,
      paymentId: command.paymentId,
      partnerId: command.partnerId,
      network: command.terms?.targetNetwork ?? '',
      payout: refusal === undefined && command.terms !== undefined ? payoutOf(command.terms) : null,
      state: refusal === undefined ? 'GRANTED' : 'REFUSED',
      reason: refusal ?? null,
      version: 1,
    };
    this.keep(reservation);
    return answerOf(reservation, true);
  }

  /** Funds a refund from the partner's balance, or says that it is not funded; a repeat is answered as it stands. */
  fund(command: FundRefundCommand): ReservationAnswer {
    const known = this.byInstruction.get(command.instructionId);
    const fresh = known === undefined;
    const answer = answerOf(known ?? this.decideFunding(command), fresh);
    const { mid } = answer;
    const moved = command.atDayRate === undefined || mid === undefined ? undefined : movedBy(command, mid);
    return moved === undefined ? answer : { ...answer, moved };
  }

  private decideFunding(command: FundRefundCommand): Reservation {
    const { instructionId, paymentId, partnerId, mid } = command;
    const { source, target: amount } = movedBy(command, mid);
    const isDust = !source.isPositive || !amount.isPositive;
    const refusal = isDust
      ? 'AMOUNT_TOO_SMALL'
      : command.isFromReturn
        ? undefined
        : this.limits.fund(partnerId, amount);
    const named = { instructionId, paymentId, partnerId, network: '', version: 1 };
    const reservation: Reservation =
      refusal === undefined
        ? { ...named, payout: amount, mid, state: 'GRANTED', reason: null }
        : { ...named, payout: null, state: 'REFUSED', reason: refusal };
    this.keep(reservation);
    return reservation;
  }

  /** Gives back what was granted. A release that comes first leaves a tombstone, which refuses its reserve later. */
  release(command: ReleaseCommand): ReservationAnswer {
    const known = this.byInstruction.get(command.targetInstructionId);
    const fresh = known === undefined || known.state === 'GRANTED';
    if (known === undefined) this.keep(tombstoneOf(command));
    else if (known.state === 'GRANTED') {
      if (known.payout !== null) this.giveBack({ ...known, payout: known.payout }, command);
      known.state = 'RELEASED';
      known.version += 1;
      this.touched.add(known);
    }
    return { instructionId: command.instructionId, outcome: 'RELEASED', reason: null, version: 1, fresh };
  }

  /** A payout frees its limits, a refund's funding the partner's balance; what came back had reserved nothing. */
  private giveBack(known: Reservation & { readonly payout: Money }, { isFromReturn }: ReleaseCommand): void {
    if (known.mid === undefined) this.limits.release(known);
    else if (!isFromReturn) this.limits.unfund(known.partnerId, known.payout);
  }

  /** The credit is booked: the payment's open reservation is spent. Answers what had been set aside. */
  consume(paymentId: string): Money | null {
    return this.spend(
      this.byPayment.get(paymentId)?.find(({ state, mid }) => state === 'GRANTED' && mid === undefined),
    );
  }

  /** The refund is booked: what was set aside for it is spent. */
  consumeFunding(instructionId: string): Money | null {
    const funding = this.byInstruction.get(instructionId);
    return this.spend(funding?.state === 'GRANTED' ? funding : undefined);
  }

  private spend(open: Reservation | undefined): Money | null {
    if (open === undefined) return null;
    open.state = 'CONSUMED';
    open.version += 1;
    this.touched.add(open);
    return open.payout;
  }

  private refusalOf(command: ReserveCommand): ReservationRefusal | undefined {
    const { terms } = command;
    if (terms === undefined || terms.partnerId !== command.partnerId) return 'QUOTE_UNKNOWN';
    const isOurs = this.paymentByQuote.get(terms.quoteId) === command.paymentId;
    if (isOurs) return this.limits.reserve(terms);
    return command.withdrawn ? 'QUOTE_WITHDRAWN' : 'QUOTE_ALREADY_USED';
  }

  private keep(reservation: Reservation): void {
    this.know(reservation);
    this.touched.add(reservation);
  }

  private know(reservation: Reservation): void {
    this.byInstruction.set(reservation.instructionId, reservation);
    const ofPayment = this.byPayment.get(reservation.paymentId);
    if (ofPayment === undefined) this.byPayment.set(reservation.paymentId, [reservation]);
    else ofPayment.push(reservation);
  }
}

/** What moves for a refund: the shares as they are, or what its rule makes of them at this rate. */
function movedBy({ amount, atDayRate }: FundRefundCommand, mid: string): RefundSides {
  if (atDayRate === undefined) return { source: amount, target: amount };
  const rate = Rate.parse('USD', 'CNY', mid);
  if (rate === undefined) throw new RangeError('a refund is valued at a rate');
  return movedAt(atDayRate, { source: atDayRate.source, target: amount }, rate);
}

function tombstoneOf(command: ReleaseCommand): Reservation {
  return {
    instructionId: command.targetInstructionId,
    paymentId: command.paymentId,
    partnerId: command.partnerId,
    network: '',
    payout: null,
    state: 'RELEASED',
    reason: 'RELEASED_BEFORE_RESERVE',
    version: 1,
  };
}

function answerOf(reservation: Reservation, fresh: boolean): ReservationAnswer {
  const { instructionId, version, mid } = reservation;
  switch (reservation.state) {
    case 'GRANTED':
    case 'CONSUMED':
      return {
        instructionId,
        outcome: 'GRANTED',
        reason: null,
        version,
        fresh,
        ...(mid === undefined ? {} : { mid }),
      };
    case 'REFUSED':
      return { instructionId, outcome: 'REFUSED', reason: reservation.reason, version, fresh };
    case 'RELEASED':
      return { instructionId, outcome: 'REFUSED', reason: 'RELEASED_BEFORE_RESERVE', version, fresh };
  }
}
