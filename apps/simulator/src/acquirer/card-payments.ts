import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { otherAmount, type Execution } from '../faults/desk';
import { jsonAnswer, type Answer } from '../faults/reaction';
import { BooksStore } from '../outbound/books.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { CardTokensStore } from '../outbound/card-tokens.store';
import { SCHEMES } from '../cards/card-numbers';
import { AcquirerWebhooks } from './acquirer-webhooks';
import { invalid } from './acquirer-errors';
import { maskedCard } from './card';
import {
  outcomeFor,
  type CardAction,
  type CardActionType,
  type CardPayment,
  type CardPaymentKind,
} from './card-payment';
import { paymentAnswer } from './payment-views';
import type { PaymentRequest } from './payment-request';

const DEFAULT_DECLINE = '20005';
const NOT_PERMITTED = '20057';
const DAY_MS = 86_400_000;
const NOT_YET = '';
const ENDED_WITHOUT_MONEY: ReadonlySet<string> = new Set(['Declined', 'Voided', 'Refunded', 'Expired']);

/** Makes payments, account fundings and payouts, and finishes those that were left pending. */
@Injectable()
export class CardPayments {
  constructor(
    private readonly payments: CardPaymentsStore,
    private readonly tokens: CardTokensStore,
    private readonly books: BooksStore,
    private readonly webhooks: AcquirerWebhooks,
    private readonly ids: IdSource,
  ) {}

  async create(tx: Tx, request: PaymentRequest, execution: Execution): Promise<Answer> {
    const id = this.ids.next('pay').toLowerCase();
    if (request.token !== undefined && !(await this.tokens.use(tx, request.token, id))) {
      const known = await this.tokens.find(request.token, tx);
      return invalid(known === undefined ? 'token_invalid' : known.used_by === null ? 'token_expired' : 'token_used');
    }
    const declineCode = declineFor(request, execution);
    const base = newPayment(id, request, execution, declineCode);
    if (execution.pending) {
      await this.payments.insert(tx, base);
      return jsonAnswer(202, paymentAnswer(base, this.ids.next('act').toLowerCase()));
    }
    const decided = decide(base, declineCode, approvedAmount(request, execution), execution);
    await this.payments.insert(tx, decided);
    const action = await this.tellOutcome(tx, decided, execution.now);
    return jsonAnswer(201, paymentAnswer(decided, action.id));
  }

  /** A pending payment's time has come. */
  async complete(tx: Tx, payment: CardPayment, now: Date): Promise<void> {
    const decided = decide(payment, payment.plan.pendingDecline, payment.requested, { now });
    await this.payments.update(tx, decided);
    await this.tellOutcome(tx, decided, now);
  }

  /**
   * The issuer's yes comes after all to what was declined, or was undone before it was answered: the money is held, taken
   * or given again (control API). Named by its reference.
   */
  async succeedLate(tx: Tx, reference: string, now: Date): Promise<boolean> {
    const found = await this.payments.findByReference(reference, 10, 0);
    const ended = found.find(({ status }) => ENDED_WITHOUT_MONEY.has(status));
    const payment = ended && (await this.payments.lock(tx, ended.id));
    if (!payment) return false;
    const decided = decide({ ...payment, voided: 0n, refunded: 0n }, undefined, payment.requested, { now });
    await this.payments.update(tx, decided);
    await this.tellOutcome(tx, decided, now);
    return true;
  }

  /** Action, movements and webhook of a payment that was just decided. */
  private async tellOutcome(tx: Tx, payment: CardPayment, now: Date): Promise<CardAction> {
    const approved = payment.status !== 'Declined';
    const type: CardActionType = payment.kind === 'payout' ? 'Payout' : 'Authorization';
    const action = await this.act(tx, payment, type, approved, now);
    if (!approved) {
      await this.webhooks.tell(tx, 'payment_declined', payment, action);
      return action;
    }
    if (payment.kind === 'payout') {
      await this.move(tx, payment, 'payout', 1, now);
      await this.webhooks.tell(tx, 'payment_paid', payment, action);
      return action;
    }
    if (payment.kind === 'purchase') await this.move(tx, payment, 'authorize', 0, now);
    await this.webhooks.tell(tx, 'payment_approved', payment, action);
    if (payment.captured > 0n) await this.captureAtOnce(tx, payment, now);
    return action;
  }

  private async captureAtOnce(tx: Tx, payment: CardPayment, now: Date): Promise<void> {
    const operation = payment.kind === 'account_funding' ? 'account_funding' : 'capture';
    await this.move(tx, payment, operation, -1, now);
    const capture = await this.act(tx, payment, 'Capture', true, now);
    await this.webhooks.tell(tx, 'payment_captured', payment, capture);
  }

  private async act(
    tx: Tx,
    payment: CardPayment,
    type: CardActionType,
    approved: boolean,
    now: Date,
  ): Promise<CardAction> {
    const action: CardAction = {
      id: this.ids.next('act').toLowerCase(),
      payment_id: payment.id,
      type,
      amount: approved ? payment.authorised : payment.requested,
      approved,
      response_code: payment.response_code,
      reference: payment.reference,
      processed_at: now,
    };
    await this.payments.addAction(tx, action);
    return action;
  }

  private async move(tx: Tx, payment: CardPayment, operation: string, sign: -1 | 0 | 1, at: Date): Promise<void> {
    await this.books.record(tx, {
      network: 'acquirer',
      operation,
      reference: payment.reference,
      networkReference: payment.id,
      amount: payment.authorised,
      currency: payment.currency,
      sign,
      account: maskedCard(payment.card),
      at,
    });
  }
}

/** What the scheme itself refuses comes before what a test asks for. */
function declineFor(request: PaymentRequest, execution: Execution): string | undefined {
  const needsPush: Record<CardPaymentKind, boolean> = { purchase: false, account_funding: true, payout: true };
  if (needsPush[request.kind] && !SCHEMES[request.card.scheme].canBePushed) return NOT_PERMITTED;
  if (execution.decline) return execution.decline.code ?? DEFAULT_DECLINE;
  return undefined;
}

function approvedAmount(request: PaymentRequest, { partial }: Execution): bigint {
  return partial ? otherAmount(request.amount, partial.amount) : request.amount;
}

function newPayment(
  id: string,
  request: PaymentRequest,
  { now, notify, pending }: Execution,
  declineCode: string | undefined,
): CardPayment {
  const pendingDecline = declineCode ?? (pending?.outcome === 'fail' ? DEFAULT_DECLINE : undefined);
  return {
    id,
    kind: request.kind,
    reference: request.reference,
    request: request.body,
    requested: request.amount,
    authorised: 0n,
    captured: 0n,
    voided: 0n,
    refunded: 0n,
    returned: 0n,
    currency: request.currency,
    status: 'Pending',
    response_code: NOT_YET,
    auth_code: id.slice(-6).toUpperCase(),
    card: request.card,
    plan: { notify, ...(pendingDecline !== undefined && { pendingDecline }) },
    requested_at: now,
    hold_expires_at: null,
    completes_at: pending ? new Date(now.getTime() + pending.ms) : null,
  };
}

function decide(
  payment: CardPayment,
  declineCode: string | undefined,
  approved: bigint,
  { now, holdMs = SCHEMES[payment.card.scheme].holdDays * DAY_MS }: Pick<Execution, 'now' | 'holdMs'>,
): CardPayment {
  const captureAtOnce = payment.kind !== 'purchase' || payment.request['capture'] !== false;
  const answer = declineCode === undefined ? { approved } : { declineCode };
  const outcome = outcomeFor(payment.kind, captureAtOnce, payment.requested, answer);
  const held = outcome.status === 'Authorized';
  return {
    ...payment,
    ...outcome,
    hold_expires_at: held ? new Date(now.getTime() + holdMs) : null,
    completes_at: null,
  };
}
