import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@gateway/persistence';
import { InProcessNetwork } from '@gateway/wallet-network';
import { CARD, commandOf, RuntimeProcess } from './runtime-harness';

/** What the process says, in this order. */
export type WalletWord = 'reached' | 'called' | 'awake';

/** Long enough for what was leased before the sleep to be called, if anything called it. */
const AWAKE_MS = 2_000;
const SIGNAL_TAKES_EFFECT_MS = 100;

/**
 * A wallet's process that takes a hold, commits its lease, and is stopped before the call: says `reached`, then sleeps
 * until somebody wakes it, then says `called` for every call that it makes, and at last `awake`.
 */
async function main(): Promise<void> {
  const say = (word: WalletWord): void => void process.send?.(word);
  const database = await Database.connect({
    url: process.env['WALLET_DATABASE'] ?? '',
    applicationName: 'sleeping-wallet',
    poolSize: 4,
  });
  const network = new InProcessNetwork({ ...CARD, callTimeoutMs: 500 });
  const hold = network.hold.bind(network);
  network.hold = (...call: Parameters<typeof hold>): ReturnType<typeof hold> => {
    say('called');
    return hold(...call);
  };
  const wallet = new RuntimeProcess(database, network);
  await wallet.consume([commandOf('hold', `pay_${'1'.repeat(26)}`)], { beforeCalls: stop });
  await pause(AWAKE_MS);
  say('awake');

  function stop(): void {
    say('reached');
    process.kill(process.pid, 'SIGSTOP');
    // The signal takes effect a moment after the call: nothing may happen until it has.
    for (const end = performance.now() + SIGNAL_TAKES_EFFECT_MS; performance.now() < end;);
  }
}

void main();
