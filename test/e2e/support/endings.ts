import type { Direction, PaymentWish } from './payments';
import type { Ending } from './story';

/** How money is taken from a payer: held on a card and captured later, pulled from a card at once, collected by Alipay. */
export type Source = 'card hold' | 'card pull' | 'Alipay collection';

/** What of a payment makes its source what it is. */
export const PAID_BY: Record<Source, { direction: Direction; wish: PaymentWish; leg: 'hold' | 'collect' }> = {
  'card hold': { direction: 'us-to-china', wish: {}, leg: 'hold' },
  'card pull': { direction: 'us-to-china', wish: { purpose: 'person_to_person' }, leg: 'collect' },
  'Alipay collection': { direction: 'china-to-us', wish: {}, leg: 'collect' },
};
/** The source that a payment of goods has in each direction. */
export const SOURCE_OF: Record<Direction, Source> = {
  'us-to-china': 'card hold',
  'china-to-us': 'Alipay collection',
};

const TAKEN: Record<Source, Record<string, number>> = {
  'card hold': { authorize: 1, transfer: 1, capture: 1 },
  'card pull': { account_funding: 1, transfer: 1 },
  'Alipay collection': { pay: 1, payout: 1 },
};
const GIVEN_BACK: Record<Source, Record<string, number>> = {
  'card hold': { authorize: 1, void: 1 },
  'card pull': { account_funding: 1, refund: 1 },
  'Alipay collection': { pay: 1, cancel: 1 },
};

/** The payment is completed: the payer has paid once and the payee was paid once, whatever happened on the way. */
export function completed(source: Source, more: Partial<Ending> = {}): Ending {
  const isHeld = source === 'card hold';
  return {
    status: 'completed',
    state: 'COMPLETED',
    executed: TAKEN[source],
    booked: isHeld ? ['hold_funded', 'credited', 'captured'] : ['collection_funded', 'credited'],
    told: ['processing', 'completed'],
    audited: ['source_processed', 'credit_processed', ...(isHeld ? ['capture_processed'] : [])],
    ...more,
  };
}

/** The payee could not be paid: the payer is whole, the fee too. */
export function reversed(source: Source, more: Partial<Ending> = {}): Ending {
  const isHeld = source === 'card hold';
  return {
    status: 'failed',
    state: 'REVERSED',
    executed: GIVEN_BACK[source],
    booked: isHeld ? ['hold_funded', 'hold_released'] : ['collection_funded', 'return_started', 'return_confirmed'],
    told: ['processing', 'failed'],
    audited: ['source_processed', 'credit_declined', 'release_processed'],
    ...more,
  };
}

/** It never came to money: nothing was taken, booked or reserved. */
export function untouched(state: 'DECLINED' | 'REJECTED', more: Partial<Ending> = {}): Ending {
  return {
    status: 'declined',
    state,
    executed: {},
    booked: [],
    told: ['processing', 'declined'],
    audited: [],
    ...more,
  };
}
