import { jsonAnswer, type Answer } from '../faults/reaction';

/** A refusal of a request as such; the acquirer keeps nothing of it. */
export function invalid(...codes: string[]): Answer {
  return jsonAnswer(422, { error_type: 'request_invalid', error_codes: codes });
}

export function unauthorised(): Answer {
  return jsonAnswer(401, {});
}

export function notFound(): Answer {
  return jsonAnswer(404, {});
}

/** Something that the acquirer has and nobody plays here. */
export function notSimulated(what: string): Answer {
  return jsonAnswer(404, { error_type: 'not_simulated', error_codes: [`${what}_not_simulated`] });
}

/** The payment's state does not allow it. */
export function notAllowed(...codes: string[]): Answer {
  return jsonAnswer(403, { error_type: 'invalid_request', error_codes: codes });
}

/** The acquirer's front cannot reach its back: the outcome is not known. */
export function badGateway(): Answer {
  return jsonAnswer(502, {});
}
