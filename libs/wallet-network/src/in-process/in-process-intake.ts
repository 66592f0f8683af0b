import { InstrumentIntake, IntakeRefused, type IntakeRequest, type IntakeResult } from '../instrument-intake';
import { inProcessDescription, type InProcessSettings } from './in-process-description';

/** Takes `{ "account": "anything" }` as an instrument of the in-process network; `single_use` makes it a one-time value. */
export class InProcessIntake extends InstrumentIntake {
  constructor(private readonly settings: InProcessSettings) {
    super();
  }

  async take({ use, data }: IntakeRequest): Promise<IntakeResult> {
    const { account } = data;
    if (typeof account !== 'string' || account === '')
      throw new IntakeRefused('INVALID_INSTRUMENT', 'account', 'missing');
    const { id, currency, funding, limits, holdMarginMs } = {
      ...this.settings,
      ...inProcessDescription(this.settings),
    };
    const amounts = limits[currency]!;
    const singleUse = data.single_use === true;
    return {
      capabilities: {
        use,
        network: id,
        currency,
        ...(use === 'pay' ? { funding } : { credit: { goods: true, services: true, person_to_person: true } }),
        single_use: singleUse,
        scheme: this.settings.counterparty,
        minimum_minor: amounts.minimumMinor,
        maximum_minor: amounts.maximumMinor,
        hold_margin_ms: use === 'pay' ? holdMarginMs : 0,
        pending_ms: 0,
      },
      label: 'In-process wallet',
      secret: { account },
      ...(singleUse && { uniqueKey: account }),
    };
  }
}
