export * from './fixed-clock';
export * from './token-maker';
export * from './verdicts';
