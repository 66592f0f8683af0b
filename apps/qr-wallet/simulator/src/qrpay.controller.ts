import { Controller, Get, Injectable, Param, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Notifier } from './notifier';
import { Orders } from './orders';
import { FaultsStore, type Fault } from './outbound/faults.store';
import { KeysStore, publicKeyOf } from './outbound/keys.store';
import { Refunds } from './refunds';
import { refused, staySilent, type Answer } from './reply';
import { answerText, isAuthentic, signedBy } from './signatures';

type Acting = Pick<Fault, 'behaviour' | 'params'> | undefined;
type Request = RawBodyRequest<FastifyRequest>;

/** One request on its way through: what it is about, and what it does in its transaction. */
interface Work {
  readonly operation: 'order' | 'enquire' | 'cancel' | 'refund';
  /** The id that faults are asked for by. */
  readonly reference: string;
  readonly run: (tx: Tx, fault: Acting) => Promise<Answer>;
}

const NOT_EXECUTED: ReadonlySet<string> = new Set(['timeout_without_executing', 'http_500_without_executing', 'busy']);

/** What the API works with. */
@Injectable()
export class QrpayBusiness {
  constructor(
    readonly orders: Orders,
    readonly refunds: Refunds,
    readonly notifier: Notifier,
  ) {}
}

/** QRPay's API. Requests are verified over the raw body; every answer but a failure is signed for its request. */
@Controller('qrpay/v1')
export class QrpayController {
  constructor(
    private readonly database: Database,
    private readonly keys: KeysStore,
    private readonly faults: FaultsStore,
    private readonly business: QrpayBusiness,
  ) {}

  @Post('orders')
  makeOrder(@Req() request: Request, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf(request);
    return this.serve(request, reply, {
      operation: 'order',
      reference: textOf(body.order_id),
      run: (tx, fault) => this.business.orders.make(tx, body, fault),
    });
  }

  @Get('orders/:id')
  readOrder(@Param('id') id: string, @Req() request: Request, @Res() reply: FastifyReply): Promise<void> {
    return this.serve(request, reply, {
      operation: 'enquire',
      reference: id,
      run: (tx) => this.business.orders.read(tx, id),
    });
  }

  @Post('orders/:id/cancel')
  cancelOrder(@Param('id') id: string, @Req() request: Request, @Res() reply: FastifyReply): Promise<void> {
    const { cancel_id: cancelId } = bodyOf(request);
    return this.serve(request, reply, {
      operation: 'cancel',
      reference: textOf(cancelId),
      run: (tx) => this.business.orders.cancel(tx, id, cancelId),
    });
  }

  @Post('refunds')
  makeRefund(@Req() request: Request, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf(request);
    return this.serve(request, reply, {
      operation: 'refund',
      reference: textOf(body.refund_id),
      run: (tx) => this.business.refunds.make(tx, body),
    });
  }

  @Get('refunds/:id')
  readRefund(@Param('id') id: string, @Req() request: Request, @Res() reply: FastifyReply): Promise<void> {
    return this.serve(request, reply, {
      operation: 'enquire',
      reference: id,
      run: (tx) => this.business.refunds.read(tx, id),
    });
  }

  private async serve(request: Request, reply: FastifyReply, work: Work): Promise<void> {
    if (!(await this.isFromMerchant(request))) return unsigned(reply, refused(401, 'SIGNATURE_INVALID'));
    const fault = await this.faults.take(work.operation, work.reference);
    const behaviour = fault?.behaviour ?? '';
    const executes = !NOT_EXECUTED.has(behaviour);
    const answer = executes ? await this.database.transaction((tx) => work.run(tx, fault)) : refused(503, 'BUSY');
    this.business.notifier.kick();
    if (behaviour.startsWith('timeout')) return staySilent(reply);
    if (behaviour.startsWith('http_500')) return unsigned(reply, refused(500, 'INTERNAL'));
    if (behaviour === 'unsigned_answer') return unsigned(reply, answer);
    await this.sign(request, reply, answer);
  }

  private async isFromMerchant(request: Request): Promise<boolean> {
    const { merchant_id, merchant_private_key } = await this.keys.get();
    const [merchant, time, signature] = ['merchant', 'timestamp', 'signature'].map((name) => headerOf(request, name));
    if (merchant !== merchant_id) return false;
    const line = { method: request.method, path: request.url, merchant, time: time ?? '' };
    return isAuthentic(line, request.rawBody ?? Buffer.alloc(0), signature ?? '', publicKeyOf(merchant_private_key));
  }

  private async sign(request: Request, reply: FastifyReply, answer: Answer): Promise<void> {
    const body = JSON.stringify(answer.body);
    const time = new Date().toISOString();
    const text = answerText(answer.status, headerOf(request, 'signature'), time, body);
    const signature = signedBy(await this.keys.signingKey(), text);
    const headers = { 'qrpay-timestamp': time, 'qrpay-signature': signature };
    await reply.status(answer.status).headers(headers).type('application/json').send(body);
  }
}

async function unsigned(reply: FastifyReply, { status, body }: Answer): Promise<void> {
  await reply.status(status).type('application/json').send(JSON.stringify(body));
}

function bodyOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body;
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function headerOf(request: Request, name: string): string {
  const value = request.headers[`qrpay-${name}`];
  return typeof value === 'string' ? value : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
