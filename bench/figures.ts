import type { Pair } from './comparison';
import type { CryptographyFigure } from './cryptography';
import type { GatewayFigures, RateFigures } from './gateway-round';
import type { IdleFigures } from './idle';

/** Everything that one run of the benchmark has found. */
export interface BenchFigures {
  readonly pairs: Pair<GatewayFigures>[];
  /** Gateways without a chain beside them. */
  readonly alone: GatewayFigures[];
  readonly rates: RateFigures[];
  cryptography: readonly CryptographyFigure[];
  idle: IdleFigures | null;
}
