import { createSign, createVerify } from 'node:crypto';
import type { RunningSimulator } from './running-simulator';

export type Json = Record<string, unknown>;

export interface AlipayCredentials {
  ams: { client_id: string; private_key: string; alipay_public_key: string };
  open_platform: {
    app_id: string;
    app_private_key: string;
    app_cert: string;
    alipay_public_cert: string;
    alipay_root_cert: string;
  };
}

/** A payment code whose middle digits say what happens. */
export function paymentCode(marker = '0000'): string {
  return `289999${marker}${String(process.hrtime.bigint()).slice(-8)}`;
}

/** A client of the cross-border API, written by hand from its documents, as there is no official one for Node. */
export class AmsMerchant {
  constructor(
    private readonly simulator: RunningSimulator,
    private readonly credentials: AlipayCredentials['ams'],
    private readonly notifyUrl: string,
  ) {}

  /** Signs the request, verifies the answer over the bytes received and says so in `isSigned`. */
  async call(operation: string, body: Json, wish: { key?: string; signal?: AbortSignal } = {}): Promise<Json> {
    const { client_id, private_key } = this.credentials;
    const path = `/ams/api/v1/payments/${operation}`;
    const text = JSON.stringify(body);
    const time = new Date().toISOString();
    const signature = createSign('RSA-SHA256')
      .update(`POST ${path}\n${client_id}.${time}.${text}`)
      .sign(wish.key ?? private_key, 'base64');
    const response = await fetch(`${this.simulator.url}${path}`, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': client_id,
        'request-time': time,
        signature: `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(signature)}`,
      },
      ...(wish.signal && { signal: wish.signal }),
    });
    const answer = await response.text();
    const content = `POST ${path}\n${client_id}.${response.headers.get('response-time')}.${answer}`;
    return { ...(JSON.parse(answer) as Json), isSigned: this.accepts(content, response.headers.get('signature')) };
  }

  /** Whether the network signed this content. */
  accepts(content: string, header: string | null): boolean {
    const offered = /signature=(.+)$/.exec(header ?? '')?.[1];
    if (offered === undefined) return false;
    return createVerify('RSA-SHA256')
      .update(content)
      .verify(this.credentials.alipay_public_key, decodeURIComponent(offered), 'base64');
  }

  /** CNY 360.21 by a payment code, or as an order that the payer confirms. */
  body(id: string, code: string | undefined): Json {
    const amount = { currency: 'CNY', value: '36021' };
    return {
      paymentRequestId: id,
      paymentAmount: amount,
      order: { referenceOrderId: id, orderDescription: 'order', orderAmount: amount },
      settlementStrategy: { settlementCurrency: 'CNY' },
      paymentNotifyUrl: this.notifyUrl,
      ...(code === undefined
        ? { productCode: 'CASHIER_PAYMENT', paymentMethod: { paymentMethodType: 'ALIPAY_CN' } }
        : {
            productCode: 'IN_STORE_PAYMENT',
            paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
            paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
          }),
    };
  }
}
