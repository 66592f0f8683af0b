import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { basicExtensions, makeCertificate, toPem, type Extension, type Name } from '../pki/certificate';
import * as der from '../pki/der';
import { privateKeyToPem } from '../pki/rsa';
import { SimulatorConfig } from '../simulator.config';

/** A certificate with its key, both PEM. */
export interface PemPair {
  readonly certificate: string;
  readonly private_key: string;
}

/** What mutual TLS at the session endpoint needs: who is trusted on both sides, and the two sides. */
export interface SessionKeys {
  readonly authority: string;
  readonly server: PemPair;
  /** Merchant identity certificates by merchant identifier. */
  readonly identities: Readonly<Record<string, PemPair>>;
}

/** Setting that a reset must keep. */
export const SESSION_KEYS_SETTING = 'apple-session-keys';

const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_TO = new Date('2045-01-01T00:00:00Z');
const AUTHORITY: Name = [
  ['CN', 'Simulated Merchant Identity CA'],
  ['O', 'Simulated Wallet Maker'],
  ['C', 'US'],
];

/** The certificates of the simulated wallet maker's session endpoint and of the merchants that may ask there. */
@Injectable()
export class SessionKeyStore {
  private keys: Promise<SessionKeys> | undefined;

  constructor(
    private readonly settings: SettingsStore,
    private readonly config: SimulatorConfig,
  ) {}

  get(): Promise<SessionKeys> {
    this.keys ??= this.settings.once(SESSION_KEYS_SETTING, () => this.make());
    return this.keys;
  }

  private make(): SessionKeys {
    const authorityKey = ecKey();
    const issue = (serial: bigint, subject: Name, key: KeyObject, more: Extension[]): PemPair => ({
      certificate: certify(serial, subject, key, authorityKey, [...basicExtensions('end-entity'), ...more]),
      private_key: privateKeyToPem(key, 'pkcs8'),
    });
    const host = this.config.sessionHost;
    const identity = (identifier: string, serial: bigint): PemPair =>
      issue(
        serial,
        [
          ['UID', identifier],
          ['CN', `Apple Pay Merchant Identity:${identifier}`],
        ],
        ecKey(),
        [],
      );
    const { appleMerchantId, appleGatewayMerchantId } = this.config;
    return {
      authority: certify(1n, AUTHORITY, authorityKey, authorityKey, basicExtensions('authority')),
      server: issue(2n, [['CN', host]], ecKey(), [alternativeName(host)]),
      identities: {
        [appleMerchantId]: identity(appleMerchantId, 3n),
        [appleGatewayMerchantId]: identity(appleGatewayMerchantId, 4n),
      },
    };
  }
}

function certify(serial: bigint, subject: Name, key: KeyObject, issuer: KeyObject, extensions: Extension[]): string {
  const content = {
    subject,
    issuer: AUTHORITY,
    serial,
    notBefore: VALID_FROM,
    notAfter: VALID_TO,
    publicKey: createPublicKey(key),
    extensions,
  };
  return toPem(makeCertificate(content, issuer, 'ecdsa-sha256'));
}

/** Subject alternative name with one DNS name: `[2]`, primitive. */
function alternativeName(host: string): Extension {
  return { oid: '2.5.29.17', value: der.sequence(der.element(0x82, Buffer.from(host, 'ascii'))) };
}

function ecKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
