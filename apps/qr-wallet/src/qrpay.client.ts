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
  /** When it was paid; a cancelled order keeps it. */
  paid_at?: string;
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

  async makeOrder(body: { order_id: string }, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    return ofOrder(body.order_id, await this.call('POST', '/orders', body, signal));
  }

  async order(orderId: string, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    return ofOrder(orderId, await this.call('GET', `/orders/${encodeURIComponent(orderId)}`, null, signal));
  }

  async cancel(orderId: string, cancelId: string, signal: AbortSignal): Promise<QrpayCall<QrpayOrder>> {
    const path = `/orders/${encodeURIComponent(orderId)}/cancel`;
    return ofOrder(orderId, await this.call('POST', path, { cancel_id: cancelId }, signal));
  }

  async makeRefund(body: { refund_id: string }, signal: AbortSignal): Promise<QrpayCall<QrpayRefund>> {
    return ofRefund(body.refund_id, await this.call('POST', '/refunds', body, signal));
  }

  async refund(refundId: string, signal: AbortSignal): Promise<QrpayCall<QrpayRefund>> {
    return ofRefund(refundId, await this.call('GET', `/refunds/${encodeURIComponent(refundId)}`, null, signal));
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

function ofOrder(orderId: string, call: QrpayCall<QrpayOrder>): QrpayCall<QrpayOrder> {
  return call.kind !== 'answered' || call.answer.order_id === orderId ? call : OTHER;
}

function ofRefund(refundId: string, call: QrpayCall<QrpayRefund>): QrpayCall<QrpayRefund> {
  return call.kind !== 'answered' || call.answer.refund_id === refundId ? call : OTHER;
}

/** However well it is signed: what is said of another order or refund is no answer to what was asked. */
const OTHER = { kind: 'silent', code: 'OTHER_REQUEST' } as const;
