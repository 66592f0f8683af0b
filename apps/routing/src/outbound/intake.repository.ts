import type { Tx } from '@gateway/persistence';
import type { InstrumentCapabilities } from '@gateway/wallet-network';

/** An instrument as routing knows it. */
export interface RegisteredInstrument {
  instrumentId: string;
  partnerId: string;
  network: string;
  use: 'pay' | 'be_paid';
  capabilities: InstrumentCapabilities;
  label: string;
  expiresAt: Date | null;
}

/** A party as routing knows it: whose it is, and in which role; never who. */
export interface RegisteredParty {
  partyId: string;
  partnerId: string;
  role: 'payer' | 'payee' | 'any';
}

interface InstrumentRow {
  instrument_id: string;
  partner_id: string;
  network: string;
  use: 'pay' | 'be_paid';
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at: Date | null;
}

/** Reads and writes `instrument` and `party`: what partners registered at intake. Rows never change. */
export class IntakeRepository {
  async saveInstrument(tx: Tx, instrument: RegisteredInstrument): Promise<void> {
    await tx.query(
      `INSERT INTO instrument (instrument_id, partner_id, network, use, capabilities, label, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        instrument.instrumentId,
        instrument.partnerId,
        instrument.network,
        instrument.use,
        JSON.stringify(instrument.capabilities),
        instrument.label,
        instrument.expiresAt,
      ],
    );
  }

  async saveParty(tx: Tx, party: RegisteredParty): Promise<void> {
    await tx.query('INSERT INTO party (party_id, partner_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      party.partyId,
      party.partnerId,
      party.role,
    ]);
  }

  async findInstruments(tx: Tx, ids: readonly string[]): Promise<Map<string, RegisteredInstrument>> {
    const rows = await tx.query<InstrumentRow>(
      `SELECT instrument_id, partner_id, network, use, capabilities, label, expires_at
         FROM instrument WHERE instrument_id = ANY($1)`,
      [ids],
      'instruments-find',
    );
    return new Map(rows.map((row) => [row.instrument_id, instrumentOf(row)]));
  }

  async findParties(tx: Tx, ids: readonly string[]): Promise<Map<string, RegisteredParty>> {
    const rows = await tx.query<{ party_id: string; partner_id: string; role: RegisteredParty['role'] }>(
      'SELECT party_id, partner_id, role FROM party WHERE party_id = ANY($1)',
      [ids],
      'parties-find',
    );
    return new Map(
      rows.map((row) => [row.party_id, { partyId: row.party_id, partnerId: row.partner_id, role: row.role }]),
    );
  }
}

function instrumentOf(row: InstrumentRow): RegisteredInstrument {
  return {
    instrumentId: row.instrument_id,
    partnerId: row.partner_id,
    network: row.network,
    use: row.use,
    capabilities: row.capabilities,
    label: row.label,
    expiresAt: row.expires_at,
  };
}
