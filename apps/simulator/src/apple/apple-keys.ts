import { createPrivateKey, KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { makeRsaKey } from '../pki/rsa';
import { makeSigningChain, type SigningChain } from './apple-authority';
import { makeMerchant, type Merchant, type ProcessingPair } from './merchant';
import { SimulatorConfig } from '../simulator.config';

/** All keys of the simulated wallet maker; made once and kept, so that a restart changes no trust anchor. */
export interface AppleKeys {
  readonly chain: SigningChain;
  /** A chain that nobody trusts, for refusals. */
  readonly foreignChain: SigningChain;
  /** Our merchant whose keys the acquirer owns: only it can open what is encrypted for them. */
  readonly merchant: Merchant;
  /** Our merchant whose keys the gateway owns. */
  readonly gatewayMerchant: Merchant;
  /** A merchant that is not ours, for refusals. */
  readonly foreignMerchant: Merchant;
}

/** Setting that a reset must keep. */
export const APPLE_KEYS_SETTING = 'apple-keys-and-merchants';

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

  /** The pair that a token names, if it is one of those that the acquirer owns. */
  async pairNamed(
    publicKeyHash: string | undefined,
  ): Promise<{ merchant: Merchant; pair: ProcessingPair } | undefined> {
    const { merchant } = await this.get();
    const pair = [merchant.current, merchant.former, merchant.rsa].find((one) => one.publicKeyHash === publicKeyHash);
    return pair && { merchant, pair };
  }

  private async load(): Promise<AppleKeys> {
    return revived(await this.settings.once(APPLE_KEYS_SETTING, async () => stored(await this.make()))) as AppleKeys;
  }

  private async make(): Promise<AppleKeys> {
    const [leafKey, ours, gateways, foreign] = await Promise.all([
      makeRsaKey(),
      makeRsaKey(),
      makeRsaKey(),
      makeRsaKey(),
    ]);
    return {
      chain: makeSigningChain(1000n, leafKey),
      foreignChain: makeSigningChain(2000n, leafKey),
      merchant: makeMerchant(this.config.appleMerchantId, 3000n, ours),
      gatewayMerchant: makeMerchant(this.config.appleGatewayMerchantId, 3100n, gateways),
      foreignMerchant: makeMerchant('merchant.example.somebody-else', 3200n, foreign),
    };
  }
}

/** JSON of a tree with keys, bytes and large numbers in it; `revived` turns it back. */
function stored(value: unknown): unknown {
  if (value instanceof KeyObject) return { key: value.export({ type: 'pkcs8', format: 'der' }).toString('base64') };
  if (Buffer.isBuffer(value)) return { bytes: value.toString('base64') };
  if (typeof value === 'bigint') return { integer: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, stored(member)]));
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [[name, member] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && typeof member === 'string') {
    if (name === 'key') return createPrivateKey({ key: Buffer.from(member, 'base64'), type: 'pkcs8', format: 'der' });
    if (name === 'bytes') return Buffer.from(member, 'base64');
    if (name === 'integer') return BigInt(member);
  }
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, revived(inner)]));
}
