export * from './description';
export * from './instrument-intake';
export * from './outcome';
export * from './wallet-network';
