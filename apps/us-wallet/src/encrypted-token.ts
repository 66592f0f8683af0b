import type { Instruction } from '@gateway/wallet-network';
import type { TokenFields } from './apple-pay/payment-token';

const NAME = 'encrypted_token';

/** What an instrument keeps of a token that the gateway decrypts: the token itself, encrypted still. */
export function secretOf(token: TokenFields): Record<string, string> {
  return { [NAME]: JSON.stringify(token) };
}

/** The token of an instrument whose merchant has the gateway decrypt; null where the acquirer holds the card. */
export function encryptedTokenOf({ instrument }: Instruction): TokenFields | null {
  const kept = instrument?.secret[NAME];
  return kept === undefined ? null : (JSON.parse(kept) as TokenFields);
}
