import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderStates } from './render-states';

const PAGE = join(__dirname, '../../../../docs/payment-states.md');

describe('the page of states', () => {
  it('is what the table says now', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, renderStates());
    expect(readFileSync(PAGE, 'utf8')).toBe(renderStates());
  });
});
