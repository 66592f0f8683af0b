import { neverLeft } from '@gateway/wallet-network';
import { parseAnswer } from './qrpay.wire';
import { QrpaySigner, QrpayVerifier } from './qrpay.signature';

/** An order at QRPay, as its answers show it; fields that this adapter does not read are left out. */
export interface QrpayOrder {
  order_id: string;
  qrpay_id: string;
  state: string;
  reason?: string;
  amount: { minor: string; currency: string };
  /** What the payer scans, while the order waits. */
  qr_content?: string;
  valid_until?: string;
}

/** A refund at QRPay. */
export interface QrpayRefund {
  refund_id: string;
  qrpay_id: string;
  state: string;
  reason?: string;
  amount: { minor: string; currency: string };
}

/**
 * What became of one call. `answered`: a signed answer that says what it is. `refused`: a signed error. `never_left`: no
 * connection was made. `silent`: anything else (time-out, closed connection, unsigned or unreadable answer); it may have
 * been executed.
 */
export type QrpayCall<T> =
  | { kind: 'answered'; answer: T }
  | { kind: 'refused'; status: number; code: string }
  | { kind: 'never_left' }
  | { kind: 'silent'; code: string };

/** What the client is made of. */
export interface QrpayClientOptions {
  /** Scheme, host and port. */
  baseUrl: string;
  merchantId: string;
  signer: QrpaySigner;
  verifier: QrpayVerifier;
}

const API = '/qrpay/v1';

/** Signed calls to QRPay. It knows the wire, not what an answer means. */
export class QrpayClient {
  constructor(private readonly options: QrpayClientOptions) {}

  get merchantId(): string {
    return this.options.merchantId;
  }

  makeOrder(body: object, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    return this.call('POST', '/orders', body, signal);
  }

  order(orderId: string, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    return this.call('GET', `/orders/${encodeURIComponent(orderId)}`, null, signal);
  }

  cancel(orderId: string, cancelId: string, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    return this.call('POST', `/orders/${encodeURIComponent(orderId)}/cancel`, { cancel_id: cancelId }, signal);
  }

  makeRefund(body: object, signal: AbortSignal): Promise<QrpayCall<QrpayRefund>> {
    return this.call('POST', '/refunds', body, signal);
  }

  refund(refundId: string, signal: AbortSignal): Promise<QrpayCall<QrpayRefund>> {
    return this.call('GET', `/refunds/${encodeURIComponent(refundId)}`, null, signal);
  }

  private async call<T>(
    method: 'GET' | 'POST',
    below: string,
    content: object | null,
    signal: AbortSignal,
  ): Promise<QrpayCall<T>> {
    const path = `${API}${below}`;
    const body = content === null ? '' : JSON.stringify(content);
    const timestamp = new Date().toISOString();
    const { baseUrl, merchantId, signer } = this.options;
    const signature = signer.sign({ method, path, merchantId, timestamp, body });
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        signal,
        redirect: 'error',
        headers: {
          'qrpay-merchant': merchantId,
          'qrpay-timestamp': timestamp,
          'qrpay-signature': signature,
          ...(content !== null && { 'content-type': 'application/json' }),
        },
        ...(content !== null && { body }),
      });
      return this.read<T>(response, await response.text(), signature);
    } catch (error) {
      return neverLeft(error) ? { kind: 'never_left' } : { kind: 'silent', code: 'NO_ANSWER' };
    }
  }

  /** An error may come unsigned; anybody could have written it, so it proves nothing. */
  private read<T>(response: Response, body: string, requestSignature: string): QrpayCall<T> {
    const { status } = response;
    const timestamp = response.headers.get('qrpay-timestamp') ?? '';
    const signed = { status, requestSignature, timestamp, body };
    if (!this.options.verifier.acceptsAnswer(signed, response.headers.get('qrpay-signature'))) {
      return { kind: 'silent', code: `UNSIGNED_${status}` };
    }
    const answer = parseAnswer(body);
    if (answer === null) return { kind: 'silent', code: 'UNREADABLE_ANSWER' };
    if ('error' in answer) return { kind: 'refused', status, code: answer.error.code };
    return status === 200 ? { kind: 'answered', answer: answer as T } : { kind: 'silent', code: `HTTP_${status}` };
  }
}
