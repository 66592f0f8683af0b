export * from './description';
export * from './instrument-intake';
export { walletMigrations } from './outbound/migrations';
export * from './outcome';
export * from './wallet-network';
export type { WalletNetworkOptions } from './wallet-network-options';
export { WalletNetworkModule } from './wallet-network.module';
export { WalletRuntimeConfig } from './wallet-runtime.config';
export * from './in-process';
