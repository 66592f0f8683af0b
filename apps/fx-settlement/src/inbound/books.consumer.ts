import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { paymentEvents } from '@gateway/contracts/payments.payment.events.v1';
import { Consumes } from '@gateway/messaging';
import type { Emitted, InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Controller } from '@nestjs/common';
import { KeepBooks } from '../use-cases/keep-books';

/** Reservation commands and the history of payments come in one batch, so that their locks are taken in one order. */
@Controller()
export class BooksConsumer {
  constructor(private readonly books: KeepBooks) {}

  @Consumes(reservationCommands, paymentEvents)
  keepBooks(records: InboundRecord[], tx: Tx): Promise<Emitted> {
    return this.books.handle(records, tx);
  }
}
