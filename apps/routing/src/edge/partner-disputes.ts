import type { DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import { Database } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { Dispute } from '../domain/disputes/dispute';
import { statesBehind, type DisputeStatus } from '../domain/disputes/dispute-state';
import { DisputeReader } from '../outbound/dispute-reader';
import type { KeyedRequest } from '../outbound/idempotency.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { AnswerDispute } from '../use-cases/answer-dispute';
import { viewOfDispute } from './dispute-view';
import { checkEvidence } from './evidence-check';
import { problem } from './problems';

/** Which disputes a partner wants to see. */
export interface DisputeFilter {
  limit?: number;
  starting_after?: string;
  payment?: string;
  status?: DisputeStatus;
}

const DEFAULT_LIMIT = 10;

/** What partners do with disputes: look at them, answer one with evidence, or let it stand. */
@Injectable()
export class PartnerDisputes {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentReader,
    private readonly disputes: DisputeReader,
    private readonly answerDispute: AnswerDispute,
    private readonly clock: Clock,
  ) {}

  /** The dispute with its steps; another partner's is not found. */
  async get(partnerId: string, id: string): Promise<object> {
    const dispute = await this.find(partnerId, id);
    const history = await this.payments.historyOf(this.database, dispute.order.paymentId);
    const steps = history.flatMap(({ changes }) =>
      changes.flatMap(({ dispute: note, at, fact }) => (note?.dispute_id === id ? [{ state: note.to, at, fact }] : [])),
    );
    return { ...this.view(dispute), history: steps };
  }

  async list(partnerId: string, filter: DisputeFilter): Promise<object> {
    const limit = filter.limit ?? DEFAULT_LIMIT;
    const found = await this.disputes.page(this.database, {
      partnerId,
      paymentId: filter.payment ?? null,
      states: filter.status === undefined ? null : statesBehind(filter.status),
      startingAfter: filter.starting_after ?? null,
      limit,
    });
    return { object: 'list', data: found.slice(0, limit).map((one) => this.view(one)), has_more: found.length > limit };
  }

  /** @throws Problem `DISPUTE_NOT_FOUND`, `DISPUTE_NOT_ACTIONABLE`, or what is wrong with the evidence */
  async giveEvidence(request: KeyedRequest, id: string, evidence: DisputeEvidence): Promise<object> {
    return this.answer(request, id, checkEvidence(evidence));
  }

  /** @throws Problem `DISPUTE_NOT_FOUND`, `DISPUTE_NOT_ACTIONABLE` */
  async accept(request: KeyedRequest, id: string): Promise<object> {
    return this.answer(request, id, null);
  }

  private async answer(request: KeyedRequest, id: string, evidence: DisputeEvidence | null): Promise<object> {
    const { partnerId, key, fingerprint } = request;
    const requestedBy = `${key} ${fingerprint}`;
    const answered = await this.answerDispute.run({ disputeId: id, partnerId, evidence, requestedBy });
    if (answered.answer === 'unknown') throw problem('DISPUTE_NOT_FOUND', { param: 'id' });
    if (answered.answer === 'too_late') throw problem('DISPUTE_NOT_ACTIONABLE', { param: 'id' });
    return this.view(answered.dispute);
  }

  private view(dispute: Dispute): object {
    return viewOfDispute(dispute, this.clock.now());
  }

  private async find(partnerId: string, id: string): Promise<Dispute> {
    const dispute = await this.disputes.find(this.database, id);
    if (dispute?.order.partnerId !== partnerId) throw problem('DISPUTE_NOT_FOUND', { param: 'id' });
    return dispute;
  }
}
