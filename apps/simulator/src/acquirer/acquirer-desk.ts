import { Injectable } from '@nestjs/common';
import { Desk } from '../faults/desk';
import type { Asked } from '../faults/fault';
import { cardMarker } from '../faults/markers';
import type { Reaction } from '../faults/reaction';
import { CardDisputesStore } from '../outbound/card-disputes.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { CardTokensStore } from '../outbound/card-tokens.store';
import { hasNul, integerAmountAt, objectAt, textAt, type JsonObject } from '../wire/fields';
import { invalid } from './acquirer-errors';
import { AcquirerNetwork, type AcquirerOperation } from './acquirer.network';
import type { NumberedCard } from './card';
import { cardIn, cardNumbered, instrumentOf } from './payment-request';
import { TokenExchange } from './token-exchange';

interface Subject {
  readonly card?: NumberedCard;
  readonly token?: string;
  readonly references: readonly string[];
}

/** Names a request for the fault gate (references, amount, card) and hands it to the desk. */
@Injectable()
export class AcquirerDesk {
  constructor(
    private readonly desk: Desk,
    private readonly network: AcquirerNetwork,
    private readonly payments: CardPaymentsStore,
    private readonly tokens: CardTokensStore,
    private readonly exchange: TokenExchange,
    private readonly disputes: CardDisputesStore,
  ) {}

  async serve(operation: AcquirerOperation, request: JsonObject): Promise<Reaction> {
    if (hasNul(request)) return invalid('request_malformed');
    const body = objectAt(request, 'body');
    const subject = await this.subjectOf(operation, request);
    const amount = integerAmountAt(body, 'amount');
    const marker = subject.card && cardMarker(subject.card.markerDigits, operation, amount);
    const asked: Asked = {
      network: 'acquirer',
      operation,
      references: subject.references,
      accounts: accountNames(subject),
      ...(amount !== undefined && { amount }),
      ...(marker && { marker }),
    };
    return this.desk.serve(asked, request, this.network);
  }

  private async subjectOf(operation: AcquirerOperation, request: JsonObject): Promise<Subject> {
    const body = objectAt(request, 'body');
    const named = [textAt(body, 'reference'), textAt(request, 'key'), textAt(request, 'query.reference')];
    const references = named.filter((name) => name !== undefined);
    const paymentId = textAt(request, 'payment_id');
    if (paymentId !== undefined) return this.existing(paymentId, references);
    const disputeId = textAt(request, 'dispute_id');
    if (disputeId !== undefined) return this.disputed(disputeId);
    if (operation === 'token') return { references, ...optionalCard(await this.exchange.open(body)) };
    const instrument = operation === 'metadata' ? objectAt(body, 'source') : instrumentOf(body);
    const token = textAt(instrument, 'token') ?? '';
    const card =
      (await this.tokens.find(token))?.card ?? cardIn(instrument) ?? cardNumbered(textAt(instrument, 'number') ?? '');
    return { references, token, ...optionalCard(card) };
  }

  private async disputed(disputeId: string): Promise<Subject> {
    const dispute = await this.disputes.find(disputeId);
    return dispute ? this.existing(dispute.payment_id, [disputeId]) : { references: [disputeId] };
  }

  private async existing(paymentId: string, references: readonly string[]): Promise<Subject> {
    const payment = await this.payments.find(paymentId);
    const names = [...references, paymentId, ...(payment ? [payment.reference] : [])];
    return { references: names, ...optionalCard(payment?.card) };
  }
}

function optionalCard(card: NumberedCard | undefined): { card?: NumberedCard } {
  return card ? { card } : {};
}

function accountNames({ card, token }: Subject): string[] {
  return [...(card ? [card.number, card.number.slice(-4)] : []), ...(token === undefined ? [] : [token])];
}
