import type { AskingPlan } from '../domain/backstop';

/** How patiently routing asks again; from the service's configuration. */
export abstract class Asking {
  abstract readonly plan: AskingPlan;
}
