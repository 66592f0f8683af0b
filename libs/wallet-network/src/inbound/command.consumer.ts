import { Controller, type Type } from '@nestjs/common';
import type { Contract } from '@gateway/contracts/contract';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import { Consumes, isOf, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { AcceptCommands } from '../use-cases/accept-commands';

/**
 * Makes the consumer of one network's own command topic: each network has a topic of its own, so that a slow network
 * never delays another.
 */
export function commandConsumerOf(commands: Contract<WalletCommand>): Type {
  @Controller()
  class CommandConsumer {
    constructor(private readonly acceptance: AcceptCommands) {}

    @Consumes(commands)
    accept(records: InboundRecord[], tx: Tx): Promise<Emitted> {
      return this.acceptance.accept(
        records.filter((record) => isOf(record, commands)),
        tx,
      );
    }
  }
  return CommandConsumer;
}
