import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { REVERSAL, type Execution, type NetworkExecutor } from '../faults/desk';
import { jsonAnswer, type Answer } from '../faults/reaction';
import { AmsStore } from '../outbound/ams.store';
import { AlipayKeyStore, type AlipayKeys } from '../open-platform/alipay-keys';
import { isoInChina } from '../wire/china-time';
import { objectAt, textAt, type JsonObject } from '../wire/fields';
import { inquiryAnswer, outcomeOnly, result, type AmsBody } from './ams-payment';
import { AmsPayments } from './ams-payments';
import { AmsRefunds } from './ams-refunds';
import { paymentIdIn, readPayRequest } from './ams-request';
import { signatureHeader } from './ams-signature';

/**
 * The cross-border API. A request is `{body, path}`; the answer is signed over the request's path, our client id, its
 * Response-Time and its own bytes.
 */
@Injectable()
export class AmsNetwork implements NetworkExecutor {
  private keys: AlipayKeys | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: AmsStore,
    private readonly payments: AmsPayments,
    private readonly refunds: AmsRefunds,
    private readonly keyStore: AlipayKeyStore,
  ) {}

  async execute(operation: string, request: JsonObject, execution: Execution): Promise<Answer> {
    this.keys ??= await this.keyStore.get();
    const body = await this.answer(operation, request, execution);
    return this.sign(request, body, execution.badSignature);
  }

  unknown(_operation: string, request: JsonObject): Answer {
    return this.sign(request, outcomeOnly('U', 'UNKNOWN_EXCEPTION'), false);
  }

  /** Signing needs the keys before the first request can be unknown. */
  async prepare(): Promise<void> {
    this.keys = await this.keyStore.get();
  }

  private async answer(operation: string, request: JsonObject, execution: Execution): Promise<AmsBody> {
    const body = objectAt(request, 'body');
    switch (operation) {
      case 'pay':
        return this.pay(body, execution);
      case 'inquiryPayment':
        return this.enquire(body, execution);
      case 'cancel':
        return this.cancel(body, execution);
      case 'refund':
        return this.database.transaction((tx) => this.refunds.refund(tx, body, execution));
      case REVERSAL:
        return this.takeBack(textAt(request, 'reference') ?? '', execution);
      case 'inquiryRefund':
        return this.refunds.enquire(body);
      default:
        return outcomeOnly('F', 'INTERFACE_NOT_EXIST');
    }
  }

  private async pay(body: JsonObject, execution: Execution): Promise<AmsBody> {
    const request = readPayRequest(body);
    if (typeof request === 'string') return outcomeOnly('F', request);
    return this.database.transaction((tx) => this.payments.pay(tx, body, request, execution));
  }

  private async enquire(body: JsonObject, { now }: Execution): Promise<AmsBody> {
    const payment = await this.store.find(paymentIdIn(body));
    if (!payment) return outcomeOnly('F', 'ORDER_NOT_EXIST');
    if (payment.status !== 'PROCESSING') return inquiryAnswer(payment);
    return this.database.transaction(async (tx) => {
      const locked = (await this.store.lock(tx, payment.payment_request_id)) ?? payment;
      return inquiryAnswer(await this.payments.settleDue(tx, locked, now));
    });
  }

  private async takeBack(id: string, { now }: Execution): Promise<AmsBody> {
    const done = await this.database.transaction((tx) => this.payments.takeBack(tx, id, now));
    return done ? outcomeOnly('S', 'SUCCESS') : outcomeOnly('F', 'ORDER_STATUS_INVALID');
  }

  private async cancel(body: JsonObject, { now, decline }: Execution): Promise<AmsBody> {
    return this.database.transaction(async (tx) => {
      const locked = await this.store.lock(tx, paymentIdIn(body));
      if (!locked) return outcomeOnly('F', 'ORDER_NOT_EXIST');
      if (decline) return outcomeOnly('F', decline.code ?? 'ORDER_STATUS_INVALID');
      const code = await this.payments.cancel(tx, await this.payments.settleDue(tx, locked, now), now);
      if (code !== 'SUCCESS') return outcomeOnly('F', code);
      return {
        result: result('S', code),
        paymentId: locked.payment_id,
        paymentRequestId: locked.payment_request_id,
        cancelTime: isoInChina(now),
      };
    });
  }

  private sign(request: JsonObject, body: AmsBody, broken: boolean): Answer {
    if (!this.keys) throw new Error('the cross-border API answers only after its keys are loaded');
    const { amsClientId: clientId, amsServerKey } = this.keys;
    const time = textAt(request, 'received_at') ?? '';
    const text = JSON.stringify(body);
    const message = { path: textAt(request, 'path') ?? '', clientId, time, body: broken ? `${text} ` : text };
    return jsonAnswer(200, body, {
      'client-id': clientId,
      'response-time': time,
      signature: signatureHeader(message, amsServerKey),
    });
  }
}

/** Ends open orders and payments in process when their time is over. */
@Injectable()
export class AmsTimers {
  constructor(
    private readonly database: Database,
    private readonly store: AmsStore,
    private readonly payments: AmsPayments,
  ) {}

  async tick(now: Date): Promise<boolean> {
    const due = await this.store.due();
    for (const id of due) {
      await this.database.transaction(async (tx) => {
        const payment = await this.store.lock(tx, id);
        if (payment) await this.payments.settleDue(tx, payment, now);
      });
    }
    return due.length > 0;
  }
}
