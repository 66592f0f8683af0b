import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { ApiKeyRepository } from '../outbound/api-key.repository';
import { hashOfSecret, parseApiKey } from './api-key';

/** Who calls: every row and record of the request carries the partner. */
export interface AuthenticatedPartner {
  partnerId: string;
  keyId: string;
}

/** A revoked key is refused after this at the latest. */
const REMEMBERED_MS = 3_000;
const REMEMBERED_KEYS = 10_000;
const NOBODY = hashOfSecret('no key has this secret');

/**
 * Knows partners by their API keys. A key that proved right is remembered for a few seconds under the hash of the whole
 * key. Everything else (an unknown key, a wrong secret, a text that is no key) takes one and the same path: one look-up,
 * one comparison in constant time, one answer; so the time of an answer tells nothing (reliability.md case 45).
 */
@Injectable()
export class PartnerAuthentication {
  private readonly remembered = new Map<string, { partner: AuthenticatedPartner; until: number }>();

  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** The partner of the key, or null. */
  async partnerOf(apiKey: string): Promise<AuthenticatedPartner | null> {
    const fingerprint = createHash('sha256').update(apiKey).digest('base64');
    const known = this.remembered.get(fingerprint);
    if (known !== undefined && known.until > performance.now()) return known.partner;
    const partner = await this.lookUp(apiKey);
    if (partner === null) this.remembered.delete(fingerprint);
    else this.remember(fingerprint, partner);
    return partner;
  }

  private async lookUp(apiKey: string): Promise<AuthenticatedPartner | null> {
    const presented = parseApiKey(apiKey) ?? { keyId: '', secret: apiKey };
    const stored = await this.keys.findUsable(this.database, presented.keyId);
    const equal = timingSafeEqual(hashOfSecret(presented.secret), stored?.secretHash ?? NOBODY);
    return equal && stored !== null ? { partnerId: stored.partnerId, keyId: stored.keyId } : null;
  }

  private remember(fingerprint: string, partner: AuthenticatedPartner): void {
    if (this.remembered.size >= REMEMBERED_KEYS) this.remembered.clear();
    this.remembered.set(fingerprint, { partner, until: performance.now() + REMEMBERED_MS });
  }
}
