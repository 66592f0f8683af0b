export * from './ber-writer';
export * from './fixed-clock';
export * from './merchant-maker';
export * from './signature-maker';
export * from './token-maker';
export * from './two-readers';
export * from './verdicts';
