import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SettingsStore } from '../outbound/settings.store';
import { SimulatorConfig } from '../simulator.config';
import { parseObject, textAt } from '../wire/fields';
import { merchantIdHash } from './merchant';
import { SessionKeyStore } from './session-keys';

const PATH = '/paymentservices/startSession';
const LONGEST_QUESTION = 8_192;
const LIFE_MS = 3_600_000;
/** Answered as an unregistered domain is. */
const UNREGISTERED = 'unregistered.example';

interface Answer {
  readonly status: number;
  readonly body: object;
}

const refused = (status: number, statusMessage: string): Answer => ({ status, body: { statusMessage } });
const BAD_REQUEST = refused(400, 'Bad Request');
const UNAUTHORISED = refused(401, 'Unauthorized');
const NOT_FOUND = refused(404, 'Not Found');
const NOT_REGISTERED = refused(417, 'Domain is not registered');

/**
 * Plays the wallet maker's merchant validation: HTTPS on a port of its own, open only to merchant identity certificates of
 * the simulated authority. A session looks like a real one; nobody checks its signature.
 */
@Injectable()
export class SessionEndpoint implements OnModuleInit, OnModuleDestroy {
  private server: Server | undefined;

  constructor(
    private readonly keys: SessionKeyStore,
    private readonly settings: SettingsStore,
    private readonly config: SimulatorConfig,
  ) {}

  /** What a browser is told by the event `onvalidatemerchant`. */
  get validationUrl(): string {
    const { port } = this.server?.address() as AddressInfo;
    return `https://${this.config.sessionHost}:${port}${PATH}`;
  }

  async onModuleInit(): Promise<void> {
    const { authority, server } = await this.keys.get();
    const options = { cert: server.certificate, key: server.private_key, ca: authority, requestCert: true };
    const listening = createServer({ ...options, rejectUnauthorized: true }, (request, response) => {
      void this.serve(request, response);
    });
    this.server = listening;
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject).listen(0, process.env['LISTEN_HOST'] ?? '127.0.0.1', resolve);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request).catch(() => BAD_REQUEST);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const question = await readBody(request);
    if (request.method !== 'POST' || request.url !== PATH) return NOT_FOUND;
    const merchant = textAt(question, 'merchantIdentifier');
    if (merchant === undefined || merchant !== holderOf(request)) return UNAUTHORISED;
    const domain = textAt(question, 'initiativeContext');
    if (textAt(question, 'initiative') !== 'web' || domain === undefined) return BAD_REQUEST;
    if (domain === UNREGISTERED) return NOT_REGISTERED;
    return { status: 200, body: await this.session(merchant, domain, textAt(question, 'displayName') ?? '') };
  }

  private async session(merchant: string, domainName: string, displayName: string): Promise<object> {
    const epochTimestamp = (await this.settings.now()).getTime();
    const merchantIdentifier = merchantIdHash(merchant).toString('hex').toUpperCase();
    const id = `SSH${randomBytes(16).toString('hex').toUpperCase()}_${merchantIdentifier}`;
    return {
      epochTimestamp,
      expiresAt: epochTimestamp + LIFE_MS,
      merchantSessionIdentifier: id,
      nonce: randomBytes(4).toString('hex'),
      merchantIdentifier,
      domainName,
      displayName,
      signature: randomBytes(64).toString('hex'),
      operationalAnalyticsIdentifier: `${displayName}:${merchantIdentifier}`,
      retries: 0,
      pspId: createHash('sha256').update(merchant).digest('hex').toUpperCase(),
    };
  }
}

/** The merchant that the client's certificate names. */
function holderOf(request: IncomingMessage): string | undefined {
  const subject = (request.socket as TLSSocket).getPeerCertificate().subject as unknown as Record<string, string>;
  return subject['UID'];
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > LONGEST_QUESTION) throw new Error('too long');
  }
  return parseObject(text);
}
