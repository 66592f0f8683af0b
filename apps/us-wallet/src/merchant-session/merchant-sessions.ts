import { readFileSync } from 'node:fs';
import { Problem } from '@gateway/platform';
import type { MerchantCredentials } from '../merchants/merchant-credentials';
import { ADDRESS_REFUSALS, readSessionAddress, type SessionAddresses } from './session-address';
import { requestSession, type MerchantIdentity, type SessionAnswer } from './session-request';

/** What a partner's page asks for. */
export interface SessionRequest {
  partnerId: string;
  domainName: string;
  validationUrl: string;
}

/** A session for the page: `session` goes to `completeMerchantValidation` unchanged. */
export interface MerchantSession {
  session: Record<string, unknown>;
  expires_at: string;
}

/** A merchant that takes payments on the web, by one of its domains. */
interface WebMerchant {
  identifier: string;
  displayName: string;
  partners: readonly string[] | undefined;
  identity: MerchantIdentity;
}

/** Apple gives sessions for longer, and expects them to be used within five minutes. */
const LIFE_MS = 5 * 60_000;
const LONGEST_NAME = 64;

/** Merchant sessions for Apple Pay on the web, for the domains that a merchant has registered with Apple. */
export class MerchantSessions {
  private readonly byDomain: ReadonlyMap<string, WebMerchant>;

  /** @throws Error where a merchant has domains but no identity certificate. */
  constructor(
    merchants: readonly MerchantCredentials[],
    private readonly addresses: SessionAddresses,
    private readonly certificateAuthority?: string,
  ) {
    this.byDomain = new Map(merchants.flatMap(domainsOf));
  }

  /** @throws Problem */
  async open({ partnerId, domainName, validationUrl }: SessionRequest, nowMs: number): Promise<MerchantSession> {
    const merchant = this.byDomain.get(domainName);
    if (merchant === undefined || !(merchant.partners?.includes(partnerId) ?? true)) throw UNKNOWN_DOMAIN;
    const address = readSessionAddress(validationUrl, this.addresses);
    if (typeof address === 'string') throw urlRefused(ADDRESS_REFUSALS[address]);
    const { identifier: merchantIdentifier, displayName, identity } = merchant;
    const question = { merchantIdentifier, displayName, initiative: 'web', initiativeContext: domainName } as const;
    return sessionOf(await requestSession(address, identity, question, this.certificateAuthority), nowMs);
  }
}

function sessionOf(answer: SessionAnswer, nowMs: number): MerchantSession {
  if (answer.kind === 'unavailable') throw UNAVAILABLE;
  if (answer.kind === 'refused') throw REFUSED;
  const { session } = answer;
  const { expiresAt } = session;
  const theirs = typeof expiresAt === 'number' ? expiresAt : Infinity;
  return { session, expires_at: new Date(Math.min(theirs, nowMs + LIFE_MS)).toISOString() };
}

function domainsOf(merchant: MerchantCredentials): [string, WebMerchant][] {
  const { identifier, domains = [], display_name: name = identifier, partners } = merchant;
  if (domains.length === 0) return [];
  const displayName = name.slice(0, LONGEST_NAME);
  const web = { identifier, displayName, partners, identity: identityOf(merchant) };
  return domains.map((domain) => [domain.toLowerCase(), web]);
}

function identityOf({ identifier, identity = {} }: MerchantCredentials): MerchantIdentity {
  const certificate = textOf(identity.certificate, identity.certificate_file);
  const privateKey = textOf(identity.private_key, identity.private_key_file);
  if (certificate === undefined || privateKey === undefined)
    throw new Error(`${identifier} has domains, but no merchant identity certificate with its private key`);
  return { certificate, privateKey };
}

function textOf(text: string | undefined, file: string | undefined): string | undefined {
  return text ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
}

const UNKNOWN_DOMAIN = new Problem({
  status: 422,
  code: 'DOMAIN_NOT_REGISTERED',
  title: 'Domain not registered',
  detail: 'The domain is not registered for Apple Pay under a merchant that you act for. Have it registered first.',
  param: 'domain_name',
});

function urlRefused(why: string): Problem {
  return new Problem({
    status: 422,
    code: 'VALIDATION_URL_REFUSED',
    title: 'Validation URL refused',
    detail: `The URL is not followed: ${why}. Send the validationURL of the event onvalidatemerchant unchanged.`,
    param: 'validation_url',
  });
}

const REFUSED = new Problem({
  status: 422,
  code: 'MERCHANT_SESSION_REFUSED',
  title: 'Refused by Apple',
  detail: 'Apple gives no session for this domain: check that it is verified for the merchant.',
  param: 'domain_name',
});

const UNAVAILABLE = new Problem({
  status: 503,
  code: 'APPLE_UNAVAILABLE',
  title: 'Temporarily unavailable',
  detail: 'Apple did not give a session. Ask again.',
  retryable: true,
});
