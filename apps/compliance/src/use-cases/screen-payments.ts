import { Injectable } from '@nestjs/common';
import type { ScreeningCommand } from '@gateway/contracts/compliance.screening.commands.v1';
import type { ScreeningOutcome } from '@gateway/contracts/compliance.screening.events.v1';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { SAMPLE_LIST } from '../domain/sample-list';
import { decide } from '../domain/screening';
import { PartyRegister } from './party-register';
import { ScreeningStore } from './screening-store';

/** The outcomes of a batch in the order of its commands, and which of them were decided just now. */
export interface Screened {
  outcomes: ScreeningOutcome[];
  fresh: ReadonlySet<string>;
}

/** Screens a batch: a command that was answered before is answered with the outcome as it stands. */
@Injectable()
export class ScreenPayments {
  private readonly listed: ReadonlySet<string>;

  constructor(
    private readonly parties: PartyRegister,
    private readonly store: ScreeningStore,
    private readonly clock: Clock,
  ) {
    this.listed = parties.indexesOf(SAMPLE_LIST.names);
  }

  async screen(commands: readonly ScreeningCommand[], tx: Tx): Promise<Screened> {
    const known = await this.store.find(
      tx,
      commands.map((command) => command.instruction_id),
    );
    const indexes = await this.parties.nameIndexes(tx, commands.flatMap(partiesOf));
    const fresh = new Map<string, ScreeningOutcome>();
    for (const command of commands) {
      if (known.has(command.instruction_id) || fresh.has(command.instruction_id)) continue;
      fresh.set(command.instruction_id, this.decide(command, indexes));
    }
    await this.store.add(tx, [...fresh.values()]);
    const outcomes = commands.map(({ instruction_id: id }) => known.get(id) ?? fresh.get(id)!);
    return { outcomes, fresh: new Set(fresh.keys()) };
  }

  private decide(command: ScreeningCommand, indexes: ReadonlyMap<string, string>): ScreeningOutcome {
    const at = this.clock.now().toISOString();
    const amounts = [command.source_amount, command.target_amount].map(({ amount, currency }) => ({
      amountMinor: BigInt(amount),
      currency,
    }));
    const decision = decide(
      {
        payerIndex: indexes.get(command.payer_party_id) ?? null,
        payeeIndex: indexes.get(command.payee_party_id) ?? null,
        amounts,
        day: at.slice(0, 10),
      },
      this.listed,
    );
    return {
      instruction_id: command.instruction_id,
      payment_id: command.payment_id,
      partner_id: command.partner_id,
      version: 1,
      list_version: SAMPLE_LIST.version,
      at,
      ...decision,
    };
  }
}

function partiesOf(command: ScreeningCommand): { partnerId: string; partyId: string }[] {
  const partnerId = command.partner_id;
  return [command.payer_party_id, command.payee_party_id].map((partyId) => ({ partnerId, partyId }));
}
