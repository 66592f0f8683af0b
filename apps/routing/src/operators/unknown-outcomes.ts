import { OutboxTransactions } from '@gateway/messaging';
import { Injectable } from '@nestjs/common';
import type { NetworkEntry } from '../edge.config';
import { Networks } from '../edge/networks';
import { InternalServices } from '../outbound/internal-services';
import { actorOf, type Operator } from './roles';

/** Reads that are about no single payment are told in the first stream. */
const GENERAL_BUCKET = 0;

/** What one person has found out about an unknown outcome, and where the proof is kept. */
export interface FindingBody {
  finding: 'done' | 'not_done';
  network_reference?: string;
  evidence: string;
  reason: string;
}

/**
 * Unknown outcomes whose enquiry plan has ended, at whichever network. The wallet service owns the instruction, writes
 * the audit entries with the people's ids, and holds that two people are needed; here it is known who they are.
 */
@Injectable()
export class UnknownOutcomes {
  constructor(
    private readonly networks: Networks,
    private readonly services: InternalServices,
    private readonly transactions: OutboxTransactions,
  ) {}

  /** The queue of one network with its evidence, in the order of its instruction ids. Who read it is written down first. */
  async queue(operator: Operator, network: string, after?: string): Promise<object> {
    const page = await this.services.reviews(this.networkOf(network), after);
    const action = { action: 'reviews.read', detail: { network, after: after ?? null } };
    const entry = { subjectId: 'reviews', bucket: GENERAL_BUCKET, actor: actorOf(operator), actions: [action] };
    await this.transactions.run(async () => ({ result: null, emit: { records: [], audit: [entry] } }));
    return page;
  }

  async request(operator: Operator, network: string, instructionId: string, finding: FindingBody): Promise<object> {
    const body = { ...finding, requested_by: actorOf(operator) };
    return await this.services.requestResolution(this.networkOf(network), instructionId, body);
  }

  async decide(
    operator: Operator,
    network: string,
    instructionId: string,
    verdict: 'approve' | 'reject',
  ): Promise<object> {
    const body = { verdict, decided_by: actorOf(operator) };
    return await this.services.decideResolution(this.networkOf(network), instructionId, body);
  }

  private networkOf(id: string): NetworkEntry {
    return this.networks.require(id, 'network');
  }
}
