import { defineContract, instantSchema } from './contract';

/** A public key that signs offers. Published at least 15 minutes before it signs (the first key excepted). */
export interface OfferKeyPublished {
  kid: string;
  /** RFC 8037 OKP key, curve Ed25519: the `x` member, base64url. */
  x: string;
  signs_from: string;
  /** Until the last offer signed with it has expired. */
  valid_until: string;
}

/** Writer: fx-settlement. Identity: `kid`. Readers keep every key; a repeat changes nothing. */
export const offerKeyEvents = defineContract<OfferKeyPublished>({
  topic: 'fx.key.events.v1',
  kind: 'instruction',
  writer: 'fx-settlement',
  partitions: 1,
  schema: {
    type: 'object',
    required: ['kid', 'x', 'signs_from', 'valid_until'],
    properties: {
      kid: { type: 'string', maxLength: 64 },
      x: { type: 'string', maxLength: 64 },
      signs_from: instantSchema,
      valid_until: instantSchema,
    },
  },
  examples: [
    {
      kid: 'offer-1',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      signs_from: '2026-11-25T10:00:00.000Z',
      valid_until: '2026-12-25T10:00:00.000Z',
    },
  ],
  keyOf: (key) => key.kid,
});
