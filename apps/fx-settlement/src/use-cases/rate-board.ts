import { Injectable } from '@nestjs/common';
import { assessRate } from '../domain/rate-policy';
import type { RateAssessment, SourcePolicy, SourceRate } from '../domain/rate-policy';

/** The newest rates that this process has seen. Every instance watches the sources itself. */
@Injectable()
export class RateBoard {
  private pricing: SourceRate | undefined;
  private comparison: SourceRate | undefined;

  constructor(private readonly policy: SourcePolicy) {}

  setPricing(rate: SourceRate): void {
    this.pricing = rate;
  }

  setComparison(rate: SourceRate): void {
    this.comparison = rate;
  }

  current(): SourceRate | undefined {
    return this.pricing;
  }

  assess(now: Date): RateAssessment {
    return assessRate(this.pricing, this.comparison, this.policy, now);
  }

  /** The rate that may be promised now, or undefined: then nothing is promised. */
  firmRate(now: Date): SourceRate | undefined {
    return this.assess(now).verdict === 'FIRM' ? this.pricing : undefined;
  }
}
