import type { EnquiryPlan, NetworkDescription, OperationRules } from '../description';
import type { Standing } from './standing';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** ENQUIRY_PROFILE=short: plans and call deadlines are divided by this, within the bounds. */
export const SHORT_PROFILE_FACTOR = 10;
const SHORTEST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10 * SECOND_MS;
/**
 * Two cores that run everything answer late, and a late answer that is not waited for makes enquiries, which make all
 * others later: with 1.5 s a run could spend itself on them and pay hardly anybody.
 */
const SHORTEST_CALL_MS = 5_000;
/** A plan must bear a network that is away for as long as a database takes to come back. */
const SHORTEST_PLAN_MS = 20 * SECOND_MS;

/** After the plan a person is asked; the runtime goes on enquiring this seldom, which moves no money. */
const AFTER_PLAN_DELAY_MS = 15 * MINUTE_MS;
const AFTER_PLAN_ENDS_MS = 30 * DAY_MS;

/** A repeat keeps away from the end of an id's life by a tenth of it, at most an hour. */
const LARGEST_MARGIN_MS = 60 * MINUTE_MS;

const FIRST_BACKOFF_MS = 500;
const LARGEST_BACKOFF_MS = 30 * SECOND_MS;
const UNDO_BACKOFF_MS = 3 * SECOND_MS;
const LARGEST_UNDO_BACKOFF_MS = MINUTE_MS;

/** What decisions know besides the instruction. */
export interface Circumstances {
  nowMs: number;
  rules: OperationRules;
  /** Idempotency life of a release, for the runtime's own undo. */
  undoLifeMs: number;
  /** 1, or `SHORT_PROFILE_FACTOR`. */
  factor: number;
}

/** The description with plans and deadlines of the profile. Idempotency lives are the network's own and stay. */
export function withProfile(description: NetworkDescription, factor: number): NetworkDescription {
  if (factor === 1) return description;
  const operations = Object.fromEntries(
    Object.entries(description.operations).map(([operation, rules]) => [operation, shortened(rules, factor)]),
  );
  return { ...description, operations };
}

function shortened(rules: OperationRules, factor: number): OperationRules {
  return {
    ...rules,
    callTimeoutMs: Math.max(SHORTEST_CALL_MS, Math.ceil(rules.callTimeoutMs / factor)),
    enquiry: shortenedPlan(rules.enquiry, factor),
    ...(rules.whilePayerActs && { whilePayerActs: shortenedPlan(rules.whilePayerActs, factor) }),
  };
}

function shortenedPlan(plan: EnquiryPlan, factor: number): EnquiryPlan {
  return {
    ...plan,
    delaysMs: plan.delaysMs.map((delay) => shortenedDelayMs(delay, factor)),
    giveUpAfterMs: Math.max(Math.min(SHORTEST_PLAN_MS, plan.giveUpAfterMs), Math.ceil(plan.giveUpAfterMs / factor)),
  };
}

function shortenedDelayMs(delayMs: number, factor: number): number {
  return Math.min(LONGEST_DELAY_MS, Math.max(SHORTEST_DELAY_MS, Math.ceil(delayMs / factor)));
}

/** The plan that an instruction is asked about by: that of its product. */
export function planOf(standing: Pick<Standing, 'payerAction'>, rules: OperationRules): EnquiryPlan {
  return standing.payerAction === undefined ? rules.enquiry : (rules.whilePayerActs ?? rules.enquiry);
}

/** Whether an id first sent then is still kept by the network, with the margin. */
export function isWithinLife(firstSentMs: number | null, lifeMs: number, nowMs: number): boolean {
  const margin = Math.min(lifeMs / 10, LARGEST_MARGIN_MS);
  return firstSentMs === null || nowMs < firstSentMs + lifeMs - margin;
}

/** When to ask again, or null where the plan has ended. The last enquiry is made at the plan's end. */
export function nextEnquiryMs(standing: Standing, enquiries: number, at: Circumstances): number | null {
  const { delaysMs, giveUpAfterMs } = planOf(standing, at.rules);
  const endMs = (standing.planStartMs ?? at.nowMs) + giveUpAfterMs;
  if (at.nowMs >= endMs) return null;
  const delay = delaysMs[Math.min(enquiries, delaysMs.length - 1)] ?? giveUpAfterMs;
  return Math.min(at.nowMs + delay, endMs);
}

/** When to ask once more after the plan's end, or null after a month: then only a person's own look helps. */
export function afterPlanMs(standing: Standing, at: Circumstances): number | null {
  const startMs = standing.planStartMs ?? at.nowMs;
  return at.nowMs >= startMs + AFTER_PLAN_ENDS_MS ? null : at.nowMs + Math.ceil(AFTER_PLAN_DELAY_MS / at.factor);
}

/** When to look again whether a processed credit came back, after an enquiry that said nothing: the plan's waits, no end. */
export function nextLookMs({ enquiries }: Pick<Standing, 'enquiries'>, at: Circumstances): number {
  const { delaysMs, giveUpAfterMs } = at.rules.enquiry;
  return at.nowMs + (delaysMs[Math.min(enquiries, delaysMs.length - 1)] ?? giveUpAfterMs);
}

/** Wait before the same request with the same id leaves again after it certainly had not left. */
export function repeatBackoffMs(attempt: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** Math.max(0, attempt - 1), LARGEST_BACKOFF_MS);
}

/** Wait before an undo is tried again. */
export function undoBackoffMs(tries: number, factor: number): number {
  const wait = Math.min(UNDO_BACKOFF_MS * 2 ** Math.max(0, tries - 1), LARGEST_UNDO_BACKOFF_MS);
  return Math.max(SHORTEST_DELAY_MS, Math.ceil(wait / factor));
}
