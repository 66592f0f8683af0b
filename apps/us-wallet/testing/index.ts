export * from './fixed-clock';
export * from './merchant-maker';
export * from './token-maker';
export * from './verdicts';
