import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import { Sealer } from '@gateway/platform';
import type { KnownInstrument } from '../domain/acceptance';
import type { InstrumentCapabilities, TakenInstrument } from '../instrument-intake';
import type { StoredInstrument } from '../wallet-network';

/** An instrument as it is taken in. */
export interface NewInstrument {
  instrumentId: string;
  partnerId: string;
  /** Of the partner's request; null where it came in another way. */
  requestKey: string | null;
  capabilities: InstrumentCapabilities;
  label: string;
  secret: Record<string, string>;
  uniqueKey: string | null;
  expiresAt: string | null;
}

/** An instrument for acceptance and for calls. Its secret stays sealed until `open` is called. */
export interface HeldInstrument extends KnownInstrument {
  scheme: string;
  open(): StoredInstrument;
}

interface InstrumentRow {
  instrument_id: string;
  partner_id: string;
  scheme: string;
  sealed_secret: Buffer;
  expires_at: Date | null;
}

interface RequestedRow {
  instrument_id: string;
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at: Date | null;
}

/** Instruments, their raw values sealed; the row's id is bound into the seal. */
@Injectable()
export class InstrumentRepository {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** @returns false where an instrument with this one-time value, or of this request, exists already. */
  async add(instrument: NewInstrument): Promise<boolean> {
    const { instrumentId, partnerId, requestKey, capabilities, label, secret, uniqueKey, expiresAt } = instrument;
    const sealed = this.sealer.seal(JSON.stringify(secret), instrumentId);
    const rows = await this.database.query(
      `INSERT INTO instrument
         (instrument_id, partner_id, use, scheme, capabilities, label, sealed_secret, unique_key, expires_at, request_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT DO NOTHING RETURNING instrument_id`,
      [
        instrumentId,
        partnerId,
        capabilities.use,
        capabilities.scheme,
        capabilities,
        label,
        sealed,
        uniqueKey,
        expiresAt,
        requestKey,
      ],
      'wallet-instrument-add',
    );
    return rows.length === 1;
  }

  /** The instrument that a one-time value has been taken into, or null. */
  async ownerOf(uniqueKey: string): Promise<string | null> {
    const [row] = await this.database.query<Pick<InstrumentRow, 'instrument_id'>>(
      'SELECT instrument_id FROM instrument WHERE unique_key = $1',
      [uniqueKey],
    );
    return row?.instrument_id ?? null;
  }

  /** The instrument that a request has made, or null. */
  async findRequested(requestKey: string): Promise<TakenInstrument | null> {
    const [row] = await this.database.query<RequestedRow>(
      `SELECT instrument_id, capabilities, label, expires_at FROM instrument WHERE request_key = $1`,
      [requestKey],
      'wallet-instrument-requested',
    );
    if (row === undefined) return null;
    const { expires_at, ...rest } = row;
    return { ...rest, ...(expires_at !== null && { expires_at: expires_at.toISOString() }) };
  }

  async find(tx: Tx, ids: readonly string[]): Promise<Map<string, HeldInstrument>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<InstrumentRow>(
      `SELECT instrument_id, partner_id, scheme, sealed_secret, expires_at FROM instrument
       WHERE instrument_id = ANY($1)`,
      [ids],
      'wallet-instruments',
    );
    return new Map(rows.map((row) => [row.instrument_id, this.held(row)]));
  }

  private held(row: InstrumentRow): HeldInstrument {
    return {
      partnerId: row.partner_id,
      scheme: row.scheme,
      expiresAtMs: row.expires_at?.getTime() ?? null,
      open: () => ({
        instrumentId: row.instrument_id,
        partnerId: row.partner_id,
        scheme: row.scheme,
        secret: JSON.parse(this.sealer.open(row.sealed_secret, row.instrument_id)) as Record<string, string>,
      }),
    };
  }
}
