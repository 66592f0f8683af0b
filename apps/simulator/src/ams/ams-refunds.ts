import { Injectable } from '@nestjs/common';
import { RandomSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import type { Execution } from '../faults/desk';
import { AmsStore } from '../outbound/ams.store';
import { isoInChina } from '../wire/china-time';
import { minorUnitsAt, textAt, type JsonObject } from '../wire/fields';
import { amountOf, outcomeOnly, result, type AmsBody, type AmsPayment, type AmsRefund } from './ams-payment';
import { AmsPayments, networkNumber } from './ams-payments';
import { paymentIdIn } from './ams-request';

/** Of the contract of the China entity, which is the one that the gateway collects under; others have 365 days. */
const REFUND_WINDOW_MONTHS = 18;
const DEFAULT_DECLINE = 'MERCHANT_BALANCE_NOT_ENOUGH';

/** Refunds of collections: in part or in full, for 18 months, never above what was paid. */
@Injectable()
export class AmsRefunds {
  constructor(
    private readonly store: AmsStore,
    private readonly payments: AmsPayments,
    private readonly random: RandomSource,
  ) {}

  async refund(tx: Tx, body: JsonObject, execution: Execution): Promise<AmsBody> {
    const refundRequestId = textAt(body, 'refundRequestId');
    const amount = minorUnitsAt(body, 'refundAmount.value');
    if (refundRequestId === undefined || amount === undefined) return outcomeOnly('F', 'PARAM_ILLEGAL');
    // The payment's row lock makes repeats of one refund wait for each other.
    const payment = await this.store.lock(tx, paymentIdIn(body));
    if (!payment) return outcomeOnly('F', 'ORDER_NOT_EXIST');
    const known = await this.store.findRefund(tx, refundRequestId);
    if (known) return repeatOf(known, amount, payment);
    if (execution.decline) return outcomeOnly('F', execution.decline.code ?? DEFAULT_DECLINE);
    const problem = problemWith(payment, amount, textAt(body, 'refundAmount.currency'), execution.now);
    if (problem !== undefined) return outcomeOnly('F', problem);
    return this.execute(tx, payment, refundRequestId, amount, execution.now);
  }

  async enquire(body: JsonObject): Promise<AmsBody> {
    const id = textAt(body, 'refundRequestId') ?? textAt(body, 'refundId') ?? '';
    const refund = await this.store.findRefund(undefined, id);
    if (!refund) return outcomeOnly('F', 'ORDER_NOT_EXIST');
    return { ...refundFacts(refund), refundStatus: 'SUCCESS' };
  }

  private async execute(
    tx: Tx,
    payment: AmsPayment,
    refundRequestId: string,
    amount: bigint,
    now: Date,
  ): Promise<AmsBody> {
    const refund: AmsRefund = {
      refund_request_id: refundRequestId,
      refund_id: networkNumber(now, this.random),
      payment_request_id: payment.payment_request_id,
      amount,
      currency: payment.currency,
      refunded_at: now,
    };
    await this.store.insertRefund(tx, refund);
    await this.store.update(tx, { ...payment, refunded: payment.refunded + amount });
    await this.payments.move(tx, payment, 'refund', 1, refundRequestId, now, amount);
    return { ...refundFacts(refund), paymentId: payment.payment_id };
  }
}

function problemWith(payment: AmsPayment, amount: bigint, currency: string | undefined, now: Date): string | undefined {
  if (payment.status !== 'SUCCESS') return 'ORDER_STATUS_INVALID';
  if (currency !== payment.currency) return 'CURRENCY_NOT_SUPPORT';
  if (now > monthsAfter(payment.created_at, REFUND_WINDOW_MONTHS)) return 'REFUND_WINDOW_EXCEED';
  return payment.refunded + amount > payment.amount ? 'REFUND_AMOUNT_EXCEED' : undefined;
}

/** The same day of a later month, or the last one of a shorter month. */
function monthsAfter(start: Date, months: number): Date {
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end;
}

function repeatOf(known: AmsRefund, amount: bigint, payment: AmsPayment): AmsBody {
  const isSame = known.amount === amount && known.payment_request_id === payment.payment_request_id;
  return isSame
    ? { ...refundFacts(known), paymentId: payment.payment_id }
    : outcomeOnly('F', 'REPEAT_REQ_INCONSISTENT');
}

function refundFacts(refund: AmsRefund): AmsBody {
  return {
    result: result('S', 'SUCCESS'),
    refundRequestId: refund.refund_request_id,
    refundId: refund.refund_id,
    refundAmount: amountOf(refund.amount, refund.currency),
    refundTime: isoInChina(refund.refunded_at),
  };
}
