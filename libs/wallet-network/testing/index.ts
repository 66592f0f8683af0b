export { describeWalletNetwork } from './describe-wallet-network';
export { MemoryRuntime, wayBack, type Played } from './memory-runtime';
export type { NetworkScenario, NetworkUnderTest, WithoutScenarios } from './network-under-test';
