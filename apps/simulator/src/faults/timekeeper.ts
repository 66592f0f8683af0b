import { Injectable } from '@nestjs/common';
import { DeferredRequestsStore } from '../outbound/deferred-requests.store';
import { SettingsStore } from '../outbound/settings.store';
import { plainExecution, type NetworkExecutor } from './desk';
import type { Network } from './fault';
import { NotificationSender } from './notification-sender';
import { Pace } from './pace';

/** What one network does when its time has come; true when it did something. */
export interface NetworkTimers {
  tick(now: Date): Promise<boolean>;
}

/** Executes what was put off, ends what has a time (pending payments, open orders, holds), and has due notifications sent. */
@Injectable()
export class Timekeeper {
  private readonly executors = new Map<Network, NetworkExecutor>();
  private readonly timers: NetworkTimers[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly deferred: DeferredRequestsStore,
    private readonly settings: SettingsStore,
    private readonly sender: NotificationSender,
    private readonly pace: Pace,
  ) {}

  use(network: Network, executor: NetworkExecutor, timers: NetworkTimers): void {
    this.executors.set(network, executor);
    this.timers.push(timers);
  }

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.tick()
        // The next tick tries again: what is due stays due.
        .catch(() => undefined)
        .then(() => this.start());
    }, this.pace.nextMs());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async tick(): Promise<void> {
    const now = await this.settings.now();
    let busy = await this.executeDeferred();
    for (const timers of this.timers) busy = (await timers.tick(now)) || busy;
    if (busy) this.pace.note();
    this.sender.kick();
  }

  private async executeDeferred(): Promise<boolean> {
    return this.deferred.takeDue(async ({ network, operation, request, now }) => {
      await this.executors.get(network)?.execute(operation, request, plainExecution(now));
    });
  }
}
