import { REASONS } from '@gateway/contracts/wallet.network.events.v1';
import { meaningOf } from './response-codes';

/** ISO 8583 response codes that issuers answer with (DE 39), as the acquirer numbers them: 20000 and the code. */
const OF_ISSUERS: readonly (readonly [iso: string, code: string, declineClass: 'soft' | 'hard'])[] = [
  ['05', '20005', 'soft'],
  ['14', '20014', 'hard'],
  ['51', '20051', 'soft'],
  ['54', '20054', 'hard'],
  ['57', '20057', 'soft'],
  ['61', '20061', 'soft'],
  ['91', '20091', 'soft'],
  ['96', '20096', 'soft'],
];
/** A lost or stolen card, a closed account, a withdrawn one: the card is never good again. */
const NEVER_AGAIN = ['20046', '20179', '30004', '30007', '30041', '30043', '30044', '30045'];
/** Every code from which a decline is numbered. */
const NUMBERS = [...range(20_000, 20_200), ...range(30_000, 30_100), ...range(40_000, 40_200)].map(String);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('the response codes of declined payments', () => {
  it.each(OF_ISSUERS)('%s (%s) is %s', (_iso, code, declineClass) => {
    expect(meaningOf(code)?.class).toBe(declineClass);
  });

  it.each(NEVER_AGAIN)('%s is hard', (code) => {
    expect(meaningOf(code)?.class).toBe('hard');
  });

  it('each that is known has a class and one of our reasons for either side of a card; any other proves nothing', () => {
    const known = NUMBERS.flatMap((code) => meaningOf(code) ?? []);
    expect(known.length).toBeGreaterThan(50);
    for (const { class: declineClass, payer, payee } of known) {
      expect(['soft', 'hard']).toContain(declineClass);
      expect(REASONS).toEqual(expect.arrayContaining([payer, payee]));
    }
    for (const code of ['10000', '20000', '20094', '29999', '99999', '', 'constructor', null])
      expect(meaningOf(code)).toBeNull();
  });
});
