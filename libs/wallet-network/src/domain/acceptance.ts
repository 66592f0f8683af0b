import type { AmountOnWire } from '@gateway/contracts/contract';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { Reason } from '@gateway/contracts/wallet.network.events.v1';
import type { NetworkDescription } from '../description';
import { nothingToRelease } from './linked-release';
import { isCertainNo, neverStarted, type Change, type Standing } from './standing';

/** What acceptance knows of the instrument; null where there is none of that id. */
export interface KnownInstrument {
  partnerId: string;
  expiresAtMs: number | null;
}

/** How a new instruction begins: it may be called, waits for its target, or has ended before it began. */
export type Beginning = { as: 'callable' } | { as: 'waiting' } | { as: 'ended'; change: Change };

const CALLABLE: Beginning = { as: 'callable' };
const WAITING: Beginning = { as: 'waiting' };

/** A hold, collection or credit: what is refused here has certainly never left. */
export function beginForward(
  command: WalletCommand,
  instrument: KnownInstrument | null,
  description: NetworkDescription,
  nowMs: number,
): Beginning {
  if (!description.operations[command.operation]) return notOffered();
  if (instrument === null || instrument.partnerId !== command.partner_id) return declined('INSTRUMENT_INVALID');
  if (command.not_after !== undefined && nowMs >= Date.parse(command.not_after)) {
    return notSubmitted('NOT_AFTER_PASSED');
  }
  if (instrument.expiresAtMs !== null && nowMs >= instrument.expiresAtMs) return declined('INSTRUMENT_EXPIRED');
  if (isWithinLimits(command.amount, description)) return CALLABLE;
  return declined(command.operation === 'credit' ? 'PAYEE_LIMIT_EXCEEDED' : 'LIMIT_EXCEEDED');
}

/** A capture or refund acts on something that the network has confirmed; routing knows of it from us. */
export function beginOnTarget(
  command: WalletCommand,
  target: Standing | null,
  description: NetworkDescription,
): Beginning {
  const offered = description.operations[command.operation] !== undefined;
  return offered && target?.state === 'PROCESSED' ? CALLABLE : notOffered();
}

/** A release; `null` where its target is not known yet: the caller has left a tombstone. */
export function beginRelease(command: WalletCommand, target: Standing | null): Beginning {
  const nothing: Beginning = { as: 'ended', change: nothingToRelease(command.amount.currency) };
  if (target === null || target.state === 'TOMBSTONE') return nothing;
  if (isCertainNo(target.state) || neverStarted(target)) return nothing;
  const byOurId = target.state === 'PENDING' && target.undo === null;
  return target.state === 'PROCESSED' || byOurId ? CALLABLE : WAITING;
}

/** Limits are per currency; a currency without limits is not one of this network's. */
function isWithinLimits({ amount, currency }: AmountOnWire, description: NetworkDescription): boolean {
  const limits = description.limits[currency];
  if (limits === undefined || !description.currencies.includes(currency)) return false;
  const minor = BigInt(amount);
  return minor >= BigInt(limits.minimumMinor) && minor <= BigInt(limits.maximumMinor);
}

function notOffered(): Beginning {
  return notSubmitted('REFUSED_BEFORE_ACCEPTANCE');
}

function notSubmitted(reason: Reason): Beginning {
  return {
    as: 'ended',
    change: { state: 'NOT_SUBMITTED', dueMs: null, tell: { outcome: 'NOT_SUBMITTED', reason } },
  };
}

function declined(reason: Reason): Beginning {
  return { as: 'ended', change: { state: 'DECLINED', dueMs: null, tell: { outcome: 'DECLINED', reason } } };
}
