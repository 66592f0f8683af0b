import {
  OUTCOMES,
  type OutcomeKind,
  type Reason,
  type WalletOutcome,
} from '@gateway/contracts/wallet.network.events.v1';
import { WALLET_OPERATIONS, type WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import { SCREENING_OUTCOMES } from '@gateway/contracts/compliance.screening.events.v1';
import { FACTS } from '../domain/payment-fact';
import {
  conflictOfWallet,
  factOfReservation,
  factOfScreening,
  factOfWallet,
  partTakenBack,
} from './facts-from-outcomes';

const base = { payment_id: 'pay_1', partner_id: 'prt_1', version: 1, at: '2026-11-25T10:00:00.000Z' };

function wallet(operation: WalletOperation, outcome: OutcomeKind, more: Partial<WalletOutcome> = {}): WalletOutcome {
  return {
    ...base,
    instruction_id: `pay_1-${operation}`,
    network: 'n',
    operation,
    outcome,
    evidence: 'answer',
    ...more,
  };
}

describe('facts from outcomes', () => {
  it('makes a known fact of every outcome of every operation, those of refunds and disputes excepted', () => {
    const ofObjects: WalletOperation[] = ['refund', 'represent', 'accept'];
    for (const operation of WALLET_OPERATIONS) {
      for (const outcome of OUTCOMES) {
        const fact = factOfWallet(wallet(operation, outcome));
        if (ofObjects.includes(operation)) expect(fact).toBeNull();
        else expect(FACTS).toContain(fact?.name);
      }
    }
    for (const outcome of SCREENING_OUTCOMES) {
      expect(FACTS).toContain(factOfScreening({ ...base, instruction_id: 'i', outcome }).name);
    }
  });

  it.each<[WalletOperation, OutcomeKind, Reason, string]>([
    ['hold', 'NOT_SUBMITTED', 'NOT_AFTER_PASSED', 'source_lapsed'],
    ['collect', 'DECLINED', 'PAYER_DID_NOT_CONFIRM', 'source_lapsed'],
    ['collect', 'DECLINED', 'INSUFFICIENT_FUNDS', 'source_declined'],
    ['hold', 'DECLINED', 'NO_ANSWER_IN_TIME', 'source_declined'],
    ['credit', 'NOT_SUBMITTED', 'NOT_AFTER_PASSED', 'credit_lapsed'],
    ['credit', 'NOT_SUBMITTED', 'REFUSED_BEFORE_ACCEPTANCE', 'credit_not_submitted'],
    ['release', 'DECLINED', 'HOLD_EXPIRED', 'release_lapsed'],
    ['release', 'PROCESSED', 'RELEASED_BEFORE_START', 'release_not_needed'],
  ])('reads a %s that is %s for %s as %s', (operation, outcome, reason, name) => {
    expect(factOfWallet(wallet(operation, outcome, { reason }))?.name).toBe(name);
  });

  it('reads another amount than asked as a conflict before anything else', () => {
    expect(factOfWallet(wallet('hold', 'PROCESSED', { amount_conflict: true }))).toMatchObject({
      name: 'source_amount_conflict',
      reason: 'PARTIAL_APPROVAL',
    });
  });

  it('reads what was reversed without an answer as taken back where the network proved that there was something', () => {
    const amount = { amount: '10200', currency: 'USD' };
    const proven = wallet('hold', 'DECLINED', { reason: 'NO_ANSWER_IN_TIME', amount });
    expect(factOfWallet(proven)?.name).toBe('source_taken_back');
  });

  it('reads what the network took back by itself as taken back, all of it or a part', () => {
    const amount = { amount: '10200', currency: 'USD' };
    const whole = wallet('collect', 'PROCESSED', { amount, returned: amount });
    expect(factOfWallet(whole)).toMatchObject({ name: 'source_taken_back', reason: 'TAKEN_BACK' });
    expect(partTakenBack(whole)).toBeNull();
    const part = wallet('collect', 'PROCESSED', { amount, returned: { ...amount, amount: '4000' } });
    expect(factOfWallet(part)?.name).toBe('source_processed');
    expect(partTakenBack(part)?.amount?.toDigits()).toBe('4000');
    expect(factOfWallet(wallet('hold', 'DECLINED', { amount, reason: 'TAKEN_BACK' }))?.name).toBe('source_taken_back');
    const credit = wallet('credit', 'PROCESSED', { amount, returned: amount });
    expect([factOfWallet(credit)?.name, partTakenBack(credit)]).toEqual(['credit_processed', null]);
  });

  it('reads a yes after a certain no as late, where the money comes from', () => {
    expect(factOfWallet(wallet('collect', 'PROCESSED', { late: true }))?.name).toBe('source_late');
    expect(factOfWallet(wallet('credit', 'PROCESSED', { late: true }))?.name).toBe('credit_processed');
  });

  it('reads a contradicted outcome as it stands, and the two words beside it', () => {
    const contradicted = { earlier: null, later: { status: 'FAIL' } };
    const outcome = wallet('credit', 'PROCESSED', { contradicted });
    expect(factOfWallet(outcome)?.name).toBe('credit_processed');
    expect(conflictOfWallet(outcome)).toMatchObject({
      name: 'outcome_contradicted',
      instructionId: 'pay_1-credit',
      detail: { earlier: 'null', later: '{"status":"FAIL"}' },
    });
    expect(conflictOfWallet(wallet('credit', 'PROCESSED'))).toBeNull();
  });

  it('reads an unknown whose plan has ended as waiting for a person', () => {
    expect(factOfWallet(wallet('credit', 'UNKNOWN', { needs_person: true }))?.name).toBe('credit_needs_person');
  });

  it('tells the partner a rule that refused, and never why there was a match', () => {
    const screened = { ...base, instruction_id: 'i', rule: 'LIMIT_EXCEEDED' };
    expect(factOfScreening({ ...screened, outcome: 'REJECTED' }).reason).toBe('LIMIT_EXCEEDED');
    expect(factOfScreening({ ...screened, outcome: 'HIT' }).reason).toBeUndefined();
  });

  it('keeps the versions of a reservation and of its release apart', () => {
    expect(factOfReservation({ ...base, instruction_id: 'i', outcome: 'GRANTED' }).part).toBe('reserve');
    expect(factOfReservation({ ...base, instruction_id: 'i', outcome: 'RELEASED' }).part).toBe('unreserve');
  });
});
