import type { Purpose } from '@gateway/contracts/wallet.network.commands.v1';
import { Env, readConfig } from '@gateway/platform';
import { IsBase64, IsIn, IsJSON, IsOptional, IsString, MinLength } from 'class-validator';
import { AreAddresses, EachHasAddresses } from './service-addresses';

/** One wallet network as the launcher describes it to every service (from each wallet's service.json). */
export interface NetworkEntry {
  id: string;
  service: string;
  /** The addresses of the service's instances, with commas between. */
  url: string;
  country: string;
  currency: string;
  /**
   * What the network as a whole can do, by purpose; one instrument may be able to do less. A network that says nothing is
   * judged by its instruments alone.
   */
  capabilities?: {
    funding: Partial<Record<Purpose, 'hold' | 'collect'>>;
    credit: Partial<Record<Purpose, boolean>>;
  };
}

/** What the edge of routing reads from its environment: neighbours, secrets, and who its operators are. */
export class EdgeConfig {
  @Env('INTERNAL_TOKEN')
  @IsString()
  @MinLength(8)
  internalToken: string;

  /** The addresses of fx-settlement's instances, with commas between. */
  @Env('FX_URL', 'http://127.0.0.1:7083')
  @AreAddresses()
  fxUrl: string;

  /** The same of compliance. */
  @Env('COMPLIANCE_URL', 'http://127.0.0.1:7084')
  @AreAddresses()
  complianceUrl: string;

  /** JSON array of `NetworkEntry`. */
  @Env('WALLET_NETWORKS')
  @IsJSON()
  @EachHasAddresses()
  walletNetworks: string;

  /** 32 bytes, base64: seals webhook secrets and stored answers, and keys the fingerprints of bodies. */
  @Env('SEAL_KEY')
  @IsBase64()
  sealKey: string;

  @Env('ENQUIRY_PROFILE', 'normal')
  @IsIn(['normal', 'short'])
  enquiryProfile: 'normal' | 'short';

  /** JSON array of the addresses of all instances of all other services, and of simulators, whose clocks a sandbox moves together. */
  @Env('SANDBOX_SERVICES', '[]')
  @IsJSON()
  sandboxServices: string;

  /** `1` only in local runtimes: webhook URLs may name this machine and use plain http. */
  @Env('ALLOW_LOOPBACK_WEBHOOKS', '0')
  @IsIn(['0', '1'])
  allowLoopbackWebhooks: string;

  /** Issuer that operators' tokens must name. Without an issuer the operator API answers 401 to everyone. */
  @Env('OPERATOR_ISSUER')
  @IsOptional()
  @IsString()
  operatorIssuer?: string;

  @Env('OPERATOR_AUDIENCE', 'gateway-operators')
  @IsString()
  operatorAudience: string;

  /** Where the issuer's public keys are: a file's path or an https URL of a JWKS document. */
  @Env('OPERATOR_JWKS')
  @IsOptional()
  @IsString()
  operatorJwks?: string;

  get sandboxUrls(): string[] {
    return JSON.parse(this.sandboxServices) as string[];
  }

  get networks(): NetworkEntry[] {
    return JSON.parse(this.walletNetworks) as NetworkEntry[];
  }
}

/** Reads and checks it; called once, by the edge's module. */
export function readEdgeConfig(): EdgeConfig {
  return readConfig(EdgeConfig);
}
