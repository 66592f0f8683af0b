const instant = (description: string): object => ({ type: 'string', format: 'date-time', description });

/** What `GET /v1/payments/{id}` answers beside what was ordered: the part of it that changes, for the OpenAPI document. */
export const paymentViewSchema = {
  type: 'object',
  required: ['id', 'object', 'status'],
  properties: {
    id: { type: 'string' },
    object: { const: 'payment' },
    status: { enum: ['processing', 'requires_action', 'completed', 'declined', 'canceled', 'failed'] },
    outcome: { const: 'unknown', description: 'A network has not said yet what became of a step: wait.' },
    next_update_at: instant('With `outcome`: it is asked about again by then, and nothing is to be done before.'),
    voidable_until: instant('The hold can be let go until then: nothing on the statement. Absent once that is over.'),
    cancelable_until: instant(
      'The collection can be cancelled or reversed at its network until then, as if it had not been. Absent once that is over.',
    ),
    refundable_until: instant('What was taken can be paid back until then.'),
    failure: {
      type: 'object',
      required: ['code', 'detail'],
      properties: {
        code: { type: 'string' },
        class: {
          enum: ['soft', 'hard'],
          description: 'soft: may pass another day or with another amount; hard: never with this instrument.',
        },
        detail: { type: 'string' },
      },
    },
    credited_late: {
      const: true,
      description: 'The payment had ended without a credit, and the payee proves to have the money.',
    },
  },
} as const;
