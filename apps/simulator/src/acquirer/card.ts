import type { Scheme } from '../cards/card-numbers';

/** A card as the acquirer's vault keeps it. Numbers are simulated; no real card ever comes here. */
export interface Card {
  readonly scheme: Scheme;
  readonly number: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  /** What the number's marker digits say; `0000` is an ordinary card. */
  readonly markerDigits: string;
  /** One-digit indicator as the wallet gave it. */
  readonly eci?: string;
}

/** A card as far as its number tells it. */
export type NumberedCard = Omit<Card, 'expiryMonth' | 'expiryYear'>;

/** How books and answers name a card without its number. */
export function maskedCard(card: Card): string {
  return `${card.scheme} ${card.number.slice(-4)}`;
}
