import { Injectable } from '@nestjs/common';
import { RandomSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { otherAmount, type Execution } from '../faults/desk';
import { NORMAL_NOTIFY } from '../faults/fault';
import { AmsStore } from '../outbound/ams.store';
import { BooksStore, type Sign } from '../outbound/books.store';
import { dayInChina, nextDayInChina } from '../wire/china-time';
import type { JsonObject } from '../wire/fields';
import { AmsNotifications } from './ams-notifications';
import { outcomeOnly, payAnswer, type AmsBody, type AmsPayment } from './ams-payment';
import type { PayRequest } from './ams-request';

const ORDER_LIFE_MS = 14 * 60_000;
const CANCEL_MINUTES_AFTER_MIDNIGHT = 15;
const DEFAULT_DECLINE = 'RISK_REJECT';

/** How a payer answers an open order. */
export type PayerAnswer = 'pay' | 'refuse';

/** Collections: made, paid, failed, cancelled. */
@Injectable()
export class AmsPayments {
  constructor(
    private readonly store: AmsStore,
    private readonly books: BooksStore,
    private readonly notifications: AmsNotifications,
    private readonly random: RandomSource,
  ) {}

  /** A repeat of the same request hears how the first stands; another request under the same id is refused. */
  async pay(tx: Tx, body: JsonObject, request: PayRequest, execution: Execution): Promise<AmsBody> {
    const payment = newPayment(body, request, execution, networkNumber(execution.now, this.random));
    if (!(await this.store.insert(tx, payment))) {
      const known = await this.store.lock(tx, request.paymentRequestId);
      if (known?.fingerprint !== request.fingerprint) return outcomeOnly('F', 'REPEAT_REQ_INCONSISTENT');
      return payAnswer(await this.settleDue(tx, known, execution.now));
    }
    if (payment.status === 'SUCCESS')
      await this.move(tx, payment, 'pay', -1, payment.payment_request_id, execution.now);
    if (payment.status !== 'PROCESSING') await this.notifications.tell(tx, payment);
    return payAnswer(payment);
  }

  /** What time alone decides: an order that nobody paid closes, a payment in process ends. */
  async settleDue(tx: Tx, payment: AmsPayment, now: Date): Promise<AmsPayment> {
    if (payment.status !== 'PROCESSING') return payment;
    if (payment.completes_at !== null && payment.completes_at <= now) {
      return payment.plan.outcome === 'fail'
        ? this.fail(tx, payment, DEFAULT_DECLINE)
        : this.succeed(tx, payment, payment.completes_at);
    }
    return payment.expires_at <= now ? this.fail(tx, payment, 'ORDER_IS_CLOSED') : payment;
  }

  /** The payer's answer to an open order. An order that was cancelled and is paid all the same is refunded in full. */
  async answer(tx: Tx, id: string, answer: PayerAnswer, now: Date): Promise<AmsPayment | undefined> {
    const locked = await this.store.lock(tx, id);
    if (!locked) return undefined;
    const payment = await this.settleDue(tx, locked, now);
    if (payment.status === 'CANCELLED' && answer === 'pay') {
      await this.move(tx, payment, 'pay', -1, payment.payment_request_id, now);
      await this.move(tx, payment, 'automatic_refund', 1, payment.payment_request_id, now);
      return payment;
    }
    if (payment.status !== 'PROCESSING') return payment;
    return answer === 'pay' ? this.succeed(tx, payment, now) : this.fail(tx, payment, 'USER_NOT_CONFIRM');
  }

  async cancel(tx: Tx, payment: AmsPayment, now: Date, takenBack = false): Promise<string> {
    if (payment.status === 'CANCELLED' || payment.status === 'FAIL') return 'SUCCESS';
    if (payment.refunded > 0n) return 'ORDER_STATUS_INVALID';
    const isPaid = payment.status === 'SUCCESS';
    const isLate = now > nextDayInChina(payment.created_at, CANCEL_MINUTES_AFTER_MIDNIGHT);
    if (isPaid && isLate) return 'CANCEL_WINDOW_EXCEED';
    const cancelled: AmsPayment = {
      ...payment,
      status: 'CANCELLED',
      result_code: 'ORDER_IS_CANCELED',
      cancelled_at: now,
      completes_at: null,
      refunded: isPaid ? payment.amount : 0n,
    };
    await this.store.update(tx, cancelled);
    const { amount, payment_request_id: reference } = payment;
    if (isPaid) await this.move(tx, cancelled, 'cancel', 1, reference, now, amount, takenBack);
    return 'SUCCESS';
  }

  /** The network itself takes a payment back, and says so: no merchant has asked for it. */
  async takeBack(tx: Tx, id: string, now: Date): Promise<boolean> {
    const payment = await this.store.lock(tx, id);
    if (payment?.status !== 'SUCCESS' || (await this.cancel(tx, payment, now, true)) !== 'SUCCESS') return false;
    const cancelled = await this.store.lock(tx, id);
    if (cancelled) await this.notifications.tell(tx, { ...cancelled, plan: { notify: NORMAL_NOTIFY } });
    return true;
  }

  async move(
    tx: Tx,
    payment: AmsPayment,
    operation: string,
    sign: Sign,
    reference: string,
    at: Date,
    amount = payment.amount,
    takenBack = false,
  ): Promise<void> {
    await this.books.record(tx, {
      network: 'ams',
      operation,
      reference,
      networkReference: payment.payment_id,
      amount,
      currency: payment.currency,
      sign,
      account: payment.scenario === 'payment_code' ? `code ${payment.account.slice(-4)}` : payment.account,
      at,
      takenBack,
    });
  }

  private async succeed(tx: Tx, payment: AmsPayment, at: Date): Promise<AmsPayment> {
    const paid: AmsPayment = { ...payment, status: 'SUCCESS', result_code: 'SUCCESS', paid_at: at, completes_at: null };
    await this.store.update(tx, paid);
    await this.move(tx, paid, 'pay', -1, paid.payment_request_id, at);
    await this.notifications.tell(tx, paid);
    return paid;
  }

  private async fail(tx: Tx, payment: AmsPayment, code: string): Promise<AmsPayment> {
    const failed: AmsPayment = { ...payment, status: 'FAIL', result_code: code, completes_at: null };
    await this.store.update(tx, failed);
    await this.notifications.tell(tx, failed);
    return failed;
  }
}

/** The network's own number of a payment or refund: the day in China and random digits. */
export function networkNumber(now: Date, random: RandomSource): string {
  const digits = [...random.bytes(20)].map((byte) => String(byte % 10)).join('');
  return `${dayInChina(now)}${digits}`;
}

function newPayment(body: JsonObject, request: PayRequest, execution: Execution, paymentId: string): AmsPayment {
  const { now, pending, partial, notify } = execution;
  const first = firstStateOf(request, execution);
  return {
    payment_request_id: request.paymentRequestId,
    payment_id: paymentId,
    fingerprint: request.fingerprint,
    request: body,
    scenario: request.scenario,
    account: request.account,
    amount: partial ? otherAmount(request.amount, partial.amount) : request.amount,
    currency: request.currency,
    refunded: 0n,
    ...first,
    plan: { notify, ...(pending && { outcome: pending.outcome }) },
    created_at: now,
    paid_at: first.status === 'SUCCESS' ? now : null,
    cancelled_at: null,
    expires_at: new Date(now.getTime() + ORDER_LIFE_MS),
    completes_at: pending ? new Date(now.getTime() + pending.ms) : null,
  };
}

/** A payment code is paid at once; an order waits for its payer. */
function firstStateOf(
  { scenario }: PayRequest,
  { decline, pending }: Execution,
): Pick<AmsPayment, 'status' | 'result_code'> {
  if (decline) return { status: 'FAIL', result_code: decline.code ?? DEFAULT_DECLINE };
  if (pending || scenario !== 'payment_code') return { status: 'PROCESSING', result_code: 'PAYMENT_IN_PROCESS' };
  return { status: 'SUCCESS', result_code: 'SUCCESS' };
}
