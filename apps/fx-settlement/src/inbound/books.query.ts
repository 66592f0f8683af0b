import { IsIn, IsOptional, Matches } from 'class-validator';

/** States as callers name them. */
export const RESERVATION_STATES = {
  open: 'GRANTED',
  refused: 'REFUSED',
  released: 'RELEASED',
  consumed: 'CONSUMED',
} as const;

const PAYMENT = /^[a-zA-Z0-9_-]{1,64}$/;

/** `?verify=lines` adds every line up again and names the accounts whose kept balance differs. */
export class TrialBalanceQuery {
  @IsOptional()
  @IsIn(['lines'])
  verify?: 'lines';
}

export class BookingsQuery {
  @Matches(PAYMENT)
  payment: string;
}

/** `after` is the `booking_id` of the last movement that was seen. */
export class MovementsQuery {
  @IsOptional()
  @Matches(PAYMENT)
  payment?: string;

  @IsOptional()
  @Matches(/^[0-9]{1,18}$/)
  after?: string;

  @IsOptional()
  @Matches(/^([1-9][0-9]{0,3}|10000)$/)
  limit?: string;
}

export class ReservationsQuery {
  @IsOptional()
  @IsIn(Object.keys(RESERVATION_STATES))
  state?: keyof typeof RESERVATION_STATES;

  @IsOptional()
  @Matches(PAYMENT)
  payment?: string;
}
