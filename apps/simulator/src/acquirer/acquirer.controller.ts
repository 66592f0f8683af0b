import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { react } from '../faults/reaction';
import { SimulatorConfig } from '../simulator.config';
import { objectIn, type JsonObject } from '../wire/fields';
import { notSimulated, unauthorised } from './acquirer-errors';
import { AcquirerDesk } from './acquirer-desk';
import type { AcquirerOperation } from './acquirer.network';
import { kindOf } from './payment-request';

const ACTIONS: ReadonlyMap<string, AcquirerOperation> = new Map([
  ['captures', 'capture'],
  ['voids', 'void'],
  ['refunds', 'refund'],
  ['reversals', 'reverse'],
]);

/** The acquirer's HTTP API, with paths and headers as its official client speaks them. */
@Controller('acquirer')
export class AcquirerController {
  constructor(
    private readonly desk: AcquirerDesk,
    private readonly config: SimulatorConfig,
  ) {}

  @Post('tokens')
  async token(
    @Headers('authorization') auth: string,
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, this.config.acquirerPublicKey, 'token', { body: objectIn(body) });
  }

  @Post('payments')
  async pay(
    @Headers('authorization') auth: string,
    @Headers('cko-idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const payment = objectIn(body);
    const kind = kindOf(payment);
    await this.money(reply, auth, kind === 'purchase' ? 'authorize' : kind, { body: payment, key });
  }

  @Post('payments/:id/:action')
  async act(
    @Headers('authorization') auth: string,
    @Headers('cko-idempotency-key') key: string | undefined,
    @Param() path: { id: string; action: string },
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const operation = ACTIONS.get(path.action);
    if (operation !== undefined)
      return this.money(reply, auth, operation, { body: objectIn(body), key, payment_id: path.id });
    await react(reply, this.isKnown(auth, this.config.acquirerSecretKey) ? notSimulated('action') : unauthorised());
  }

  @Get('payments')
  async search(
    @Headers('authorization') auth: string,
    @Query() query: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.money(reply, auth, 'enquire', { query });
  }

  @Get('payments/:id')
  async one(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.money(reply, auth, 'enquire', { payment_id: id });
  }

  @Get('payments/:id/actions')
  async actions(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.money(reply, auth, 'enquire', { payment_id: id, actions: true });
  }

  @Post('metadata/card')
  async metadata(
    @Headers('authorization') auth: string,
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.money(reply, auth, 'metadata', { body: objectIn(body) });
  }

  private money(reply: FastifyReply, auth: string, operation: AcquirerOperation, request: JsonObject): Promise<void> {
    return this.serve(reply, auth, this.config.acquirerSecretKey, operation, request);
  }

  private async serve(
    reply: FastifyReply,
    auth: string | undefined,
    expected: string,
    operation: AcquirerOperation,
    request: JsonObject,
  ): Promise<void> {
    await react(reply, this.isKnown(auth, expected) ? await this.desk.serve(operation, request) : unauthorised());
  }

  /** Keys of either platform: with `Bearer` before them, and without. */
  private isKnown(auth: string | undefined, expected: string): boolean {
    return auth === expected || auth === `Bearer ${expected}`;
  }
}
