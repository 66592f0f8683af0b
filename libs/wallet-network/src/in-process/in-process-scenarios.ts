/** How the in-process network misbehaves for one amount. */
export type Scenario =
  | 'processed'
  | 'declined'
  | 'not_submitted_twice'
  | 'pending_then_processed'
  | 'executed_answer_lost'
  | 'request_lost'
  | 'hangs'
  | 'other_amount'
  | 'pending_until_released'
  | 'executed_then_error'
  | 'never_submitted';

/** The last three digits of the minor amount choose the scenario; all others are processed. */
export const SCENARIO_BY_ENDING: Readonly<Record<string, Scenario>> = {
  '901': 'declined',
  '902': 'not_submitted_twice',
  '903': 'pending_then_processed',
  '904': 'executed_answer_lost',
  '905': 'request_lost',
  '906': 'hangs',
  '907': 'other_amount',
  '908': 'pending_until_released',
  '909': 'executed_then_error',
  '910': 'never_submitted',
};

export function scenarioOf(amountMinor: string): Scenario {
  return SCENARIO_BY_ENDING[amountMinor.slice(-3)] ?? 'processed';
}
