import type { Purpose } from '@gateway/contracts/wallet.network.commands.v1';

/** An instrument as a partner has sent it, for the network to verify. */
export interface IntakeRequest {
  partner_id: string;
  /** `pay`: money can be taken from it. `be_paid`: money can be sent to it. */
  use: 'pay' | 'be_paid';
  /** The network's own fields (`token`, `payment_code`, `account`), checked by the network. */
  data: Record<string, unknown>;
}

/** What `POST /internal/v1/instruments` of a wallet service gets from routing's edge, unlogged and unstored there. */
export interface KeyedIntakeRequest extends IntakeRequest {
  /** Names the partner's request: its repeat, after an answer was lost, finds the instrument that the first one made. */
  request_key: string;
}

/** What the instrument can do; routing stores it and asks nothing else of the network. */
export interface InstrumentCapabilities {
  use: 'pay' | 'be_paid';
  network: string;
  currency: string;
  /** Present on instruments to pay with. */
  funding?: Partial<Record<Purpose, 'hold' | 'collect'>>;
  /** Present on instruments to be paid on: which purposes can be credited. */
  credit?: Partial<Record<Purpose, boolean>>;
  /** Made from a one-time token: routing uses it once by a unique index. */
  single_use: boolean;
  scheme: string;
  minimum_minor: string;
  maximum_minor: string;
  hold_margin_ms: number;
  /** The network's longest wait on the payer, for timers that only ask. */
  pending_ms: number;
}

/** What the edge gets for an instrument. The raw value stays here. */
export interface TakenInstrument {
  instrument_id: string;
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at?: string;
}

/** What the intake makes of the raw value. */
export interface IntakeResult {
  capabilities: InstrumentCapabilities;
  /** What the partner may show: `Visa •••• 1234`, `a***@example.com`. */
  label: string;
  /** Kept sealed in the wallet's own database. */
  secret: Record<string, string>;
  /** A second intake of the same one-time value is refused by this key (the token's transaction id, lower case). */
  uniqueKey?: string;
  expires_at?: string;
}

/** Why an instrument was refused: becomes a problem document with `code` and `param`. */
export class IntakeRefused extends Error {
  constructor(
    /** e.g. `INVALID_TOKEN`, `DUPLICATE_TOKEN`, `NO_COMMON_CAPABILITY`. */
    readonly code: string,
    readonly param: string,
    readonly detail: string,
    readonly status: 400 | 402 | 409 | 422 | 503 = 422,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Verifies and exchanges the raw value of an instrument. Implemented by each wallet network beside its adapter. */
export abstract class InstrumentIntake {
  /** @throws IntakeRefused for anything that cannot be accepted. */
  abstract take(request: IntakeRequest): Promise<IntakeResult>;
}
