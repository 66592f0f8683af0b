import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { REVERSAL, type Execution, type NetworkExecutor } from '../faults/desk';
import { emptyAnswer, jsonAnswer, type Answer } from '../faults/reaction';
import { CardDisputesStore } from '../outbound/card-disputes.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { CardTokensStore } from '../outbound/card-tokens.store';
import { IdempotencyKeysStore } from '../outbound/idempotency-keys.store';
import { SCHEMES } from '../cards/card-numbers';
import { integerAmountAt, objectAt, pageIn, textAt, type JsonObject } from '../wire/fields';
import { badGateway, invalid, notFound } from './acquirer-errors';
import type { Card } from './card';
import { CardActions, type ActionRequest } from './card-actions';
import { CardDisputes } from './card-disputes';
import { CardPayments } from './card-payments';
import { DISPUTE_OPERATIONS, DisputeRequests, type DisputeOperation } from './dispute-requests';
import { cardIn, cardNumbered, instrumentOf, readPaymentRequest } from './payment-request';
import { actionView, cardView, paymentDetails } from './payment-views';
import { TokenExchange } from './token-exchange';

/** Operations of the acquirer, as faults and books name them. */
export type AcquirerOperation =
  | 'token'
  | 'authorize'
  | 'account_funding'
  | 'payout'
  | 'capture'
  | 'void'
  | 'refund'
  | 'reverse'
  | 'enquire'
  | 'metadata'
  | typeof REVERSAL
  | DisputeOperation;

const PAGE = { usual: 10, most: 100 };
const MONEY: ReadonlySet<string> = new Set<AcquirerOperation>(['authorize', 'account_funding', 'payout']);
const ACTIONS: ReadonlySet<string> = new Set<AcquirerOperation>(['capture', 'void', 'refund', 'reverse']);

/**
 * The card acquirer. A request is `{body, key?, payment_id?, query?}`; every money movement is committed with its books
 * before the answer is made.
 */
@Injectable()
export class AcquirerNetwork implements NetworkExecutor {
  constructor(
    private readonly exchange: TokenExchange,
    private readonly tokens: CardTokensStore,
    private readonly payments: CardPayments,
    private readonly actions: CardActions,
    private readonly stored: CardPaymentsStore,
    private readonly keys: IdempotencyKeysStore,
    private readonly disputes: DisputeRequests,
    private readonly database: Database,
  ) {}

  async execute(operation: string, request: JsonObject, execution: Execution): Promise<Answer> {
    const body = objectAt(request, 'body');
    if (MONEY.has(operation)) return this.pay(body, textAt(request, 'key'), execution);
    if (ACTIONS.has(operation)) return this.act(operation as ActionRequest['kind'], request, execution);
    if (DISPUTE_OPERATIONS.has(operation))
      return this.disputes.serve(operation as DisputeOperation, request, execution);
    switch (operation as AcquirerOperation) {
      case 'token':
        return this.token(body, execution);
      case 'metadata':
        return this.metadata(body, execution);
      case 'enquire':
        return this.enquire(request);
      case REVERSAL:
        return this.takeBack(textAt(request, 'reference') ?? '', execution);
      default:
        return notFound();
    }
  }

  unknown(): Answer {
    return badGateway();
  }

  private async token(body: JsonObject, execution: Execution): Promise<Answer> {
    if (execution.decline) return invalid(execution.decline.code ?? 'token_data_invalid');
    return this.exchange.exchange(body, await this.exchange.open(body));
  }

  private async pay(body: JsonObject, key: string | undefined, execution: Execution): Promise<Answer> {
    return this.keys.once(key, body, execution.remember, async (tx) => {
      const token = await this.tokens.find(textAt(instrumentOf(body), 'token') ?? '', tx);
      const read = readPaymentRequest(body, token);
      return Array.isArray(read) ? invalid(...read) : this.payments.create(tx, read, execution);
    });
  }

  private async act(kind: ActionRequest['kind'], request: JsonObject, execution: Execution): Promise<Answer> {
    const body = objectAt(request, 'body');
    const paymentId = textAt(request, 'payment_id') ?? '';
    const key = textAt(request, 'key');
    const amount = integerAmountAt(body, 'amount');
    const reference = textAt(body, 'reference') ?? key;
    if (body['amount'] !== undefined && amount === undefined) return invalid('amount_invalid');
    return this.keys.once(key, { kind, paymentId, body }, execution.remember, (tx) =>
      this.actions.act(
        tx,
        { kind, paymentId, ...(amount !== undefined && { amount }), ...(reference !== undefined && { reference }) },
        execution,
      ),
    );
  }

  /** Named by our id of the payment, or of the action that took its money. */
  private async takeBack(reference: string, { now }: Execution): Promise<Answer> {
    const found = await this.stored.findByReference(reference, 1, 0);
    const id = found[0]?.id ?? (await this.stored.findByAction(reference));
    const done =
      id !== undefined && (await this.database.transaction((tx) => this.actions.takeBack(tx, id, null, now)));
    return done ? emptyAnswer() : notFound();
  }

  private async metadata(body: JsonObject, execution: Execution): Promise<Answer> {
    const source = objectAt(body, 'source');
    const token = await this.tokens.find(textAt(source, 'token') ?? '');
    const card = token?.card ?? cardIn(source) ?? cardNumbered(textAt(source, 'number') ?? '');
    if (card === undefined) return invalid('source_invalid');
    return jsonAnswer(200, {
      ...cardView(card),
      scheme: card.scheme,
      ...(textAt(body, 'format') === 'card_payouts' && {
        card_payouts: payoutSupport(card, execution.decline !== undefined),
      }),
    });
  }

  private async enquire(request: JsonObject): Promise<Answer> {
    const paymentId = textAt(request, 'payment_id');
    if (paymentId === undefined) return this.search(objectAt(request, 'query'));
    const payment = await this.stored.find(paymentId);
    if (!payment) return notFound();
    const actions = await this.stored.actionsOf(paymentId);
    return jsonAnswer(200, request['actions'] === true ? actions.map(actionView) : paymentDetails(payment, actions));
  }

  private async search(query: JsonObject): Promise<Answer> {
    const reference = textAt(query, 'reference');
    if (reference === undefined) return invalid('reference_required');
    const page = pageIn(query, PAGE);
    if (page === undefined) return invalid('limit_or_skip_invalid');
    const found = await this.stored.findByReference(reference, page.limit, page.skip);
    const data = await Promise.all(
      found.map(async (payment) => paymentDetails(payment, await this.stored.actionsOf(payment.id))),
    );
    return jsonAnswer(200, { ...page, total_count: data.length, data });
  }
}

/** Which payouts the card takes: Visa and Mastercard at once, Amex none. */
function payoutSupport(card: Pick<Card, 'scheme'>, refused: boolean): Record<string, string> {
  const level = SCHEMES[card.scheme].canBePushed && !refused ? 'fast_funds' : 'not_supported';
  return {
    domestic_non_money_transfer: level,
    cross_border_non_money_transfer: level,
    domestic_gambling: 'not_supported',
    cross_border_gambling: 'not_supported',
    domestic_money_transfer: level,
    cross_border_money_transfer: level,
  };
}

/** Finishes pending payments, lapses holds and ends disputes that nobody answered, each in its own transaction. */
@Injectable()
export class AcquirerTimers {
  constructor(
    private readonly database: Database,
    private readonly stored: CardPaymentsStore,
    private readonly payments: CardPayments,
    private readonly actions: CardActions,
    private readonly disputes: CardDisputes,
    private readonly storedDisputes: CardDisputesStore,
  ) {}

  async tick(now: Date): Promise<boolean> {
    const due = await this.stored.due();
    for (const id of due) {
      await this.database.transaction(async (tx) => {
        const payment = await this.stored.lock(tx, id);
        if (!payment) return;
        const isDue = payment.completes_at !== null && payment.completes_at <= now;
        if (isDue) await this.payments.complete(tx, payment, now);
        else await this.actions.lapse(tx, payment, now);
      });
    }
    const unanswered = await this.storedDisputes.due();
    for (const id of unanswered) await this.database.transaction((tx) => this.disputes.expire(tx, id, now));
    return due.length + unanswered.length > 0;
  }
}
