import { Injectable } from '@nestjs/common';
import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { NotificationFields } from '@gateway/contracts/wallet.network.events.v1';
import type { Tx } from '@gateway/persistence';
import type { Heard } from '../domain/standing';

/**
 * Which outcomes a notification can speak against: a certain no, a certain yes, a yes about a payer's money alone, of which
 * not all is told as taken back.
 */
const CONTRADICTED = {
  DECLINED: `state IN ('DECLINED', 'NOT_SUBMITTED') AND operation NOT IN ('hold', 'collect')`,
  PROCESSED: `state = 'PROCESSED'`,
  TAKEN: `state = 'PROCESSED' AND operation IN ('hold', 'collect')
          AND outcome #>> '{returned,amount}' IS DISTINCT FROM outcome #>> '{amount,amount}'`,
} as const;
/** Due at once, or with what has come within $2 ms before; whoever asks now gives a stale answer. */
const LOOK_AGAIN = `
  due = LEAST(CASE WHEN due > clock_now() THEN due END,
    GREATEST(clock_now(), coalesce(nudged_at, '-infinity') + $2 * interval '1 millisecond')),
  nudged_at = clock_now(), lease = nextval('lease_number'), lease_until = '-infinity'`;
type Contradicted = keyof typeof CONTRADICTED;

/** A notification to be kept; of a refused one the hash alone. */
export interface KeptNotification {
  /** The network's id, or else the hash of the body; refused ones are kept apart. */
  key: string;
  bodyHash: string;
  instructionId: string | null;
  accepted: boolean;
}

/** Notifications, once each. */
@Injectable()
export class NotificationRepository {
  /** @returns false where it has been kept before. */
  async keep(tx: Tx, { key, bodyHash, instructionId, accepted }: KeptNotification): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO notification (notification_key, body_hash, instruction_id, accepted) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING notification_key`,
      [key, bodyHash, instructionId, accepted],
      'wallet-notification',
    );
    return rows.length === 1;
  }

  async isOfInstruction(tx: Tx, instructionId: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM instruction WHERE instruction_id = $1';
    return (await tx.query(sql, [instructionId], 'wallet-notified')).length === 1;
  }

  /**
   * Brings the one open enquiry of an instruction forward, at most once in `spacingMs` of business time. What has
   * ended, waits to be called or is unknown stays as it is.
   */
  async bringForward(tx: Tx, instructionId: string, spacingMs: number): Promise<void> {
    await tx.query(
      `UPDATE instruction SET
         due = LEAST(due, GREATEST(clock_now(), coalesce(nudged_at, '-infinity') + $2 * interval '1 millisecond')),
         nudged_at = clock_now()
       WHERE instruction_id = $1 AND state IN ('PENDING', 'UNKNOWN') AND due IS NOT NULL
         AND coalesce(nudged_at, '-infinity') + $2 * interval '1 millisecond' <= clock_now()`,
      [instructionId, spacingMs],
      'wallet-bring-forward',
    );
  }

  /**
   * Makes what was processed due once more: a credit may have come back, a collection be disputed. No notification is passed over, as it may be the one
   * that says so; within `spacingMs` they share one enquiry. An enquiry under way may have been answered before: its
   * lease ends here, so that its answer is evidence alone.
   */
  async lookBack(
    tx: Tx,
    instructionId: string,
    operations: readonly WalletOperation[],
    spacingMs: number,
  ): Promise<void> {
    await tx.query(
      `UPDATE instruction SET ${LOOK_AGAIN}
       WHERE instruction_id = $1 AND operation = ANY($3) AND state = 'PROCESSED'
         AND (operation <> 'credit' OR outcome -> 'returned' IS NULL)`,
      [instructionId, spacingMs, operations],
      'wallet-look-back',
    );
  }

  /**
   * A notification says that something was done which is told as a certain no: the network is asked once more. As in
   * `lookBack` none is passed over: an enquiry under way may have been answered before it was done.
   */
  async doubtRefusal(tx: Tx, instructionId: string, spacingMs: number): Promise<void> {
    await tx.query(
      `UPDATE instruction SET ${LOOK_AGAIN}, enquiries = 0
       WHERE instruction_id = $1 AND state IN ('DECLINED', 'NOT_SUBMITTED')`,
      [instructionId, spacingMs],
      'wallet-doubt-refusal',
    );
  }

  /** Keeps what a notification says of an instruction whose end is not certain: the last word of each kind. */
  async hear(tx: Tx, instructionId: string, claim: keyof Heard, fields: NotificationFields): Promise<void> {
    await tx.query(
      `UPDATE instruction SET heard = coalesce(heard, '{}'::jsonb) || jsonb_build_object($2::text, $3::jsonb)
       WHERE instruction_id = $1 AND state IN ('QUEUED', 'SENT', 'PENDING', 'UNKNOWN')`,
      [instructionId, claim, JSON.stringify(fields)],
      'wallet-hear',
    );
  }

  /**
   * A notification says the opposite of what is told as certain. The first such one is kept beside the last that said the
   * same as the outcome, and the network is asked; an enquiry under way may have been answered before, so its lease ends
   * here. A hold or collection that is told as not done may have been taken back by ourselves: there a late word of its
   * success is none against it.
   */
  async contradict(tx: Tx, instructionId: string, told: Contradicted, fields: NotificationFields): Promise<void> {
    await tx.query(
      `UPDATE instruction SET
         contradiction = jsonb_build_object('later', $2::jsonb, 'earlier', (
           SELECT e.answer -> 'says' FROM instruction_evidence e
           WHERE e.instruction_id = $1 AND e.answer ->> 'claim' = $3 ORDER BY e.evidence_id DESC LIMIT 1)),
         due = clock_now(), nudged_at = clock_now(), lease = nextval('lease_number'), lease_until = '-infinity'
       WHERE instruction_id = $1 AND contradiction IS NULL AND outcome -> 'contradicted' IS NULL
         AND ${CONTRADICTED[told]}`,
      [instructionId, JSON.stringify(fields), told === 'DECLINED' ? 'not_done' : 'done'],
      `wallet-contradict-${told}`,
    );
  }
}
