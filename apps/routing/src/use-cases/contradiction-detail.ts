import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';

/** What a case keeps of two words of a network that cannot both be true. */
export function bothWordsOf({ earlier, later }: NonNullable<WalletOutcome['contradicted']>): {
  earlier: string;
  later: string;
} {
  return { earlier: JSON.stringify(earlier), later: JSON.stringify(later) };
}
