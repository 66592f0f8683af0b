import { WALLET_ROLES } from '../domain/chart-of-accounts';
import type { NetworkAccounts } from '../domain/payment-book';

/** What a wallet network's description tells the books and the quotes. */
export interface DescribedNetwork {
  readonly id: string;
  readonly currency: string;
  readonly accounts?: Readonly<Partial<Record<'receivable' | 'hold' | 'float', string>>>;
}

/** The wallet networks of this installation. */
export class NetworkDirectory {
  private readonly byId: ReadonlyMap<string, DescribedNetwork>;

  constructor(networks: readonly DescribedNetwork[]) {
    this.byId = new Map(networks.map((network) => [network.id, network]));
  }

  /** Undefined for a network that this installation does not have. */
  currencyOf(id: string): string | undefined {
    return this.byId.get(id)?.currency;
  }

  /** The accounts of a network; a network that named none, or was taken away since, is booked as a plain wallet. */
  accountsOf(id: string): NetworkAccounts {
    return { id, roles: { ...WALLET_ROLES, ...this.byId.get(id)?.accounts } };
  }
}
