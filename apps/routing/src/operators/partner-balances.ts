import { Injectable } from '@nestjs/common';
import { InternalServices } from '../outbound/internal-services';
import { actorOf, type Operator } from './roles';

/** A receipt at our bank that raises a partner's balance. */
export interface TopUpBody {
  partner: string;
  amount: { amount: string; currency: string };
  bank_reference: string;
}

/**
 * What a partner has placed with us, which its refunds are funded from. fx-settlement owns the balances, writes the audit
 * entry with the person's id, and holds that two people are needed; here it is known who they are.
 */
@Injectable()
export class PartnerBalances {
  constructor(private readonly services: InternalServices) {}

  async request(operator: Operator, { partner, amount, bank_reference }: TopUpBody): Promise<object> {
    const body = { partner_id: partner, amount, bank_reference, requested_by: actorOf(operator) };
    return await this.services.requestTopUp(body);
  }

  async approve(operator: Operator, topUpId: string): Promise<object> {
    return await this.services.approveTopUp(topUpId, { approved_by: actorOf(operator) });
  }

  async of(partnerId: string): Promise<object> {
    return await this.services.partnerBalances(partnerId);
  }
}
