import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { PaymentCase } from '../domain/advance-payment';
import { advanceRefund } from '../domain/refund/advance-refund';
import type { RefundForbidden } from '../domain/refund/check-refund';
import type { Refund } from '../domain/refund/refund';
import { DisputeRepository } from './dispute.repository';
import { forbiddenRefunds } from './forbidden-refunds';
import type { PaymentInHand } from './payment-recorder';
import type { FactOfRefund } from './refund-facts';
import { refundInHand, type RefundHand } from './refund-recorder';
import { RefundRepository } from './refund.repository';

/** What a batch's facts did to refunds; facts of unknown ones become cases. */
export interface FoldedRefunds {
  hands: RefundHand[];
  strangers: PaymentCase[];
}

/** Folds a batch of facts into refunds, whose payments the caller has locked and holds in hand. */
@Injectable()
export class AdvanceRefunds {
  constructor(
    private readonly refunds: RefundRepository,
    private readonly disputes: DisputeRepository,
  ) {}

  async fold(
    tx: Tx,
    facts: readonly FactOfRefund[],
    handOf: (paymentId: string) => PaymentInHand | null,
    now: Date,
  ): Promise<FoldedRefunds> {
    if (facts.length === 0) return { hands: [], strangers: [] };
    const locked = await this.refunds.lock(tx, [...new Set(facts.map(({ refundId }) => refundId))].sort());
    const forbidden = await this.forbidden(tx, facts, handOf, locked);
    const hands = new Map<string, RefundHand>();
    const strangers: PaymentCase[] = [];
    for (const told of facts) {
      const refund = locked.get(told.refundId);
      const payment = refund?.order.paymentId === told.paymentId ? handOf(told.paymentId) : null;
      if (refund === undefined || payment === null) {
        strangers.push(caseOfStranger(told, now));
        continue;
      }
      const hand = hands.get(refund.id) ?? refundInHand(refund, payment);
      hands.set(refund.id, hand);
      hand.forbidden = forbidden(refund);
      advanceRefund(hand, told.fact, now);
    }
    return { hands: [...hands.values()], strangers };
  }

  /** Asked where the money for a refund is there: it leaves now, or never. */
  private forbidden(
    tx: Tx,
    facts: readonly FactOfRefund[],
    handOf: (paymentId: string) => PaymentInHand | null,
    locked: ReadonlyMap<string, Refund>,
  ): Promise<(refund: Refund) => RefundForbidden | null> {
    const granted = facts.filter(({ fact }) => fact.name === 'funding_granted').map(({ paymentId }) => paymentId);
    const payments = [...new Set(granted)].flatMap((id) => handOf(id)?.payment ?? []);
    return forbiddenRefunds(tx, { disputes: this.disputes, refunds: this.refunds }, payments, locked);
  }
}

function caseOfStranger({ refundId, paymentId, fact }: FactOfRefund, at: Date): PaymentCase {
  return {
    paymentId,
    partnerId: null,
    kind: 'unknown_refund',
    state: null,
    fact: `refund_${fact.name}`,
    instructionId: null,
    detail: { refund: refundId, reason: fact.reason ?? null, version: fact.version },
    at,
  };
}
