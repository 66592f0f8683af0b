import { createHash } from 'node:crypto';
import type { AuditEntry, OutboxTransactions } from '@gateway/messaging';
import type { NotificationFields } from '@gateway/contracts/wallet.network.events.v1';
import type { Tx } from '@gateway/persistence';
import type { InstructionRepository } from '../outbound/instruction.repository';
import type { NotificationRepository } from '../outbound/notification.repository';
import {
  NotificationRefused,
  type Claim,
  type RawNotification,
  type VerifiedNotification,
  type WalletNetwork,
} from '../wallet-network';

/** At most this many notifications wait for their transaction; networks repeat what they are not acknowledged. */
const MAX_WAITING = 500;
/** Notifications bring an enquiry forward at most once in this time (design S7). */
const SPACING_MS = 2_000;
/** Of what others write into the audit. */
const LONGEST_NAME = 200;
/** Ids as networks and we write them; what is of another form is nobody's, and no text of a stranger's goes further. */
const ID = /^[\x21-\x7e]{1,128}$/;

/** What a notification can be about that was processed before. */
const GIVEN_BACK = ['credit'] as const;
const PAYERS = ['hold', 'collect'] as const;

/** What somebody has said of an instruction. */
type Word = Pick<VerifiedNotification, 'instructionId' | 'isOfDispute' | 'says'>;

/** What the sender is answered: the network's acknowledgement, a refusal, or to come again. */
export type Receipt =
  { status: 200; acknowledgement: VerifiedNotification['acknowledgement'] } | { status: 401 } | { status: 503 };

/**
 * Takes a network's notification in: verified over the raw body, kept once, committed, then acknowledged. It proves
 * nothing by itself; its one effect is that the network is asked: an open enquiry is brought forward, and what was processed
 * is enquired about once more: a credit, as it may have come back, a hold or collection where it speaks of a dispute, of
 * something undone or denies it, and whatever the notification contradicts. What it says of an open one is kept until that is certain. Of a refused one, and of one about nothing that we know, the audit keeps the hash
 * and where it came from, once.
 */
export class ReceiveNotification {
  private waiting = 0;

  constructor(
    private readonly network: WalletNetwork,
    private readonly transactions: OutboxTransactions,
    private readonly notifications: NotificationRepository,
    private readonly instructions: InstructionRepository,
    private readonly factor: number,
  ) {}

  async receive(raw: RawNotification): Promise<Receipt> {
    if (this.waiting >= MAX_WAITING) return { status: 503 };
    this.waiting++;
    try {
      return await this.keep(raw);
    } finally {
      this.waiting--;
    }
  }

  private async keep(raw: RawNotification): Promise<Receipt> {
    const bodyHash = createHash('sha256').update(raw.rawBody).digest('hex');
    const verified = await this.verify(raw);
    if (verified === null) {
      const refused = { key: `refused:${bodyHash}`, bodyHash, instructionId: null, accepted: false };
      await this.transactions.run(async (tx) => {
        const isNew = await this.notifications.keep(tx, refused);
        const audit = isNew ? [auditOf('notification.refused', bodyHash, raw)] : [];
        return { result: null, emit: { records: [], audit } };
      });
      return { status: 401 };
    }
    const { notificationId, instructionId, acknowledgement } = verified;
    const key = notificationId === null ? `hash:${bodyHash}` : `id:${notificationId}`;
    await this.transactions.run(async (tx) => {
      const isNew = await this.notifications.keep(tx, { key, bodyHash, instructionId, accepted: true });
      const isKnown = isNew && (await this.lookAgain(tx, verified, key));
      const audit =
        isNew && !isKnown ? [auditOf('notification.about_nothing_known', bodyHash, raw, instructionId)] : [];
      return { result: null, emit: { records: [], audit } };
    });
    return { status: 200, acknowledgement };
  }

  /**
   * A dispute that the network's own list tells of, where its notification may have been lost: the same question, once for
   * each key. Answers whether it was asked.
   */
  async hearOfDispute(instructionId: string, key: string): Promise<boolean> {
    const bodyHash = createHash('sha256').update(key).digest('hex');
    return await this.transactions.run(async (tx) => {
      const isNew = await this.notifications.keep(tx, { key, bodyHash, instructionId, accepted: true });
      const result = isNew && (await this.lookAgain(tx, { instructionId, isOfDispute: true }, key));
      return { result, emit: { records: [] } };
    });
  }

  /** Has the instruction enquired about; false where there is none. */
  private async lookAgain(tx: Tx, word: Word, key: string): Promise<boolean> {
    const { instructionId, isOfDispute = false, says } = word;
    if (instructionId === null || !(await this.notifications.isOfInstruction(tx, instructionId))) return false;
    const told = says && { claim: says.claim, says: says.fields };
    const answer = { kind: 'NOTIFIED' as const, notification: key, ...told };
    await this.instructions.addEvidence(tx, [
      { instructionId, source: 'notification', lease: null, stale: false, answer },
    ]);
    const spacingMs = Math.ceil(SPACING_MS / this.factor);
    await this.notifications.bringForward(tx, instructionId, spacingMs);
    const mayBeUndone = isOfDispute || (says !== undefined && says.claim !== 'done');
    await this.notifications.lookBack(tx, instructionId, mayBeUndone ? PAYERS : GIVEN_BACK, spacingMs);
    if (says) await this.weigh(tx, instructionId, says, spacingMs);
    return true;
  }

  /** Has the network asked where what is said is not what is told as certain; keeps it where nothing is certain yet. */
  private async weigh(tx: Tx, instructionId: string, { claim, fields }: Claim, spacingMs: number): Promise<void> {
    await this.notifications.hear(tx, instructionId, claim, fields);
    if (claim !== 'not_done') await this.notifications.doubtRefusal(tx, instructionId, spacingMs);
    if (claim !== 'not_done') await this.notifications.contradict(tx, instructionId, 'DECLINED', fields);
    if (claim === 'not_done') await this.notifications.contradict(tx, instructionId, 'PROCESSED', fields);
    if (claim === 'taken_back') await this.notifications.contradict(tx, instructionId, 'TAKEN', fields);
  }

  private async verify(raw: RawNotification): Promise<VerifiedNotification | null> {
    try {
      return inBounds(await this.network.verifyNotification(raw));
    } catch (error) {
      if (error instanceof NotificationRefused) return null;
      throw error;
    }
  }
}

/** Whoever signed it may have written anything: ids are ids or none, and what is kept of the rest can be printed. */
function inBounds({ notificationId, instructionId, says, ...rest }: VerifiedNotification): VerifiedNotification {
  const idOf = (id: string | null): string | null => (id !== null && ID.test(id) ? id : null);
  const fields = Object.entries(says?.fields ?? {}).map(([name, text]) => [name, text.replace(/\p{C}/gu, '')]);
  return {
    ...rest,
    notificationId: idOf(notificationId),
    instructionId: idOf(instructionId),
    ...(says && { says: { claim: says.claim, fields: Object.fromEntries(fields) as NotificationFields } }),
  };
}

/** Nothing of the body is kept but its hash: it may hold personal data, and anybody can have written it. */
function auditOf(
  action: string,
  bodyHash: string,
  { path, source }: RawNotification,
  instructionId: string | null = null,
): AuditEntry {
  const detail = {
    body_hash: bodyHash,
    path: path.slice(0, LONGEST_NAME),
    ...(source === undefined ? {} : { source }),
    ...(instructionId === null ? {} : { instruction: instructionId.slice(0, LONGEST_NAME) }),
  };
  return {
    subjectId: `ntf_${bodyHash.slice(0, 32)}`,
    bucket: 0,
    actor: 'network',
    actions: [{ action, detail }],
  };
}
