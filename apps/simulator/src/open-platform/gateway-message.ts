import type { KeyObject } from 'node:crypto';
import { jsonAnswer, type Answer } from '../faults/reaction';
import { isSignedBy, signRsa } from '../pki/rsa';
import type { Node } from './transfer';

/** Parameters of a request or notification, query string and form merged. */
export type Parameters = ReadonlyMap<string, string>;

/** The client sends common parameters in the query string and `biz_content` in the form: both count. */
export function mergeParameters(query: string, form: string): Parameters {
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(form)]);
}

/** Sorted `k=v` joined with `&`, raw values, without empty values and without the named ones. */
export function contentToSign(parameters: Parameters, without: readonly string[]): string {
  return [...parameters]
    .filter(([name, value]) => value !== '' && !without.includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** A request is signed over everything but `sign` itself: `sign_type` stays in. */
export function isAuthenticRequest(parameters: Parameters, key: KeyObject): boolean {
  if (parameters.get('sign_type') !== 'RSA2') return false;
  return isSignedBy(contentToSign(parameters, ['sign']), parameters.get('sign') ?? '', key);
}

const METHOD = /^[a-z0-9._]{1,128}$/i;

/** What signs answers and, in certificate mode, names the certificate that verifies them. */
export interface AnswerSigner {
  readonly key: KeyObject;
  readonly certificateNumber?: string;
}

/**
 * The answer: the node's exact text is what is signed. Slashes are escaped as the real gateway does, so that a client
 * which writes the JSON anew before it verifies is found out.
 */
export function signedAnswer(method: string, node: Node, signer: AnswerSigner, broken = false): Answer {
  const text = JSON.stringify(node).replaceAll('/', '\\/');
  const name = METHOD.test(method) ? `${method.replaceAll('.', '_')}_response` : 'error_response';
  const sign = signRsa(broken ? `${text} ` : text, signer.key);
  const certificate = signer.certificateNumber === undefined ? '' : `"alipay_cert_sn":"${signer.certificateNumber}",`;
  const body = `{"${name}":${text},${certificate}"sign":"${sign}"}`;
  return { ...jsonAnswer(200, {}), contentType: 'text/html;charset=utf-8', body };
}
