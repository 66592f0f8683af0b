import { createHash } from 'node:crypto';
import { invalidInstrument } from '@gateway/wallet-network';

/** Characters. Order numbers and the like: Apple carries only their hash. */
const LONGEST = 4_096;

/**
 * SHA-256 of the application data that a partner made its payment request with, which is what the token carries of it;
 * null where the request was made without (Apple: payment token format reference, step 6).
 * @throws IntakeRefused
 */
export function applicationDataHash(value: unknown): Buffer | null {
  if (value === undefined) return null;
  const bytes = typeof value === 'string' && value.length <= LONGEST ? Buffer.from(value, 'base64') : null;
  // Decoding is lenient; another spelling of other bytes must not pass for these.
  if (bytes === null || bytes.length === 0 || bytes.toString('base64') !== value)
    throw invalidInstrument(
      'application_data',
      `Give the applicationData of the payment request as base64, ${LONGEST} characters at most, or leave it out.`,
    );
  return createHash('sha256').update(bytes).digest();
}
