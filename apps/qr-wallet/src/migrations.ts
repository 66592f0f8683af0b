import { messagingMigrations } from '@gateway/messaging';
import type { Migration } from '@gateway/persistence';
import { walletMigrations } from '@gateway/wallet-network';

/** The tables of messages and of the wallet runtime; this network has none of its own. */
export const migrations: Migration[] = [...messagingMigrations, ...walletMigrations];
