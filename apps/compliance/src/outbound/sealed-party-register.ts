import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { IdSource, RandomSource, Sealer } from '@gateway/platform';
import { comparableName } from '../domain/person-name';
import { PartyRegister, type PartyIdentity } from '../use-cases/party-register';

const KEY_BYTES = 32;

/** Parties in PostgreSQL: identity sealed under a key of the person's own, that key wrapped under the service's key. */
@Injectable()
export class SealedPartyRegister extends PartyRegister {
  constructor(
    private readonly ids: IdSource,
    private readonly random: RandomSource,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async add(partnerId: string, identity: PartyIdentity, tx: Tx): Promise<string> {
    const id = this.ids.next('pty');
    const personKey = this.random.bytes(KEY_BYTES).toString('base64');
    const sealed = new Sealer(personKey, this.random).seal(JSON.stringify(identity), id);
    await tx.query(
      `WITH person AS (
         INSERT INTO party (id, partner_id, region, name_index, sealed_identity) VALUES ($1, $2, $3, $4, $5) RETURNING id
       ) INSERT INTO party_key (party_id, wrapped_key) SELECT id, $6 FROM person`,
      [id, partnerId, regionOf(identity.country), this.indexOf(identity.name), sealed, this.sealer.seal(personKey, id)],
      'party_add',
    );
    return id;
  }

  async nameIndexes(tx: Tx, wanted: readonly { partnerId: string; partyId: string }[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; name_index: string }>(
      `SELECT p.id, p.name_index FROM party p
       JOIN unnest($1::text[], $2::text[]) AS w (id, partner_id) ON p.id = w.id AND p.partner_id = w.partner_id`,
      [wanted.map(({ partyId }) => partyId), wanted.map(({ partnerId }) => partnerId)],
      'party_name_indexes',
    );
    return new Map(rows.map((row) => [row.id, row.name_index]));
  }

  indexesOf(names: readonly string[]): ReadonlySet<string> {
    return new Set(names.map((name) => this.indexOf(name)));
  }

  private indexOf(name: string): string {
    return this.sealer.blindIndex(comparableName(name));
  }
}

function regionOf(country: string): 'US' | 'CN' | 'OTHER' {
  return country === 'US' || country === 'CN' ? country : 'OTHER';
}
