/** A notification as the network's own list has it. */
export interface SentNotification {
  readonly network: string;
  /** Our request id that it is about. */
  readonly reference: string;
  readonly state: string;
  /** When it was to be sent, the last time that it was. */
  readonly due: string;
  readonly body: string;
}

/** A network has told us that something was done, and then that it was not. */
export interface Contradicted {
  readonly reference: string;
  /** When it said no. */
  readonly at: Date;
}

type Word = 'done' | 'not done' | null;

const ACQUIRERS: Readonly<Record<string, Word>> = {
  payment_approved: 'done',
  payment_paid: 'done',
  payment_captured: 'done',
  payment_declined: 'not done',
  payment_capture_declined: 'not done',
};
const PLATFORMS: Readonly<Record<string, Word>> = { SUCCESS: 'done', FAIL: 'not done' };
const COLLECTIONS: Readonly<Record<string, Word>> = { S: 'done', F: 'not done' };

/** Read by the networks' own documentation, as the judge must not see with the gateway's eyes. */
function wordOf({ network, body }: SentNotification): Word {
  const content = JSON.parse(body) as { type?: string; biz_content?: string; result?: { resultStatus?: string } };
  if (network === 'acquirer') return ACQUIRERS[content.type ?? ''] ?? null;
  if (network === 'ams') return COLLECTIONS[content.result?.resultStatus ?? ''] ?? null;
  const { status = '' } = JSON.parse(content.biz_content ?? '{}') as { status?: string };
  return PLATFORMS[status] ?? null;
}

/** Of what was taken by us. */
export function contradictionsIn(sent: readonly SentNotification[]): Contradicted[] {
  const taken = sent.filter(({ state }) => state === 'acknowledged');
  const done = new Set(taken.filter((one) => wordOf(one) === 'done').map(({ reference }) => reference));
  return taken
    .filter((one) => done.has(one.reference) && wordOf(one) === 'not done')
    .map(({ reference, due }) => ({ reference, at: new Date(due) }));
}
