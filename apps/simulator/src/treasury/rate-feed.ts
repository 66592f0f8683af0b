import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';

/** What tests can set about the feed. */
export interface FeedSetting {
  /** CNY per USD, 8 places. */
  readonly mid?: string;
  /** The time that the feed claims, instead of now. */
  readonly as_of?: string;
  /** Whether the mid moves around its centre; it does by default. */
  readonly moving?: boolean;
  readonly down?: boolean;
}

export interface TreasuryRate {
  readonly pair: 'USD/CNY';
  readonly mid: string;
  readonly bid: string;
  readonly ask: string;
  readonly as_of: string;
  readonly source: 'simulated-treasury';
}

export const FEED_SETTING = 'treasury-feed';
const DEFAULT_MID = '7.13280000';
const DEFAULT_HALF_SPREAD = 50_000n;
const PLACES = 8;
/** Steps around the centre, one per second: at most 0.0009 either way, the same for everybody who asks in that second. */
const STEPS = 19n;
const STEP = 10_000n;

/** The treasury's rate feed: CNY per USD, stamped now. */
@Injectable()
export class RateFeed {
  constructor(private readonly settings: SettingsStore) {}

  /** Undefined while the feed is down. */
  async read(): Promise<TreasuryRate | undefined> {
    const [found, now] = await Promise.all([this.settings.read<FeedSetting>(FEED_SETTING), this.settings.now()]);
    const setting = found ?? {};
    if (setting.down) return undefined;
    const mid = midOf(setting, now);
    return {
      pair: 'USD/CNY',
      mid: textOf(mid),
      bid: textOf(mid - DEFAULT_HALF_SPREAD),
      ask: textOf(mid + DEFAULT_HALF_SPREAD),
      as_of: setting.as_of ?? now.toISOString(),
      source: 'simulated-treasury',
    };
  }
}

/** A mid that a test has set stands still. */
function midOf(setting: FeedSetting, now: Date): bigint {
  if (setting.mid !== undefined) return unitsOf(setting.mid);
  const centre = unitsOf(DEFAULT_MID);
  return setting.moving === false ? centre : centre + movement(now);
}

function movement(now: Date): bigint {
  const second = BigInt(Math.floor(now.getTime() / 1000));
  return (((second * 7n) % STEPS) - STEPS / 2n) * STEP;
}

/** `"7.13280000"` in units of 10^-8; negative, zero and absurd values are let through, as tests want them. */
function unitsOf(rate: string): bigint {
  const match = /^(-?)([0-9]{1,9})(?:\.([0-9]{1,8}))?$/.exec(rate);
  if (!match) return 0n;
  const units = BigInt(`${match[2]}${(match[3] ?? '').padEnd(PLACES, '0')}`);
  return match[1] === '-' ? -units : units;
}

function textOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
