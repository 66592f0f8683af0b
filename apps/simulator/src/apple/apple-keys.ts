import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { makeMerchant, makeSigningChain, type Merchant, type SigningChain } from './apple-authority';
import { SimulatorConfig } from '../simulator.config';

/** All keys of the simulated wallet maker; made once and kept, so that a restart changes no trust anchor. */
export interface AppleKeys {
  readonly chain: SigningChain;
  /** A chain that nobody trusts, for refusals. */
  readonly foreignChain: SigningChain;
  readonly merchant: Merchant;
  /** A merchant that is not ours, for refusals. */
  readonly foreignMerchant: Merchant;
}

type Stored<T> = { [K in keyof T]: T[K] extends KeyObject | Buffer | bigint ? string : T[K] };

const NAME = 'apple-keys';

@Injectable()
export class AppleKeyStore {
  private keys: Promise<AppleKeys> | undefined;

  constructor(
    private readonly settings: SettingsStore,
    private readonly config: SimulatorConfig,
  ) {}

  get(): Promise<AppleKeys> {
    this.keys ??= this.load();
    return this.keys;
  }

  private async load(): Promise<AppleKeys> {
    const stored = await this.settings.once(NAME, () => ({
      chain: storeChain(makeSigningChain(1000n)),
      foreignChain: storeChain(makeSigningChain(2000n)),
      merchant: storeMerchant(makeMerchant(this.config.appleMerchantId, 3000n)),
      foreignMerchant: storeMerchant(makeMerchant('merchant.example.somebody-else', 3001n)),
    }));
    return {
      chain: loadChain(stored.chain),
      foreignChain: loadChain(stored.foreignChain),
      merchant: loadMerchant(stored.merchant),
      foreignMerchant: loadMerchant(stored.foreignMerchant),
    };
  }
}

/** Setting that a reset must keep. */
export const APPLE_KEYS_SETTING = NAME;

function keyToText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
}

function keyFromText(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' });
}

function storeChain(chain: SigningChain): Stored<SigningChain> {
  const text = (der: Buffer): string => der.toString('base64');
  return {
    root: text(chain.root),
    intermediate: text(chain.intermediate),
    leaf: text(chain.leaf),
    unmarkedLeaf: text(chain.unmarkedLeaf),
    unmarkedIntermediate: text(chain.unmarkedIntermediate),
    leafKey: keyToText(chain.leafKey),
    leafSerial: chain.leafSerial.toString(),
  };
}

function loadChain(stored: Stored<SigningChain>): SigningChain {
  const der = (text: string): Buffer => Buffer.from(text, 'base64');
  return {
    root: der(stored.root),
    intermediate: der(stored.intermediate),
    leaf: der(stored.leaf),
    unmarkedLeaf: der(stored.unmarkedLeaf),
    unmarkedIntermediate: der(stored.unmarkedIntermediate),
    leafKey: keyFromText(stored.leafKey),
    leafSerial: BigInt(stored.leafSerial),
  };
}

function storeMerchant(merchant: Merchant): Stored<Merchant> {
  return { ...merchant, certificate: merchant.certificate.toString('base64'), key: keyToText(merchant.key) };
}

function loadMerchant(stored: Stored<Merchant>): Merchant {
  return { ...stored, certificate: Buffer.from(stored.certificate, 'base64'), key: keyFromText(stored.key) };
}
