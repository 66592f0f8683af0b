import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { WebhookRepository } from '../outbound/webhook.repository';

/** An endpoint made at another instance is known here after this at the latest. */
const REMEMBERED_MS = 1_000;

/**
 * Which partners want to be told at all. Remembered for a second, so that a status change of a partner without endpoint
 * costs no statement.
 */
@Injectable()
export class ListeningPartners {
  private partners: ReadonlySet<string> = new Set();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly repository: WebhookRepository) {}

  /** Reads in the caller's transaction, which holds a connection already. */
  async current(tx: Tx): Promise<ReadonlySet<string>> {
    if (performance.now() - this.readAt >= REMEMBERED_MS) {
      this.partners = await this.repository.listeningPartners(tx);
      this.readAt = performance.now();
    }
    return this.partners;
  }

  forget(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
  }
}
