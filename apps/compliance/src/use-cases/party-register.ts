import type { Tx } from '@gateway/persistence';

/** A payer or payee as a partner tells it. Dates are ISO days; the country is ISO 3166-1 alpha-2. */
export interface PartyIdentity {
  type: 'individual' | 'business';
  name: string;
  country: string;
  date_of_birth?: string;
  address?: Record<string, string>;
}

/** Where identities are kept: sealed per person, found again by a blind index of the name only. */
export abstract class PartyRegister {
  abstract add(partnerId: string, identity: PartyIdentity, tx: Tx): Promise<string>;
  /** Blind indexes of the names of parties that belong to those partners; a party of another partner is not there. */
  abstract nameIndexes(tx: Tx, wanted: readonly { partnerId: string; partyId: string }[]): Promise<Map<string, string>>;
  /** The blind indexes that the names of a list would have. */
  abstract indexesOf(names: readonly string[]): ReadonlySet<string>;
}
