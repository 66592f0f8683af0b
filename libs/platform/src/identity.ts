import { randomBytes } from 'node:crypto';
import { Clock } from './clock';

/** The one source of randomness, injected so that a simulation can repeat a run. */
export abstract class RandomSource {
  abstract bytes(count: number): Buffer;
}

/** The operating system's randomness. */
export class SystemRandom extends RandomSource {
  bytes(count: number): Buffer {
    return randomBytes(count);
  }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 10;

/**
 * Makes ids `<prefix>_<26 characters>`: a ULID, so ids sort by time of creation and index pages stay warm.
 * Prefixes in use: pay, qte, ins, pty, prt, key, evt, whe, req, cas, rfd, top, rsl.
 */
export class IdSource {
  private pool: Buffer = Buffer.alloc(0);
  private used = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  next(prefix: string): string {
    return `${prefix}_${this.ulid()}`;
  }

  private ulid(): string {
    let time = this.clock.nowMs();
    let head = '';
    for (let i = 0; i < TIME_CHARACTERS; i++) {
      head = CROCKFORD[time % 32]! + head;
      time = Math.floor(time / 32);
    }
    return head + this.randomCharacters();
  }

  /** 80 random bits as 16 characters, from a pool: one system call for many ids. */
  private randomCharacters(): string {
    if (this.used + RANDOM_BYTES > this.pool.length) {
      this.pool = this.random.bytes(RANDOM_BYTES * 64);
      this.used = 0;
    }
    let text = '';
    for (let half = 0; half < 2; half++) {
      let bits = this.pool.readUIntBE(this.used, 5);
      this.used += 5;
      let part = '';
      for (let i = 0; i < 8; i++) {
        part = CROCKFORD[bits % 32]! + part;
        bits = Math.floor(bits / 32);
      }
      text += part;
    }
    return text;
  }
}

/** A small, even hash of a key (FNV-1a), which fixes the partition of a payment once, when it is made. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}
