import type { Answer } from '../domain/decision';
import type { WalletNetwork } from '../wallet-network';
import type { Exchange } from './exchange';
import { exchangeWith } from './network-exchange';

/** An answer on its way into the instruction table. */
export interface Answered {
  exchange: Exchange;
  answer: Answer;
}

/** Leases held at once, as a multiple of the calls in flight: those waiting start well within their lease's slack. */
const LEASES_PER_CALL = 4;
/** At a stop, calls in flight end within this time or stay leased (design S9). */
const END_WITHIN_MS = 5_000;

/**
 * The calls of one process: a bounded number in flight, the rest waiting in order. What cannot start while its lease
 * covers the whole deadline is given back as NOT_STARTED. No transaction is open here.
 */
export class CallDesk {
  private readonly waiting: Exchange[] = [];
  private readonly active = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    private readonly network: WalletNetwork,
    private readonly callsInFlight: number,
    private readonly answered: (answered: Answered) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** How many more exchanges may be leased now; 0 while the process stops. */
  free(): number {
    const held = this.waiting.length + this.active.size;
    return this.stopping ? 0 : Math.max(0, this.callsInFlight * LEASES_PER_CALL - held);
  }

  /** Starts what has been leased and committed. After a stop it stays leased, and whoever finds it enquires first. */
  start(exchanges: readonly Exchange[]): void {
    if (this.stopping) return;
    this.waiting.push(...exchanges);
    this.fill();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.waiting.length = 0;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_WITHIN_MS);
    });
    await Promise.race([Promise.all(this.active), patience]);
    clearTimeout(timer);
  }

  private fill(): void {
    while (this.active.size < this.callsInFlight) {
      const exchange = this.waiting.shift();
      if (exchange === undefined) return;
      if (this.monotonicMs() > exchange.startByMs) this.answered({ exchange, answer: { kind: 'NOT_STARTED' } });
      else this.begin(exchange);
    }
  }

  private begin(exchange: Exchange): void {
    const running = exchangeWith(this.network, exchange).then((answer) => {
      this.active.delete(running);
      this.answered({ exchange, answer });
      if (!this.stopping) this.fill();
    });
    this.active.add(running);
  }
}
