import { defineContract, idSchema, instantSchema, type Contract } from './contract';

/**
 * One audit record: what one transaction of a service did to one payment (or other subject). No personal or card data.
 * Streams are (service, bucket); the bucket is the payment's partition; `sequence` has no gaps within a stream.
 */
export interface AuditRecord {
  service: string;
  bucket: number;
  sequence: number;
  subject_id: string;
  partner_id?: string;
  /** `service:<name>`, `partner:<id>` or `operator:<id>`. */
  actor: string;
  actions: { action: string; detail?: Record<string, string | number | boolean | null> }[];
  at: string;
}

/** `audit.<service>.v1`. Writer: that service. Key: `<service>-<bucket>`, partition: the bucket. */
export function auditOf(service: string): Contract<AuditRecord> {
  return defineContract<AuditRecord>({
    topic: `audit.${service}.v1`,
    kind: 'history',
    writer: service,
    retentionMs: -1,
    schema: {
      type: 'object',
      required: ['service', 'bucket', 'sequence', 'subject_id', 'actor', 'actions', 'at'],
      properties: {
        service: { const: service },
        bucket: { type: 'integer', minimum: 0, maximum: 5 },
        sequence: { type: 'integer', minimum: 1 },
        subject_id: idSchema,
        partner_id: idSchema,
        actor: { type: 'string', maxLength: 96 },
        actions: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['action'],
            properties: { action: { type: 'string', maxLength: 64 }, detail: { type: 'object' } },
          },
        },
        at: instantSchema,
      },
    },
    examples: [
      {
        service,
        bucket: 0,
        sequence: 1,
        subject_id: 'pay_01K0EXAMPLE0000000000000000',
        partner_id: 'prt_demo',
        actor: `service:${service}`,
        actions: [{ action: 'payment.created', detail: { to: 'SCREENING' } }],
        at: '2026-11-25T10:00:00.000Z',
      },
    ],
    keyOf: (record) => `${record.service}-${record.bucket}`,
  });
}
