import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { basicExtensions, makeCertificate, toPem, type Name } from '../pki/certificate';
import { makeRsaKey, privateKeyFromPem, privateKeyToPem } from '../pki/rsa';
import { certificateNumber, rootBundleNumber } from './certificate-number';

/** The test application at the open platform and the client of the cross-border API, with the network's own keys. */
export interface AlipayKeys {
  readonly appId: string;
  readonly appKey: KeyObject;
  readonly appCertificate: string;
  readonly appCertificateNumber: string;
  readonly alipayKey: KeyObject;
  readonly alipayCertificate: string;
  readonly alipayCertificateNumber: string;
  readonly rootCertificate: string;
  readonly rootNumber: string;
  readonly amsClientId: string;
  readonly amsClientKey: KeyObject;
  readonly amsServerKey: KeyObject;
}

interface Stored {
  readonly appKey: string;
  readonly alipayKey: string;
  readonly amsClientKey: string;
  readonly amsServerKey: string;
  readonly appCertificate: string;
  readonly alipayCertificate: string;
  readonly rootCertificate: string;
}

/** Setting that a reset must keep. */
export const ALIPAY_KEYS_SETTING = 'alipay-keys';
const APP_ID = '2021000000007090';
const AMS_CLIENT_ID = 'SIMULATED_5Y00000000007090';
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_TO = new Date('2045-01-01T00:00:00Z');
const ROOT: Name = [
  ['C', 'CN'],
  ['O', 'Simulated Financial'],
  ['OU', 'Certification Authority'],
  ['CN', 'Simulated Financial Certification Authority R1'],
];

/** Keys and certificates of the simulated Alipay; made once and kept, so that adapters may cache them. */
@Injectable()
export class AlipayKeyStore {
  private keys: Promise<AlipayKeys> | undefined;

  constructor(private readonly settings: SettingsStore) {}

  get(): Promise<AlipayKeys> {
    this.keys ??= this.load();
    return this.keys;
  }

  private async load(): Promise<AlipayKeys> {
    const stored = await this.settings.once<Stored>(ALIPAY_KEYS_SETTING, makeKeys);
    return {
      appId: APP_ID,
      appKey: privateKeyFromPem(stored.appKey),
      appCertificate: stored.appCertificate,
      appCertificateNumber: certificateNumber(stored.appCertificate),
      alipayKey: privateKeyFromPem(stored.alipayKey),
      alipayCertificate: stored.alipayCertificate,
      alipayCertificateNumber: certificateNumber(stored.alipayCertificate),
      rootCertificate: stored.rootCertificate,
      rootNumber: rootBundleNumber(stored.rootCertificate),
      amsClientId: AMS_CLIENT_ID,
      amsClientKey: privateKeyFromPem(stored.amsClientKey),
      amsServerKey: privateKeyFromPem(stored.amsServerKey),
    };
  }
}

async function makeKeys(): Promise<Stored> {
  const [root, app, alipay, amsClient, amsServer] = await Promise.all([
    makeRsaKey(),
    makeRsaKey(),
    makeRsaKey(),
    makeRsaKey(),
    makeRsaKey(),
  ]);
  const issue = (subject: Name, serial: bigint, key: KeyObject, role: 'authority' | 'end-entity'): string =>
    toPem(
      makeCertificate(
        {
          subject,
          issuer: ROOT,
          serial,
          notBefore: VALID_FROM,
          notAfter: VALID_TO,
          publicKey: createPublicKey(key),
          extensions: basicExtensions(role),
        },
        root,
        'rsa-sha256',
      ),
    );
  const named = (name: string): Name => [
    ['C', 'CN'],
    ['O', 'Cross-border Gateway'],
    ['CN', name],
  ];
  return {
    appKey: privateKeyToPem(app, 'pkcs8'),
    alipayKey: privateKeyToPem(alipay, 'pkcs8'),
    amsClientKey: privateKeyToPem(amsClient, 'pkcs8'),
    amsServerKey: privateKeyToPem(amsServer, 'pkcs8'),
    rootCertificate: issue(ROOT, 7090_0001n, root, 'authority'),
    appCertificate: issue(named(APP_ID), 7090_0002n, app, 'end-entity'),
    alipayCertificate: issue(named('Simulated Alipay public key'), 7090_0003n, alipay, 'end-entity'),
  };
}
