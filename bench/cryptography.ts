import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompactSign, compactVerify, generateKeyPair } from 'jose';
import { Sealer, SystemClock, SystemRandom } from '@gateway/platform';
import { AmsSigner, AmsVerifier, type AmsMessage } from '../apps/china-wallet/src/ams/ams-signature';
import { TokenVerifier } from '../apps/us-wallet/src/apple-pay/token-verifier';
import { anchorOf, makeChain, makeToken } from '../apps/us-wallet/testing';

/** What one operation of the wire's cryptography costs. */
export interface CryptographyFigure {
  readonly operation: string;
  /** CPU of the whole process, worker threads included. */
  readonly cpuUs: number;
  /** CPU of the thread that runs the event loop: so long nothing else is answered. */
  readonly loopUs: number;
  /** Whether it is computed in a worker thread. */
  readonly offLoop: boolean;
}

interface Operation {
  readonly operation: string;
  readonly run: () => unknown;
}

const WARM_UP = 1_000;
const MEASURED = 2_000;
/** Operations under way at once, as requests come; only those that leave the event loop overlap. */
const TOGETHER = 20;
const TOKENS = 50;
const CLIENT = '5Y00000000000001';
/** As long as a payment request to Alipay+ and as an offer are. */
const BODY = JSON.stringify({ text: 'x'.repeat(800) });
const CLAIMS = Buffer.from(JSON.stringify({ text: 'x'.repeat(600) }));

/** Measures, with the services' own code, every signature that a payment makes or meets on its way. */
export async function measureCryptography(): Promise<CryptographyFigure[]> {
  const operations = [...(await paymentTokens()), ...(await rsaMessages()), ...(await offers()), ...secrets()];
  const figures: CryptographyFigure[] = [];
  for (const operation of operations) figures.push(await measure(operation));
  return figures;
}

async function paymentTokens(): Promise<Operation[]> {
  const chain = await makeChain();
  const publicKeyHash = randomBytes(32).toString('base64');
  const verifier = new TokenVerifier({
    anchor: anchorOf(chain),
    keys: [{ publicKeyHash }],
    clock: new SystemClock(),
  });
  const tokens: unknown[] = [];
  while (tokens.length < TOKENS) tokens.push(await makeToken({ chain, signingTime: new Date(), publicKeyHash }));
  let next = 0;
  return [{ operation: 'payment token verified (EC_v1)', run: () => verifier.verify(tokens[next++ % TOKENS]) }];
}

async function rsaMessages(): Promise<Operation[]> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const signer = new AmsSigner(privateKey, 1);
  const verifier = new AmsVerifier({ '1': publicKey });
  const time = new Date().toISOString();
  const message: AmsMessage = { method: 'POST', path: '/ams/api/v1/payments/pay', clientId: CLIENT, time, body: BODY };
  const header = await signer.header(message);
  return [
    { operation: 'request signed (RSA-2048)', run: () => signer.header(message) },
    { operation: 'answer or notification verified (RSA-2048)', run: () => verifier.accepts(message, header) },
  ];
}

async function offers(): Promise<Operation[]> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const sign = (): Promise<string> =>
    new CompactSign(CLAIMS).setProtectedHeader({ alg: 'EdDSA', kid: 'bench' }).sign(privateKey);
  const offer = await sign();
  return [
    { operation: 'offer signed (Ed25519)', run: sign },
    {
      operation: 'offer verified (Ed25519)',
      run: () => compactVerify(offer, publicKey, { algorithms: ['EdDSA'] }),
    },
  ];
}

function secrets(): Operation[] {
  const sealer = new Sealer(randomBytes(32).toString('base64'), new SystemRandom());
  const sealed = sealer.seal(BODY, 'bench');
  return [
    { operation: 'secret sealed (AES-256-GCM)', run: () => sealer.seal(BODY, 'bench') },
    { operation: 'secret opened (AES-256-GCM)', run: () => sealer.open(sealed, 'bench') },
  ];
}

async function measure({ operation, run }: Operation): Promise<CryptographyFigure> {
  await repeat(run, WARM_UP);
  const before = process.cpuUsage();
  const loopBefore = loopThreadUs();
  await repeat(run, MEASURED);
  const loopUs = loopThreadUs() - loopBefore;
  const { user, system } = process.cpuUsage(before);
  const offLoop = run() instanceof Promise;
  return { operation, cpuUs: (user + system) / MEASURED, loopUs: loopUs / MEASURED, offLoop };
}

async function repeat(run: () => unknown, times: number): Promise<void> {
  for (let done = 0; done < times; done += TOGETHER) await Promise.all(Array.from({ length: TOGETHER }, run));
}

/** CPU of this process's first thread; the scheduler counts it in nanoseconds. */
function loopThreadUs(): number {
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1_000;
}
