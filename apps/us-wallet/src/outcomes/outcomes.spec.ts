import type { Instruction, Outcome } from '@gateway/wallet-network';
import type { AcquirerAction, AcquirerPayment } from '../acquirer/acquirer-answers';
import type { AcquirerCall } from '../acquirer/acquirer-call';
import { meaningOf } from '../acquirer/response-codes';
import { outcomeOfAction, outcomeOfActionRefusal } from './action-outcomes';
import { outcomeOfPayment } from './payment-outcomes';
import { paymentOfSearch } from './payment-search';
import { outcomeOfRequest } from './request-outcomes';

const AT = new Date('2026-11-25T10:00:00Z');

function instruction(operation: Instruction['operation'], more: Partial<Instruction> = {}): Instruction {
  return {
    instructionId: `pay_1-${operation}`,
    paymentId: 'pay_1',
    partnerId: 'prt_demo',
    operation,
    amount: { amount: '10200', currency: 'USD' },
    purpose: 'goods',
    bopCode: '121010',
    instrument: { instrumentId: 'ins_1', partnerId: 'prt_demo', secret: {}, scheme: 'visa' },
    networkReference: null,
    attempt: 1,
    ...more,
  };
}

function payment(status: string, more: Partial<AcquirerPayment> = {}): AcquirerPayment {
  return {
    id: 'pay_acquirer',
    status,
    approved: status !== 'Declined',
    amount: '10200',
    currency: 'USD',
    captured: null,
    returned: null,
    responseCode: '10000',
    reference: 'pay_1-hold',
    scheme: 'visa',
    eci: null,
    hasCryptogram: false,
    decidedAt: AT,
    expiresAt: null,
    ...more,
  };
}

const summary = (outcome: Outcome): string =>
  outcome.kind === 'DECLINED' || outcome.kind === 'NOT_SUBMITTED' ? `${outcome.kind} ${outcome.reason}` : outcome.kind;

describe("the acquirer's words in ours", () => {
  it('a payout that was returned was done, and has come back whole', () => {
    const outcome = outcomeOfPayment(payment('Returned'), instruction('credit'));
    expect(outcome).toMatchObject({ kind: 'PROCESSED' });
    expect(outcome.kind === 'PROCESSED' && outcome.returned).toEqual(outcome.kind === 'PROCESSED' && outcome.amount);
  });

  it('the status of a payment means what was asked for', () => {
    const statuses = [
      'Authorized',
      'Captured',
      'Paid',
      'Pending',
      'Voided',
      'Expired',
      'Refunded',
      'Returned',
      'Card Verified',
    ];
    const told = (operation: Instruction['operation']): string[] =>
      statuses.map((status) => summary(outcomeOfPayment(payment(status), instruction(operation))));
    expect(told('hold')).toEqual([
      'PROCESSED',
      'PROCESSED',
      'UNKNOWN',
      'PENDING',
      'DECLINED HOLD_EXPIRED',
      'DECLINED HOLD_EXPIRED',
      'PROCESSED',
      'UNKNOWN',
      'UNKNOWN',
    ]);
    expect(told('collect')).toEqual([
      'PENDING',
      'PROCESSED',
      'UNKNOWN',
      'PENDING',
      'DECLINED ALREADY_FINAL',
      'DECLINED ALREADY_FINAL',
      'PROCESSED',
      'UNKNOWN',
      'UNKNOWN',
    ]);
    expect(told('credit')).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'PROCESSED',
      'PENDING',
      'UNKNOWN',
      'UNKNOWN',
      'UNKNOWN',
      'PROCESSED',
      'UNKNOWN',
    ]);
  });

  it('a decline is certain with a known code only', () => {
    const declined = (responseCode: string | null, operation: Instruction['operation'] = 'hold'): string =>
      summary(outcomeOfPayment(payment('Declined', { responseCode }), instruction(operation)));
    expect(declined('20051')).toBe('DECLINED INSUFFICIENT_FUNDS');
    expect(declined('20046', 'credit')).toBe('DECLINED PAYEE_ACCOUNT_CLOSED');
    expect(declined('20094')).toBe('UNKNOWN');
    expect(declined('29999')).toBe('UNKNOWN');
    expect(declined('toString')).toBe('UNKNOWN');
    expect(declined(null)).toBe('UNKNOWN');
    const contradiction = payment('Declined', { responseCode: '20051', approved: true });
    expect(outcomeOfPayment(contradiction, instruction('hold')).kind).toBe('UNKNOWN');
  });

  it.each(['hold', 'collect', 'credit'] as const)(
    'a %s that is done and not approved is nothing certain',
    (operation) => {
      const status = { hold: 'Authorized', collect: 'Captured', credit: 'Paid' }[operation];
      const told = (more: Partial<AcquirerPayment>): string =>
        summary(outcomeOfPayment(payment(status, more), instruction(operation)));
      expect(told({})).toBe('PROCESSED');
      expect(told({ approved: null, responseCode: null })).toBe('PROCESSED');
      expect(told({ approved: false })).toBe('UNKNOWN');
      expect(told({ responseCode: '20051' })).toBe('UNKNOWN');
    },
  );

  it('a collection is as large as what was taken, which can be less than what was approved', () => {
    const collected = (status: string, captured: string | null): unknown => {
      const outcome = outcomeOfPayment(payment(status, { captured }), instruction('collect'));
      return outcome.kind === 'PROCESSED' ? outcome.amount.amount : outcome.kind;
    };
    expect(collected('Captured', '10200')).toBe('10200');
    expect(collected('Partially Captured', '5100')).toBe('5100');
    expect(collected('Partially Captured', null)).toBe('UNKNOWN');
    expect(collected('Captured', '0')).toBe('UNKNOWN');
    expect(collected('Partially Refunded', '10200')).toBe('10200');
  });

  it('a decline tells the class of its code', () => {
    const classOf = (responseCode: string): unknown => {
      const outcome = outcomeOfPayment(payment('Declined', { responseCode }), instruction('hold'));
      return outcome.kind === 'DECLINED' && outcome.declineClass;
    };
    expect([classOf('20051'), classOf('20014'), classOf('20093')]).toEqual(['soft', 'hard', 'hard']);
  });

  it('a collection tells until when it is reversed, and one that was given back contradicts no refusal', () => {
    const collected = outcomeOfPayment(payment('Captured'), instruction('collect'));
    expect(collected).toMatchObject({ cancelableUntil: '2026-11-26T10:00:00.000Z' });
    expect(collected).not.toHaveProperty('undone');
    expect(outcomeOfPayment(payment('Refunded'), instruction('collect'))).toMatchObject({ undone: true });
    expect(outcomeOfPayment(payment('Authorized'), instruction('hold'))).not.toHaveProperty('cancelableUntil');
  });

  it('codes are soft or hard, and both sides of a card have their reason', () => {
    expect(meaningOf('20051')?.class).toBe('soft');
    expect(meaningOf('30041')).toEqual({ class: 'hard', payer: 'INSTRUMENT_INVALID', payee: 'PAYEE_ACCOUNT_INVALID' });
  });

  it('another amount than asked is told as it is', () => {
    const partial = payment('Authorized', { amount: '5100', responseCode: '10010' });
    expect(outcomeOfPayment(partial, instruction('hold'))).toMatchObject({
      amount: { amount: '5100', currency: 'USD' },
    });
  });

  it('a hold lasts as the scheme or the acquirer says, whichever ends first', () => {
    const until = (expiresAt: string | null): unknown => {
      const held = payment('Authorized', { expiresAt: expiresAt === null ? null : new Date(expiresAt) });
      return (outcomeOfPayment(held, instruction('hold')) as { holdExpiresAt?: string }).holdExpiresAt;
    };
    expect(until(null)).toBe('2026-12-02T10:00:00.000Z');
    expect(until('2026-12-05T10:00:00Z')).toBe('2026-12-02T10:00:00.000Z');
    expect(until('2026-11-30T10:00:00Z')).toBe('2026-11-30T10:00:00.000Z');
  });

  it.each([
    [401, [], 'NOT_SUBMITTED REFUSED_BEFORE_ACCEPTANCE'],
    [422, ['amount_invalid'], 'NOT_SUBMITTED REFUSED_BEFORE_ACCEPTANCE'],
    [422, ['amount_invalid', 'something_new'], 'UNKNOWN'],
    [422, ['token_expired'], 'DECLINED INSTRUMENT_EXPIRED'],
    [422, ['token_used'], 'UNKNOWN'],
    [422, ['idempotency_key_reused'], 'UNKNOWN'],
    [422, [], 'UNKNOWN'],
    [409, [], 'UNKNOWN'],
    [429, [], 'UNKNOWN'],
    [404, [], 'UNKNOWN'],
  ])('a request refused with %d %j is %s', (status, codes, expected) => {
    const call: AcquirerCall<AcquirerPayment> = { kind: 'refused', status, codes };
    expect(summary(outcomeOfRequest(call, instruction('hold')))).toBe(expected);
  });

  it.each(['token_expired', 'token_invalid'])('%s is no proof about an earlier request that may have paid', (code) => {
    const refused: AcquirerCall<AcquirerPayment> = { kind: 'refused', status: 422, codes: [code] };
    const told = (more: Partial<Instruction>): string => outcomeOfRequest(refused, instruction('hold', more)).kind;
    expect(told({ attempt: 1 })).toBe('DECLINED');
    expect(told({ attempt: 2 })).toBe('UNKNOWN');
    expect(told({ attempt: 3, mayBeExecuted: true })).toBe('UNKNOWN');
    expect(told({ attempt: 3, mayBeExecuted: false })).toBe('DECLINED');
  });

  it.each([
    ['refund', 'Refunded', 1, 'DECLINED ALREADY_FINAL'],
    ['refund', 'Refunded', 2, 'UNKNOWN'],
    ['capture', 'Refunded', 1, 'UNKNOWN'],
    ['capture', 'Voided', 2, 'DECLINED ALREADY_FINAL'],
    ['capture', 'Expired', 2, 'DECLINED HOLD_EXPIRED'],
  ] as const)(
    'a %s that is refused and not among the actions of a payment that is %s, at try %d: %s',
    (operation, status, attempt, expected) => {
      const call: AcquirerCall<AcquirerPayment> = { kind: 'answered', answer: payment(status) };
      const refused = outcomeOfActionRefusal(`${operation}_not_allowed`, call, instruction(operation, { attempt }));
      expect(summary(refused)).toBe(expected);
    },
  );

  /** What an enquiry by our reference says of a hold. */
  function outcomeOfSearch(call: AcquirerCall<AcquirerPayment[]>, hold: Instruction): Outcome {
    const found = paymentOfSearch(call, hold);
    return 'kind' in found ? found : outcomeOfPayment(found, hold);
  }

  it('a search takes the payment that stands, and never one of two', () => {
    const search = (...answer: AcquirerPayment[]): string =>
      summary(outcomeOfSearch({ kind: 'answered', answer }, instruction('hold')));
    const declined = payment('Declined', { responseCode: '20005' });
    expect(search()).toBe('NOT_FOUND');
    expect(search(payment('Authorized', { reference: 'pay_1-hold2' }))).toBe('NOT_FOUND');
    expect(search(declined)).toBe('DECLINED DECLINED_BY_ISSUER');
    expect(search(declined, payment('Authorized'))).toBe('PROCESSED');
    expect(search(payment('Authorized'), payment('Authorized'))).toBe('UNKNOWN');
    expect(search(payment('Voided'), payment('Authorized'))).toBe('PROCESSED');
    expect(search(payment('Voided'), declined)).toBe('DECLINED HOLD_EXPIRED');
    expect(summary(outcomeOfSearch({ kind: 'refused', status: 401, codes: [] }, instruction('hold')))).toBe('UNKNOWN');
  });

  it('an action is ours by its reference alone', () => {
    const action = (more: Partial<AcquirerAction>): AcquirerAction => ({
      id: 'act_1',
      type: 'Capture',
      amount: '10200',
      approved: true,
      responseCode: '10000',
      reference: 'pay_1-capture',
      ...more,
    });
    const told = (...actions: AcquirerAction[]): string => {
      const outcome = outcomeOfAction(actions, instruction('capture'), 'pay_acquirer');
      return outcome === null ? 'nothing' : summary(outcome);
    };
    expect(told(action({ reference: 'pay_1-hold' }), action({ reference: null }))).toBe('nothing');
    expect(told(action({}))).toBe('PROCESSED');
    expect(told(action({ approved: false, responseCode: '20005' }))).toBe('DECLINED DECLINED_BY_ISSUER');
    expect(told(action({ approved: false, responseCode: null }))).toBe('UNKNOWN');
    expect(told(action({}), action({ id: 'act_2' }))).toBe('UNKNOWN');
  });
});
