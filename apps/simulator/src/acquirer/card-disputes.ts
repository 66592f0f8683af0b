import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { BooksStore, type Sign } from '../outbound/books.store';
import { CardDisputesStore } from '../outbound/card-disputes.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { AcquirerWebhooks } from './acquirer-webhooks';
import { maskedCard } from './card';
import { isOpen, type CardDispute, type DisputeCategory, type DisputeDecision } from './card-dispute';
import type { CardPayment } from './card-payment';

/** What a cardholder's bank claims. */
export interface DisputeClaim {
  readonly category: DisputeCategory;
  readonly reasonCode: string;
  /** Minor units; absent is the whole payment, fee included. */
  readonly amount?: bigint;
  readonly evidenceRequiredBy: Date;
}

/**
 * Disputes as the outside world makes and ends them. The cardholder has the money back from the first day on, by the
 * books of executed movements, and gives it up again where the dispute is won.
 */
@Injectable()
export class CardDisputes {
  constructor(
    private readonly disputes: CardDisputesStore,
    private readonly payments: CardPaymentsStore,
    private readonly books: BooksStore,
    private readonly webhooks: AcquirerWebhooks,
    private readonly ids: IdSource,
  ) {}

  /** Undefined where there is no such payment, or less was taken than is claimed. */
  async raise(tx: Tx, paymentId: string, claim: DisputeClaim, now: Date): Promise<CardDispute | undefined> {
    const payment = await this.payments.lock(tx, paymentId);
    if (payment === undefined || payment.kind === 'payout') return undefined;
    const claimed = await this.disputes.list({ paymentId: payment.id }, 100, 0, tx);
    const left = claimed.reduce((sum, { amount }) => sum - amount, payment.captured);
    const amount = claim.amount ?? left;
    if (amount <= 0n || amount > left) return undefined;
    const dispute: CardDispute = {
      id: this.ids.next('dsp').toLowerCase(),
      payment_id: payment.id,
      payment_reference: payment.reference,
      category: claim.category,
      reason_code: claim.reasonCode,
      amount,
      currency: payment.currency,
      status: 'evidence_required',
      evidence: {},
      evidence_required_by: claim.evidenceRequiredBy,
      received_on: now,
      last_update: now,
    };
    await this.disputes.insert(tx, dispute);
    await this.move(tx, payment, dispute, 'chargeback', 1);
    await this.webhooks.tellOfDispute(tx, 'dispute_received', dispute, payment);
    await this.webhooks.tellOfDispute(tx, 'dispute_evidence_required', dispute, payment);
    return dispute;
  }

  /** The scheme decides, or the issuer withdraws; undefined where there is no such open dispute. */
  async decide(tx: Tx, id: string, decision: DisputeDecision, now: Date): Promise<CardDispute | undefined> {
    const dispute = await this.disputes.lock(tx, id);
    return dispute !== undefined && isOpen(dispute) ? this.turn(tx, dispute, decision, now) : undefined;
  }

  /** Nobody has answered in time. */
  async expire(tx: Tx, id: string, now: Date): Promise<void> {
    const dispute = await this.disputes.lock(tx, id);
    const isOver = dispute?.status === 'evidence_required' && dispute.evidence_required_by <= now;
    if (isOver) await this.turn(tx, dispute, 'expired', now);
  }

  /** Gives a locked dispute its next status, tells of it, and moves what it decides. */
  async turn(tx: Tx, before: CardDispute, status: CardDispute['status'], now: Date): Promise<CardDispute | undefined> {
    const payment = await this.payments.lock(tx, before.payment_id);
    if (payment === undefined) return undefined;
    const dispute: CardDispute = { ...before, status, last_update: now };
    await this.disputes.update(tx, dispute);
    const isReturned = status === 'won' || status === 'canceled';
    if (isReturned) await this.move(tx, payment, dispute, 'chargeback_reversal', -1);
    const type = status === 'evidence_under_review' ? 'evidence_submitted' : status;
    await this.webhooks.tellOfDispute(tx, `dispute_${type}`, dispute, payment);
    return dispute;
  }

  private async move(tx: Tx, payment: CardPayment, dispute: CardDispute, operation: string, sign: Sign): Promise<void> {
    await this.books.record(tx, {
      network: 'acquirer',
      operation,
      reference: dispute.payment_reference,
      networkReference: dispute.id,
      amount: dispute.amount,
      currency: dispute.currency,
      sign,
      account: maskedCard(payment.card),
      at: dispute.last_update,
    });
  }
}
