import { InternalTokenGuard } from '@gateway/platform';
import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { BookReads } from '../use-cases/book-reads';
import {
  presentAccount,
  presentBooking,
  presentMovement,
  presentReservations,
  presentTrialBalance,
} from './books.presentation';
import { BookingsQuery, MovementsQuery, RESERVATION_STATES, ReservationsQuery, TrialBalanceQuery } from './books.query';

const DEFAULT_PAGE = 10_000;

/** What the books say, for our own services, the desks' tools and the tests. */
@Controller('internal/v1')
@UseGuards(InternalTokenGuard)
export class BooksController {
  constructor(private readonly books: BookReads) {}

  @Get('trial-balance')
  async trialBalance(@Query() query: TrialBalanceQuery): Promise<object> {
    const off = query.verify === 'lines' ? await this.books.accountsOffTheirLines() : null;
    return presentTrialBalance(await this.books.trialBalance(), off);
  }

  @Get('balances')
  async balances(): Promise<object> {
    return { accounts: (await this.books.balances()).map(presentAccount) };
  }

  @Get('bookings')
  async bookings(@Query() query: BookingsQuery): Promise<object> {
    return { bookings: (await this.books.bookingsOf(query.payment)).map(presentBooking) };
  }

  @Get('movements')
  async movements(@Query() query: MovementsQuery): Promise<object> {
    const page = { after: BigInt(query.after ?? '0'), limit: Number(query.limit ?? DEFAULT_PAGE) };
    return { movements: (await this.books.movements(query.payment ?? null, page)).map(presentMovement) };
  }

  @Get('reservations')
  async reservations(@Query() query: ReservationsQuery): Promise<object> {
    const state = RESERVATION_STATES[query.state ?? 'open'];
    return presentReservations(await this.books.reservations(state, query.payment ?? null));
  }
}
