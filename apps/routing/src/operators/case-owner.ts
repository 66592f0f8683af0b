import type { Role } from './roles';

/** Who works the cases that are not settlement's own: the others are about money that two books see differently. */
const OWNERS: Readonly<Record<string, Role>> = {
  sanctions_hit: 'compliance',
  screening_too_late: 'compliance',
  unknown_payment: 'engineer',
  unknown_instruction: 'engineer',
  unknown_refund: 'engineer',
  unknown_return: 'engineer',
};

/** Every case has an owner from the moment it is opened. */
export function ownerOf(kind: string): Role {
  return Object.hasOwn(OWNERS, kind) ? (OWNERS[kind] ?? 'settlement') : 'settlement';
}

/** The kinds that a role has as its own. */
export function kindsOf(role: Role): string[] {
  return Object.keys(OWNERS).filter((kind) => OWNERS[kind] === role);
}
