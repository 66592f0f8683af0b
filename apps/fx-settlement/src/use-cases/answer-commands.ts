import type { AmountOnWire } from '@gateway/contracts/contract';
import type { ReservationCommand } from '@gateway/contracts/fx.reservation.commands.v1';
import type { InboundRecord } from '@gateway/messaging';
import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { isWithdrawn } from '../domain/reservation';
import type { QuoteTerms } from '../domain/reservation';
import type {
  FundRefundCommand,
  ReleaseCommand,
  ReservationAnswer,
  ReservationDesk,
  ReserveCommand,
} from '../domain/reservation-desk';
import { LatestRate } from './latest-rate';
import { readOffer } from './offer-in-command';
import type { ShownOffer } from './offer-in-command';
import { QuoteStore, StopStore } from './quote-store';

/** A command with the offer it shows. */
export interface ReadCommand {
  readonly record: InboundRecord<ReservationCommand>;
  readonly offer: ShownOffer | undefined;
}

/** A command with the decision's inputs, ready to be walked. */
export interface PreparedCommand {
  readonly record: InboundRecord<ReservationCommand>;
  readonly command: ReserveCommand | ReleaseCommand | FundRefundCommand;
}

/** What was answered to which command. */
export interface AnsweredCommand {
  readonly record: InboundRecord<ReservationCommand>;
  readonly answer: ReservationAnswer;
}

/** Prepares reservation commands and answers them at the desk, in the order in which they came. */
@Injectable()
export class AnswerCommands {
  constructor(
    private readonly quotes: QuoteStore,
    private readonly stops: StopStore,
    private readonly rates: LatestRate,
  ) {}

  read(records: readonly InboundRecord<ReservationCommand>[]): ReadCommand[] {
    return records.map((record) => ({
      record,
      offer: record.data.offer === undefined ? undefined : readOffer(record.data.offer),
    }));
  }

  /**
   * Joins each reserve with the terms of its offer (only of the very offer that we issued) and the stops, each funding
   * with the newest rate.
   */
  async prepare(
    commands: readonly ReadCommand[],
    terms: ReadonlyMap<string, QuoteTerms>,
    tx: Tx,
  ): Promise<PreparedCommand[]> {
    const stops = commands.some(({ offer }) => offer !== undefined) ? await this.stops.recent(tx) : [];
    const funding = commands.some(({ record }) => record.data.operation === 'fund_refund');
    const mid = funding ? (await this.rates.mid(tx)).toString() : '';
    return commands.map(({ record, offer }) => {
      const { instruction_id, payment_id, partner_id, target_instruction_id } = record.data;
      const named = { instructionId: instruction_id, paymentId: payment_id, partnerId: partner_id };
      const { operation, amount, return_id, refund } = record.data;
      const isFromReturn = return_id !== undefined;
      if (operation === 'release') {
        const targetInstructionId = target_instruction_id ?? '';
        return { record, command: { ...named, operation, targetInstructionId, isFromReturn } };
      }
      if (operation === 'fund_refund' && amount !== undefined) {
        return {
          record,
          command: { ...named, operation, mid, isFromReturn, amount: moneyOf(amount), ...atDayRateOf(refund) },
        };
      }
      const quoted = offer === undefined ? undefined : terms.get(offer.quoteId);
      const own = quoted?.offerDigest === offer?.digest ? quoted : undefined;
      const withdrawn = own !== undefined && isWithdrawn(own, stops);
      return { record, command: { ...named, operation: 'reserve', terms: own, withdrawn } };
    });
  }

  /**
   * Marks the quotes of these reserves used, and answers which payment uses each. A withdrawn offer is not used up: it is
   * only asked whether it was used before, for a used quote stays used. Another partner's is refused before.
   */
  async useQuotes(prepared: readonly PreparedCommand[], tx: Tx): Promise<Map<string, string>> {
    const uses = new Map<string, string>();
    const withdrawn = new Set<string>();
    for (const { command } of prepared) {
      if (command.operation !== 'reserve' || command.terms === undefined) continue;
      const { quoteId, partnerId } = command.terms;
      if (partnerId !== command.partnerId || uses.has(quoteId)) continue;
      if (command.withdrawn) withdrawn.add(quoteId);
      else uses.set(quoteId, command.paymentId);
    }
    const before = withdrawn.size === 0 ? [] : await this.quotes.usesOf([...withdrawn], tx);
    if (uses.size === 0) return new Map(before);
    const marked = [...uses].map(([quoteId, paymentId]) => ({ quoteId, paymentId }));
    return new Map([...before, ...(await this.quotes.markUsed(marked, tx))]);
  }

  walk(prepared: readonly PreparedCommand[], desk: ReservationDesk): AnsweredCommand[] {
    return prepared.map(({ record, command }) => ({
      record,
      answer: answerAt(desk, command),
    }));
  }
}

function atDayRateOf(refund: ReservationCommand['refund']): Pick<FundRefundCommand, 'atDayRate'> {
  if (refund === undefined) return {};
  const { rule, bearer = null, source_amount: source } = refund;
  return { atDayRate: { rule, bearer, source: moneyOf(source) } };
}

function moneyOf({ amount, currency }: AmountOnWire): Money {
  return Money.of(BigInt(amount), currency);
}

function answerAt(desk: ReservationDesk, command: PreparedCommand['command']): ReservationAnswer {
  switch (command.operation) {
    case 'reserve':
      return desk.reserve(command);
    case 'release':
      return desk.release(command);
    case 'fund_refund':
      return desk.fund(command);
  }
}
