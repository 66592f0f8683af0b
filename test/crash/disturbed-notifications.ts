import type { World } from './world';

/** Of each kind so many notifications, the first ones that come. */
const TIMES = 60;
const COPIES = 8;

const KINDS: readonly { behaviour: string; params?: object }[] = [
  { behaviour: 'notify_twice', params: { copies: COPIES } },
  { behaviour: 'answer_late', params: { ms: 400 } },
  { behaviour: 'notify_late', params: { ms: 5_000 } },
  { behaviour: 'notify_never' },
  { behaviour: 'notify_other_amount', params: { amount: '1', currency: 'CNY' } },
  { behaviour: 'notify_bad_signature' },
];

/** Notifications eight times, before the answer, late, never, over another amount, badly signed (reliability R9). */
export async function disturbNotifications(world: World): Promise<void> {
  for (const [network, operation] of [
    ['ams', 'pay'],
    ['open_platform', 'transfer'],
    ['acquirer', 'authorize'],
  ])
    for (const kind of KINDS) await world.fault({ network, operation, match: '*', times: TIMES, ...kind });
  // The network does not know either, sixty times in a row.
  await world.fault({
    network: 'ams',
    operation: 'inquiryPayment',
    match: '*',
    times: TIMES,
    behaviour: 'answer_unknown',
    params: { executed: false },
  });
}
