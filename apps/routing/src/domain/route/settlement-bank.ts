/** Where the money of one currency is settled, and what its licence lets the bank do, as dated data. */
export interface SettlementBank {
  id: string;
  currency: string;
  licence: 'national_bank' | 'state_owned_commercial_bank' | 'joint_stock_bank' | 'city_commercial_bank';
  /** Currencies on the other side of the corridors that it is licensed for, each from a day on (`YYYY-MM-DD`). */
  corridors: readonly { with: string; from: string; to?: string }[];
}

/** The banks of this installation in the order of preference; another one is a row, not code. */
export const SETTLEMENT_BANKS: readonly SettlementBank[] = [
  {
    id: 'us_settlement_bank',
    currency: 'USD',
    licence: 'national_bank',
    corridors: [{ with: 'CNY', from: '2015-10-08' }],
  },
  { id: 'cn_city_bank', currency: 'CNY', licence: 'city_commercial_bank', corridors: [] },
  {
    id: 'cn_settlement_bank',
    currency: 'CNY',
    licence: 'state_owned_commercial_bank',
    corridors: [{ with: 'USD', from: '2014-11-01' }],
  },
];

/** Whether the bank may settle its currency against another one on that day. */
export function hasCorridor({ corridors }: SettlementBank, otherCurrency: string, day: string): boolean {
  return corridors.some(
    ({ with: other, from, to }) => other === otherCurrency && from <= day && (to === undefined || day < to),
  );
}
