import { MOST_DISPUTES, type DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import type { TokenFields } from '../apple-pay/payment-token';
import {
  readAccepted,
  readActions,
  readCardFacts,
  readPayment,
  readPaymentList,
  readPayout,
  readPayoutSupport,
  readToken,
  type AcquirerAction,
  type AcquirerPayment,
  type AcquirerToken,
  type CardFacts,
  type PayoutSupport,
} from './acquirer-answers';
import { callAcquirer, type AcquirerCall } from './acquirer-call';
import {
  readDispute,
  readDisputeList,
  readMentions,
  readTaken,
  type AcquirerDispute,
  type MentionedDispute,
} from './dispute-answers';
import {
  actionBody,
  cardMetadataBody,
  evidenceBody,
  paymentBody,
  tokenBody,
  type AcquirerAccount,
  type ActionOrder,
  type CardParty,
  type PaymentOrder,
} from './acquirer-requests';
import { officialClient, type OfficialClient } from './official-client';

export type { PaymentOrder } from './acquirer-requests';

export interface AcquirerClientOptions extends AcquirerAccount {
  /** Base URL with any path prefix, e.g. `https://{prefix}.api.checkout.com`. */
  baseUrl: string;
  secretKey: string;
  /** Only good for exchanging tokens. */
  publicKey: string;
  /** Until when a socket is kept after its caller has gone; at least the longest call deadline. */
  socketTimeoutMs: number;
}

/** Changes of a payment that exists, by the acquirer's own names. */
export type PaymentAction = 'capture' | 'void' | 'refund' | 'reverse';

/** A part of the list of disputes. */
export interface DisputeRange {
  from: Date;
  skip: number;
  limit: number;
}

type Taken = ReturnType<typeof readTaken>;

/**
 * The card acquirer through its official client. It knows the wire, not what an answer means. Our instruction id is both
 * the reference, by which a payment is found again, and the idempotency key, which the acquirer keeps for 24 hours.
 */
export class AcquirerClient {
  private readonly checkout: OfficialClient;

  constructor(private readonly options: AcquirerClientOptions) {
    this.checkout = officialClient(options.secretKey, {
      pk: options.publicKey,
      host: options.baseUrl,
      timeout: options.socketTimeoutMs,
      httpClient: 'axios',
    });
  }

  exchangeToken(fields: TokenFields, signal: AbortSignal): Promise<AcquirerCall<AcquirerToken>> {
    return callAcquirer(() => this.checkout.tokens.request(tokenBody(fields)), readToken, signal);
  }

  payoutSupport(token: string, signal: AbortSignal): Promise<AcquirerCall<PayoutSupport>> {
    const body = cardMetadataBody({ type: 'token', token });
    return callAcquirer(() => this.checkout.cardMetadata.get(body), readPayoutSupport, signal);
  }

  /** What the card behind a device's account number is. */
  cardFacts(number: string, signal: AbortSignal): Promise<AcquirerCall<CardFacts>> {
    const body = cardMetadataBody({ type: 'card', number });
    return callAcquirer(() => this.checkout.cardMetadata.get(body), readCardFacts, signal);
  }

  /** A hold, a collection or a credit, by what it is made from and the card that pays or is paid. */
  pay(order: PaymentOrder, card: CardParty, signal: AbortSignal): Promise<AcquirerCall<AcquirerPayment>> {
    const body = paymentBody(order, card, this.options);
    const send = (): Promise<unknown> => this.checkout.payments.request(body, order.instructionId);
    const read = order.operation === 'credit' ? readPayout(order.amount) : readPayment;
    return about(
      callAcquirer(send, read, signal),
      ({ reference }) => (reference ?? order.instructionId) === order.instructionId,
    );
  }

  act(
    action: PaymentAction,
    paymentId: string,
    order: ActionOrder,
    signal: AbortSignal,
  ): Promise<AcquirerCall<{ actionId: string }>> {
    const body = actionBody(order, action !== 'void');
    const send = (): Promise<unknown> => this.checkout.payments[action](paymentId, body, order.instructionId);
    return callAcquirer(send, readAccepted, signal);
  }

  payment(paymentId: string, signal: AbortSignal): Promise<AcquirerCall<AcquirerPayment>> {
    return about(
      callAcquirer(() => this.checkout.payments.get(paymentId), readPayment, signal),
      ({ id }) => id === paymentId,
    );
  }

  /** Payments with this reference, newest first. More than one means that one instruction was executed twice. */
  paymentsOf(reference: string, signal: AbortSignal): Promise<AcquirerCall<AcquirerPayment[]>> {
    const query = { reference: encodeURIComponent(reference), limit: 10 };
    return callAcquirer(() => this.checkout.payments.getPaymentList(query), readPaymentList, signal);
  }

  /** Every dispute of a payment. */
  disputesOf(paymentId: string, signal: AbortSignal): Promise<AcquirerCall<AcquirerDispute[]>> {
    const query = { payment_id: encodeURIComponent(paymentId), limit: MOST_DISPUTES };
    return callAcquirer(() => this.checkout.disputes.get(query), readDisputeList, signal);
  }

  /** Disputes of any payment that have changed since then, last changed first. */
  disputesSince(range: DisputeRange, signal: AbortSignal): Promise<AcquirerCall<MentionedDispute[]>> {
    const query = { ...range, from: encodeURIComponent(range.from.toISOString()) };
    return callAcquirer(() => this.checkout.disputes.get(query), readMentions, signal);
  }

  dispute(disputeId: string, signal: AbortSignal): Promise<AcquirerCall<AcquirerDispute>> {
    return about(
      callAcquirer(() => this.checkout.disputes.getDetails(disputeId), readDispute, signal),
      ({ id }) => id === disputeId,
    );
  }

  /** Adds evidence to a dispute; the same again changes nothing. It is not sent before it is submitted. */
  provideEvidence(disputeId: string, evidence: DisputeEvidence, signal: AbortSignal): Promise<AcquirerCall<Taken>> {
    const body = evidenceBody(evidence);
    return callAcquirer(() => this.checkout.disputes.provideEvidence(disputeId, body), readTaken, signal);
  }

  submitEvidence(disputeId: string, signal: AbortSignal): Promise<AcquirerCall<Taken>> {
    return callAcquirer(() => this.checkout.disputes.submit(disputeId), readTaken, signal);
  }

  acceptDispute(disputeId: string, signal: AbortSignal): Promise<AcquirerCall<Taken>> {
    return callAcquirer(() => this.checkout.disputes.accept(disputeId), readTaken, signal);
  }

  actionsOf(paymentId: string, signal: AbortSignal): Promise<AcquirerCall<AcquirerAction[]>> {
    return callAcquirer(() => this.checkout.payments.getActions(paymentId), readActions, signal);
  }
}

/** What is said of another payment or dispute is no answer to what was asked. */
async function about<T>(asked: Promise<AcquirerCall<T>>, isAsked: (answer: T) => boolean): Promise<AcquirerCall<T>> {
  const call = await asked;
  return call.kind === 'answered' && !isAsked(call.answer) ? { kind: 'silent', code: 'OTHER_PAYMENT' } : call;
}
