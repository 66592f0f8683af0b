import type { Type } from '@nestjs/common';
import type { InstrumentIntake } from '../instrument-intake';
import type { WalletNetwork } from '../wallet-network';
import type { InProcessSettings } from './in-process-description';
import { InProcessIntake } from './in-process-intake';
import { InProcessNetwork } from './in-process-network';

export { InProcessBooks, type Movement } from './in-process-books';
export type { InProcessSettings } from './in-process-description';
export { InProcessIntake } from './in-process-intake';
export { InProcessNetwork, signInProcess } from './in-process-network';
export { SCENARIO_BY_ENDING, type Scenario } from './in-process-scenarios';

/** The classes of an in-process network as `WalletNetworkModule.forNetwork` wants them. */
export function inProcessClasses(settings: InProcessSettings): {
  network: Type<WalletNetwork>;
  intake: Type<InstrumentIntake>;
} {
  class Network extends InProcessNetwork {
    constructor() {
      super(settings);
    }
  }
  class Intake extends InProcessIntake {
    constructor() {
      super(settings);
    }
  }
  return { network: Network, intake: Intake };
}
