import { Injectable } from '@nestjs/common';
import { InternalServices } from '../outbound/internal-services';
import { Networks } from './networks';

/** What a web page needs to show Apple's payment sheet; the partner's server asks for it. */
export interface ApplePaySessionRequest {
  domain_name: string;
  validation_url: string;
}

const NETWORK = 'applepay';

/** Merchant sessions (`POST /v1/apple_pay_sessions`): asked for by the service that holds the merchant's certificate. */
@Injectable()
export class ApplePaySessions {
  constructor(
    private readonly networks: Networks,
    private readonly services: InternalServices,
  ) {}

  async open(partnerId: string, { domain_name, validation_url }: ApplePaySessionRequest): Promise<object> {
    const owner = this.networks.require(NETWORK, 'network');
    const request = { partner_id: partnerId, domain_name, validation_url };
    const { session, expires_at } = await this.services.openApplePaySession(owner, request);
    return { object: 'apple_pay_session', domain_name, expires_at, session };
  }
}
