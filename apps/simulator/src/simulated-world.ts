import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { Readiness } from '@gateway/platform';
import { AcquirerNetwork, AcquirerTimers } from './acquirer/acquirer.network';
import { AcquirerWebhooks } from './acquirer/acquirer-webhooks';
import { AmsNetwork, AmsTimers } from './ams/ams.network';
import { AmsNotifications } from './ams/ams-notifications';
import { endSilence } from './faults/reaction';
import { NotificationSender } from './faults/notification-sender';
import { Timekeeper } from './faults/timekeeper';
import { OpenPlatformNetwork, TransferTimers } from './open-platform/open-platform.network';
import { TransferNotifications } from './open-platform/transfer-notifications';

/** The card acquirer: who executes, whose time comes, who tells. */
@Injectable()
export class AcquirerParts {
  constructor(
    readonly executor: AcquirerNetwork,
    readonly timers: AcquirerTimers,
    readonly channel: AcquirerWebhooks,
  ) {}
}

/** The cross-border API. */
@Injectable()
export class AmsParts {
  constructor(
    readonly executor: AmsNetwork,
    readonly timers: AmsTimers,
    readonly channel: AmsNotifications,
  ) {}
}

/** The open platform. */
@Injectable()
export class OpenPlatformParts {
  constructor(
    readonly executor: OpenPlatformNetwork,
    readonly timers: TransferTimers,
    readonly channel: TransferNotifications,
  ) {}
}

/** Ties the networks to the sender and the timekeeper. */
@Injectable()
export class NetworkTies implements OnModuleInit {
  constructor(
    private readonly acquirer: AcquirerParts,
    private readonly ams: AmsParts,
    private readonly openPlatform: OpenPlatformParts,
    private readonly sender: NotificationSender,
    private readonly timekeeper: Timekeeper,
  ) {}

  onModuleInit(): void {
    const networks = { acquirer: this.acquirer, ams: this.ams, open_platform: this.openPlatform } as const;
    for (const name of ['acquirer', 'ams', 'open_platform'] as const) {
      this.sender.use(name, networks[name].channel);
      this.timekeeper.use(name, networks[name].executor, networks[name].timers);
    }
  }
}

/** Starts what runs by itself, stops it before the database goes. */
@Injectable()
export class SimulatedWorld implements OnModuleInit, OnModuleDestroy {
  constructor(
    private readonly sender: NotificationSender,
    private readonly timekeeper: Timekeeper,
    private readonly database: Database,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.timekeeper.start();
    this.readiness.register('database', async () => {
      await this.database.query('SELECT 1');
      return null;
    });
  }

  async onModuleDestroy(): Promise<void> {
    endSilence();
    await this.timekeeper.stop();
    await this.sender.stop();
  }
}
