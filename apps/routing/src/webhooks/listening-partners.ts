import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { WebhookRepository } from '../outbound/webhook.repository';

/** An endpoint made at another instance is known here after this at the latest. */
const REMEMBERED_MS = 250;
/** The clocks of two machines do not run quite alike. */
const MARGIN_MS = 50;

/**
 * Which partners want to be told at all. Remembered for a moment, so that a status change of a partner without endpoint
 * costs no statement.
 */
@Injectable()
export class ListeningPartners {
  private partners: ReadonlySet<string> = new Set();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly repository: WebhookRepository) {}

  /** Reads in the caller's transaction, which holds a connection already. */
  async current(tx: Tx): Promise<ReadonlySet<string>> {
    const now = performance.now();
    if (now - this.readAt >= REMEMBERED_MS) {
      this.partners = await this.repository.listeningPartners(tx);
      this.readAt = now;
    }
    return this.partners;
  }

  /**
   * Waits until no instance remembers what was before. Who is told only then that its endpoint is there misses nothing of
   * what it asks for next, whichever instance that comes to.
   */
  async knownEverywhere(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, REMEMBERED_MS + MARGIN_MS));
  }
}
