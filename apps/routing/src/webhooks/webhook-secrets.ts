import { IdSource, RandomSource, Sealer } from '@gateway/platform';
import { Injectable } from '@nestjs/common';

/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Draws, seals and opens the secrets that sign webhooks. */
@Injectable()
export class WebhookSecrets {
  constructor(
    private readonly ids: IdSource,
    private readonly random: RandomSource,
    private readonly sealer: Sealer,
  ) {}

  draw(): { endpointId: string; secret: string; sealed: Buffer } {
    const endpointId = this.ids.next('whe');
    const secret = `whsec_${this.random.bytes(SECRET_BYTES).toString('base64')}`;
    return { endpointId, secret, sealed: this.sealer.seal(secret, endpointId) };
  }

  open(endpointId: string, sealed: Buffer): string {
    return this.sealer.open(sealed, endpointId);
  }
}
