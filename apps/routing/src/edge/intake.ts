import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { IntakeRepository } from '../outbound/intake.repository';
import { InternalServices } from '../outbound/internal-services';
import { Networks } from './networks';
import { problem } from './problems';

/** What a partner registers to pay with or to be paid on; `data` are the network's own fields, checked by its service. */
export interface InstrumentRequest {
  network: string;
  use: 'pay' | 'be_paid';
  data: Record<string, unknown>;
}

/** A party's identity, on its way to compliance. */
export interface PartyRequest {
  role: 'payer' | 'payee' | 'any';
}

/**
 * Intake (design 3.1): raw values pass through to the service that owns them, unlogged and unstored here. What stays is
 * the id, whose it is, and what it can do.
 */
@Injectable()
export class Intake {
  constructor(
    private readonly database: Database,
    private readonly networks: Networks,
    private readonly services: InternalServices,
    private readonly repository: IntakeRepository,
  ) {}

  async registerInstrument(
    partnerId: string,
    requestKey: string,
    { network, use, data }: InstrumentRequest,
  ): Promise<object> {
    const owner = this.networks.require(network, 'network');
    const taken = await this.services.takeInstrument(owner, {
      partner_id: partnerId,
      request_key: requestKey,
      use,
      data,
    });
    const { instrument_id: id, capabilities, label, expires_at } = taken;
    if (typeof id !== 'string' || typeof capabilities !== 'object') {
      throw problem('SERVICE_UNAVAILABLE', { retryAfterS: 2 });
    }
    await this.repository.saveInstrument(this.database, {
      instrumentId: id,
      partnerId,
      network,
      use,
      capabilities,
      label: label ?? '',
      expiresAt: expires_at === undefined ? null : new Date(expires_at),
    });
    const expiry = expires_at === undefined ? {} : { expires_at };
    return { id, object: 'instrument', network, use, label, capabilities, ...expiry };
  }

  async registerParty(partnerId: string, party: PartyRequest): Promise<object> {
    const { party_id: id } = await this.services.registerParty({ ...party, partner_id: partnerId });
    if (typeof id !== 'string') throw problem('SERVICE_UNAVAILABLE', { retryAfterS: 2 });
    await this.repository.saveParty(this.database, { partyId: id, partnerId, role: party.role });
    return { id, object: 'party', role: party.role };
  }
}

const USES: readonly unknown[] = ['pay', 'be_paid'];
const NETWORK_FORM = /^[a-z][a-z0-9-]{1,31}$/;

/** Takes the body of `POST /v1/instruments` apart. @throws Problem that names the field */
export function readInstrumentRequest(body: unknown): InstrumentRequest {
  const { network, use, ...data } = (body ?? {}) as Record<string, unknown>;
  requireField(network, 'network', (value) => typeof value === 'string' && NETWORK_FORM.test(value));
  requireField(use, 'use', (value) => USES.includes(value), 'Must be pay or be_paid.');
  if ('partner_id' in data) throw problem('FIELD_UNKNOWN', { param: 'partner_id' });
  return { network: network as string, use: use as InstrumentRequest['use'], data };
}

function requireField(value: unknown, param: string, holds: (value: unknown) => boolean, detail?: string): void {
  if (value === undefined) throw problem('FIELD_MISSING', { param });
  if (!holds(value)) throw problem('FIELD_INVALID', { param, ...(detail === undefined ? {} : { detail }) });
}
