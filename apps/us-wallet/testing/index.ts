export * from './fixed-clock';
export * from './token-maker';
