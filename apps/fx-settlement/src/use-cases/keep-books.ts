import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { paymentEvents } from '@gateway/contracts/payments.payment.events.v1';
import type { PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import { isOf } from '@gateway/messaging';
import type { Emitted, InboundRecord } from '@gateway/messaging';
import { Money } from '@gateway/money';
import { Clock } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import {
  floatOf,
  LimitBoard,
  limitOfFunding,
  limitsOfCredit,
  limitsOfKept,
  limitsOfPayout,
  limitsOfRefund,
} from '../domain/limit-board';
import type { LimitKey, RefundFunding } from '../domain/limit-board';
import type { QuoteTerms, Reservation } from '../domain/reservation';
import { ReservationDesk } from '../domain/reservation-desk';
import { AnswerCommands } from './answer-commands';
import type { AnsweredCommand, PreparedCommand } from './answer-commands';
import { emittedOf } from './emitted-books';
import type { PlacedPosting } from './ledger-store';
import { PostFacts, moneyChangesOf } from './post-facts';
import { QuoteStore } from './quote-store';
import { LimitStore, ReservationStore } from './reservation-store';

/** Facts after which a payment's payout is spent. */
const SPENDING = new Set(['credited', 'late_credit']);
/** Facts that use a reservation up: those, and a refund that is funded. */
const CONSUMING = new Set([...SPENDING, 'refund_funded']);

/** A credit that is newly booked, with the terms that say what was spent. */
interface BookedCredit {
  readonly terms: QuoteTerms;
  /** Proven after its end was certain: it spends the float, and converts nothing. */
  readonly isLate: boolean;
}

/** What a batch does to reservations and limits. */
interface Movements {
  readonly prepared: readonly PreparedCommand[];
  readonly held: readonly Reservation[];
  /** Payments whose credit is newly booked. */
  readonly credits: ReadonlyMap<string, BookedCredit>;
  /** Refunds that are newly booked. */
  readonly refunds: readonly PlacedPosting[];
  /** Refunds that are newly withdrawn. */
  readonly withdrawn: readonly PlacedPosting[];
  /** Refunds that were newly paid out of the payer's network's float. */
  readonly elsewhere: readonly PlacedPosting[];
  /** Returned credits that are newly the partner's. */
  readonly kept: readonly PlacedPosting[];
}

/** Where reservations and their limits are kept. */
@Injectable()
export class ReservationStores {
  constructor(
    readonly reservations: ReservationStore,
    readonly limits: LimitStore,
  ) {}
}

/**
 * One batch of reservation commands and payment facts in one open transaction. The locks are taken in one order:
 * reservations of the payments, bookings by natural key, quotes, limit rows, balances. Only bookings that are new spend
 * a reservation and move a balance, so a batch that comes again changes nothing.
 */
@Injectable()
export class KeepBooks {
  constructor(
    private readonly quotes: QuoteStore,
    private readonly stores: ReservationStores,
    private readonly commands: AnswerCommands,
    private readonly facts: PostFacts,
    private readonly clock: Clock,
  ) {}

  async handle(records: readonly InboundRecord[], tx: Tx): Promise<Emitted> {
    const events = records.filter(
      (record): record is InboundRecord<PaymentEvent> =>
        isOf(record, paymentEvents) && moneyChangesOf(record.data).length > 0,
    );
    const read = this.commands.read(records.filter((record) => isOf(record, reservationCommands)));
    if (events.length === 0 && read.length === 0) return { records: [] };

    const shown = read.flatMap(({ offer }) => (offer === undefined ? [] : [offer.quoteId]));
    const terms = await this.quotes.termsOf(
      [...new Set([...shown, ...events.map((event) => event.data.quote_id)])],
      tx,
    );
    const prepared = await this.commands.prepare(read, terms, tx);
    const held = await this.lockReservations(prepared, events, tx);
    const posted = await this.facts.append(events, terms, tx);
    const refunds = posted.filter(({ posting }) => posting.refund !== undefined);
    const withdrawn = posted.filter(({ posting }) => posting.withdrawn !== undefined);
    const elsewhere = posted.filter(({ posting }) => posting.code === 'refund_sent_elsewhere');
    const kept = posted.filter(({ posting }) => posting.code === 'return_kept');
    const credits = creditsOf(posted, events, terms);
    const answered = await this.moveLimits({ prepared, held, credits, refunds, withdrawn, elsewhere, kept }, tx);
    await this.facts.addToBalances(posted, tx);
    return emittedOf(answered, posted, this.clock.now());
  }

  private lockReservations(
    prepared: readonly PreparedCommand[],
    events: readonly InboundRecord<PaymentEvent>[],
    tx: Tx,
  ): Promise<Reservation[]> {
    const spending = events.filter((event) => moneyChangesOf(event.data).some((change) => CONSUMING.has(change.money)));
    const payments = new Set([
      ...prepared.map(({ command }) => command.paymentId),
      ...spending.map((event) => event.key),
    ]);
    return payments.size === 0 ? Promise.resolve([]) : this.stores.reservations.lockOf([...payments].sort(), tx);
  }

  private async moveLimits(batch: Movements, tx: Tx): Promise<AnsweredCommand[]> {
    const { prepared, credits, refunds, withdrawn, elsewhere, kept } = batch;
    const booked = [refunds, withdrawn, elsewhere, kept].flat();
    if (prepared.length + credits.size + booked.length === 0) return [];
    const uses = await this.commands.useQuotes(batch.prepared, tx);
    const board = new LimitBoard(await this.stores.limits.lock(limitsNeeded(batch), tx));
    const desk = new ReservationDesk(batch.held, uses, board);
    const answered = this.commands.walk(batch.prepared, desk);
    for (const [paymentId, { terms, isLate }] of batch.credits) {
      const reserved = desk.consume(paymentId);
      if (isLate) board.lateCredit(terms, reserved);
      else board.credit(terms, reserved);
    }
    moveRefunds(batch, board, desk);
    for (const { posting } of elsewhere) board.payElsewhere(posting.network, paidElsewhere(posting));
    for (const { partnerId, posting } of kept) board.giveToPartner(partnerId, posting.network, keptIn(posting));
    if (desk.changed().length > 0) await this.stores.reservations.save(desk.changed(), tx);
    if (board.changed().length > 0) await this.stores.limits.save(board.changed(), tx);
    return answered;
  }
}

/** What refunds take, and what withdrawn ones give back. */
function moveRefunds({ refunds, withdrawn }: Movements, board: LimitBoard, desk: ReservationDesk): void {
  for (const { partnerId, posting } of refunds) {
    if (posting.refund === undefined) continue;
    board.refund(fundingOf(partnerId, posting), posting.refund, desk.consumeFunding(posting.legId));
  }
  for (const { partnerId, posting } of withdrawn) {
    if (posting.withdrawn !== undefined) board.withdraw(fundingOf(partnerId, posting), posting.withdrawn);
  }
}

/** Its settlement item lowers the float by what was paid. */
function paidElsewhere({ item }: PlacedPosting['posting']): Money {
  if (item === undefined) throw new RangeError('what a network pays has a settlement item');
  return item.amount.negated();
}

/** Its first line takes it out of the payout obligation. */
function keptIn({ lines }: PlacedPosting['posting']): Money {
  const [first] = lines;
  if (first === undefined) throw new RangeError('a booking has lines');
  return Money.of(first.minor, first.account.currency);
}

function fundingOf(partnerId: string, { isFromReturn, network }: PlacedPosting['posting']): RefundFunding {
  return isFromReturn === true ? { by: 'return', network } : { by: 'balance', partnerId };
}

/** The payments whose credit is newly booked. */
function creditsOf(
  posted: readonly PlacedPosting[],
  events: readonly InboundRecord<PaymentEvent>[],
  terms: ReadonlyMap<string, QuoteTerms>,
): Map<string, BookedCredit> {
  const quoteOf = new Map(events.map((event) => [event.key, event.data.quote_id]));
  const credits = new Map<string, BookedCredit>();
  for (const { paymentId, posting } of posted) {
    const quote = terms.get(quoteOf.get(paymentId) ?? '');
    if (SPENDING.has(posting.code) && quote !== undefined)
      credits.set(paymentId, { terms: quote, isLate: posting.code === 'late_credit' });
  }
  return credits;
}

function limitsNeeded(batch: Movements): LimitKey[] {
  const commands = batch.prepared.flatMap(({ command }) => limitsOfCommand(command));
  const held = batch.held.flatMap(({ network, partnerId, payout, mid }) =>
    payout === null || mid !== undefined ? [] : limitsOfPayout(network, partnerId, payout.currency.code),
  );
  const unfunded = fundingsToRelease(batch).map(({ partnerId, payout }) =>
    limitOfFunding(partnerId, payout.currency.code),
  );
  const refunds = [...batch.refunds, ...batch.withdrawn].flatMap(({ partnerId, posting }) => {
    const refund = posting.refund ?? posting.withdrawn;
    return refund === undefined ? [] : limitsOfRefund(fundingOf(partnerId, posting), refund);
  });
  const kept = batch.kept.flatMap(({ partnerId, posting }) =>
    limitsOfKept(partnerId, posting.network, keptIn(posting).currency.code),
  );
  const elsewhere = batch.elsewhere.map(({ posting }) =>
    floatOf(posting.network, paidElsewhere(posting).currency.code),
  );
  return [
    ...commands,
    ...held,
    ...unfunded,
    ...[...batch.credits.values()].flatMap(({ terms }) => limitsOfCredit(terms)),
    ...refunds,
    ...elsewhere,
    ...kept,
  ];
}

/** What refunds had set aside and give back now. */
function fundingsToRelease({ prepared, held }: Movements): (Reservation & { readonly payout: Money })[] {
  const targets = new Set(
    prepared.flatMap(({ command }) => (command.operation === 'release' ? [command.targetInstructionId] : [])),
  );
  return held.flatMap((one) =>
    one.mid !== undefined && one.payout !== null && targets.has(one.instructionId)
      ? [{ ...one, payout: one.payout }]
      : [],
  );
}

function limitsOfCommand(command: PreparedCommand['command']): LimitKey[] {
  if (command.operation === 'fund_refund' && command.isFromReturn) return [];
  if (command.operation === 'fund_refund') return [limitOfFunding(command.partnerId, command.amount.currency.code)];
  if (command.operation === 'release' || command.terms === undefined) return [];
  const { targetNetwork, partnerId, amounts } = command.terms;
  return limitsOfPayout(targetNetwork, partnerId, amounts.target.currency.code);
}
