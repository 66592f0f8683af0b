/** What people of the gateway's operator are. A person may have several roles; nobody has all by default. */
export const ROLES = ['support', 'engineer', 'settlement', 'compliance', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A named person, as their verified token says. */
export interface Operator {
  /** The issuer's subject: stable, no name, goes into the audit. */
  id: string;
  roles: readonly Role[];
}

/** A person as the audit names who acted: by id, never by name. */
export function actorOf({ id }: Operator): string {
  return `operator:${id}`;
}
