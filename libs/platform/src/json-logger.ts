import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** Fields that must never be written, wherever they turn up in a logged object. */
const SECRET_FIELDS = [
  'token',
  'authorization',
  'signature',
  'name',
  'secret',
  'password',
  'card',
  'paymentData',
  'identity',
];

/** JSON lines on standard output. Messages are objects with an `event` and ids; never names, tokens or card data. */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(service: string, level = 'info') {
    this.pino = pino({
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)], censor: '[hidden]' },
    });
  }

  log(message: unknown, context?: string): void {
    this.pino.info(this.fields(message, context));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.pino.error(this.fields(message, rest.at(-1)));
  }
  warn(message: unknown, context?: string): void {
    this.pino.warn(this.fields(message, context));
  }
  debug(message: unknown, context?: string): void {
    this.pino.debug(this.fields(message, context));
  }
  verbose(message: unknown, context?: string): void {
    this.pino.trace(this.fields(message, context));
  }

  private fields(message: unknown, context: unknown): object {
    const where = typeof context === 'string' ? { context } : {};
    if (message instanceof Error) return { ...where, event: 'error', error: message.message };
    return typeof message === 'object' && message !== null ? { ...where, ...message } : { ...where, msg: message };
  }
}
