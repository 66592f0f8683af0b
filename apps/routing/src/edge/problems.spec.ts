import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RESERVATION_REFUSALS } from '@gateway/contracts/fx.reservation.events.v1';
import { REASONS } from '@gateway/contracts/wallet.network.events.v1';
import { FAILURE_DETAILS, failureOf } from './failures';
import { PROBLEM_CODES, problem, type ProblemCode } from './problems';

const page = readFileSync(path.resolve(__dirname, '../../../../docs/partners.md'), 'utf8');
const linesOf = (heading: string): Map<string, string> => {
  const section = page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const lines = section.split('\n').filter((line) => /^\| `[A-Z]/.test(line));
  return new Map(lines.map((line) => [/`([A-Z_]+)`/.exec(line)![1]!, line]));
};

describe('the code table', () => {
  it("is the page's table: every code, its status and its text, and no other", () => {
    const lines = linesOf('Errors');
    expect([...lines.keys()].sort()).toEqual(Object.keys(PROBLEM_CODES).sort());
    for (const [code, { status, detail }] of Object.entries(PROBLEM_CODES)) {
      expect(lines.get(code)).toContain(`| ${status} `);
      expect(lines.get(code)).toContain(detail);
    }
  });

  it('has a sentence that says what to do for every code', () => {
    for (const line of Object.values<ProblemCode>(PROBLEM_CODES)) expect(line.detail).toMatch(/\.$/);
  });

  it('names the field and never repeats what was sent', () => {
    const { details } = problem('FIELD_INVALID', { param: 'payer' });
    expect(details).toMatchObject({ status: 422, code: 'FIELD_INVALID', param: 'payer', retryable: false });
  });
});

describe('the failures of payments', () => {
  it('are the table of the page', () => {
    expect([...linesOf('Statuses').keys()].sort()).toEqual(Object.keys(FAILURE_DETAILS).sort());
  });

  it('have a sentence for every reason that a network or the reservation can give', () => {
    for (const code of [...REASONS, ...RESERVATION_REFUSALS]) expect(FAILURE_DETAILS).toHaveProperty(code);
  });

  it('are told only where the payment ended without completing', () => {
    expect(failureOf('processing', 'HOLD_EXPIRED')).toBeNull();
    expect(failureOf('completed', null)).toBeNull();
    expect(failureOf('declined', 'INSUFFICIENT_FUNDS', 'hard')?.class).toBe('hard');
    expect(failureOf('declined', 'INSUFFICIENT_FUNDS')).toEqual({
      code: 'INSUFFICIENT_FUNDS',
      class: 'soft',
      detail: FAILURE_DETAILS.INSUFFICIENT_FUNDS,
    });
    expect(failureOf('failed', 'A_NEW_CODE')).toEqual({ code: 'A_NEW_CODE', detail: FAILURE_DETAILS.OTHER });
  });
});
