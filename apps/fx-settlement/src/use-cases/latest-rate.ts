import type { Rate } from '@gateway/money';
import type { Tx } from '@gateway/persistence';

/** The newest published mid, firm or not: what something is valued at, as opposed to what may be promised. */
export abstract class LatestRate {
  /** CNY per USD. Throws where no rate has ever been published: nothing can be valued then. */
  abstract mid(tx: Tx): Promise<Rate>;
}
