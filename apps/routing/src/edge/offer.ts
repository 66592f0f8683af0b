import { amountSchema, idSchema, type AmountOnWire } from '@gateway/contracts/contract';
import { REFUND_RULES, type RefundRule } from '@gateway/contracts/payments.payment.events.v1';
import { PURPOSES, type Purpose } from '@gateway/contracts/wallet.network.commands.v1';
import { Injectable } from '@nestjs/common';
import Ajv from 'ajv';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { problem } from './problems';
import { OfferKeys, type OfferKey } from './offer-keys';

/** What fx-settlement signed: the whole price of one payment, for one partner, until `exp`. */
export interface OfferClaims {
  iss: 'fx-settlement';
  quote_id: string;
  partner_id: string;
  source_network: string;
  target_network: string;
  purpose: Purpose;
  /** Principal without fee. */
  source_amount: AmountOnWire;
  /** In the source currency. */
  fee: AmountOnWire;
  /** Principal and fee: what the payer pays. */
  total_source_amount: AmountOnWire;
  target_amount: AmountOnWire;
  mid: string;
  customer_rate: string;
  /** Who bears a move of the rate when the payment is refunded. */
  refund_rule: RefundRule;
  /** Seconds since the epoch, printed 2 s short by fx-settlement; judged here with zero tolerance. */
  exp: number;
  iat: number;
}

/** A verified offer, and until when its key is good. */
export interface VerifiedOffer {
  claims: OfferClaims;
  key: OfferKey;
}

const rateSchema = { type: 'string', pattern: '^[0-9]{1,9}\\.[0-9]{1,8}$' } as const;
const fieldSchemas = {
  iss: { const: 'fx-settlement' },
  quote_id: idSchema,
  partner_id: idSchema,
  source_network: idSchema,
  target_network: idSchema,
  purpose: { enum: PURPOSES },
  source_amount: amountSchema,
  fee: amountSchema,
  total_source_amount: amountSchema,
  target_amount: amountSchema,
  mid: rateSchema,
  customer_rate: rateSchema,
  refund_rule: { enum: REFUND_RULES },
  exp: { type: 'integer' },
  iat: { type: 'integer' },
} as const;
const fits = new Ajv({ strict: true }).compile<OfferClaims>({
  type: 'object',
  required: Object.keys(fieldSchemas),
  properties: fieldSchemas,
});

/**
 * Verifies offers on its own: the signature (EdDSA and nothing else) against the published keys, then the claims, then
 * that the offer was made for this partner. Expiry is judged later, in the transaction, by `clock_now()`.
 */
@Injectable()
export class OfferVerifier {
  constructor(private readonly keys: OfferKeys) {}

  /** @throws Problem `OFFER_INVALID`, the same for a forged offer and for another partner's; 503 where keys are not to be had */
  async verify(offer: string, partnerId: string): Promise<VerifiedOffer> {
    const key = await this.keys.find(kidOf(offer));
    const claims = key === null ? null : await claimsOf(offer, key);
    if (key === null || claims?.partner_id !== partnerId) throw problem('OFFER_INVALID', { param: 'offer' });
    return { claims, key };
  }
}

function kidOf(offer: string): string | undefined {
  try {
    return decodeProtectedHeader(offer).kid;
  } catch {
    return undefined;
  }
}

async function claimsOf(offer: string, { publicKey }: OfferKey): Promise<OfferClaims | null> {
  const payload = await compactVerify(offer, publicKey, { algorithms: ['EdDSA'] }).then(
    (verified) => verified.payload,
    () => null,
  );
  return payload === null ? null : parseClaims(payload);
}

function parseClaims(payload: Uint8Array): OfferClaims | null {
  const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  return fits(claims) ? claims : null;
}
