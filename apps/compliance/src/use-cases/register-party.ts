import { Injectable } from '@nestjs/common';
import { DEFAULT_PARTITIONS } from '@gateway/contracts/contract';
import { OutboxTransactions, type AuditEntry } from '@gateway/messaging';
import { partitionOf } from '@gateway/platform';
import { PartyRegister, type PartyIdentity } from './party-register';

/** Takes a party in, and writes down in the same transaction which partner brought it: by ids alone, never who it is. */
@Injectable()
export class RegisterParty {
  constructor(
    private readonly parties: PartyRegister,
    private readonly transactions: OutboxTransactions,
  ) {}

  async register(partnerId: string, identity: PartyIdentity): Promise<string> {
    return await this.transactions.run(async (tx) => {
      const partyId = await this.parties.add(partnerId, identity, tx);
      return { result: partyId, emit: { records: [], audit: [registered(partyId, partnerId, identity.type)] } };
    });
  }
}

function registered(partyId: string, partnerId: string, type: PartyIdentity['type']): AuditEntry {
  return {
    subjectId: partyId,
    partnerId,
    bucket: partitionOf(partyId, DEFAULT_PARTITIONS),
    actor: `partner:${partnerId}`,
    actions: [{ action: 'party.registered', detail: { type } }],
  };
}
