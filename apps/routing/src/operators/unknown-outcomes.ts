import { Injectable } from '@nestjs/common';
import type { NetworkEntry } from '../edge.config';
import { Networks } from '../edge/networks';
import { InternalServices } from '../outbound/internal-services';
import { actorOf, type Operator } from './roles';

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
  ) {}

  /** The queue of one network, in the order of its instruction ids. */
  async queue(network: string, after?: string): Promise<object> {
    return await this.services.reviews(this.networkOf(network), after);
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
